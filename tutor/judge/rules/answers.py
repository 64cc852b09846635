"""The step's questions are answered rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet
from tutor.judge.questions.ask import ask_questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.questions.ask import Answered

FOR = {Requirement.ANSWERS}
ORDER = (Layer.ANSWERS, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each answer.

    An open question is not told beside a wrong answer: there is enough to think about.
    """
    wrong = False
    left_open = []
    for answered in ask_questions(evidence):
        if not answered.given:
            left_open.append(answered)
        elif answered.right:
            told = f"question {answered.number}: {answered.given.strip()} is right."
            yield met("answers.right", f"{told} {answered.question.why}".strip())
        else:
            wrong = True
            yield unmet(
                "answers.right",
                f"question {answered.number}: {answered.given.strip()} is not right",
                next=answered.reply or "Look once more; `tutor hint` helps.",
            )
    if left_open and not wrong:
        yield _open(len(evidence.step.questions), left_open)


def _open(total: int, left_open: list[Answered]) -> Finding:
    *others, last = [str(answered.number) for answered in left_open]
    first = left_open[0]
    which = (
        f"question {first.number} of {total} is open: {first.question.ask}"
        if len(left_open) == 1
        else f"the questions {', '.join(others)} and {last} are open"
    )
    return unmet(
        "answers.given",
        which,
        next="`tutor check` asks again; without a terminal give them with `--answer`, once for "
        "each question in order.",
    )
