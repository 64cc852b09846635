"""The step's questions are answered rightly."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet
from tutor.judge.questions.ask import ask_questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.values.answers import Answered

FOR = {Requirement.ANSWERS}
ORDER = (Layer.ANSWERS, 10)

_REPEATED = 80
"""Characters of an answer that a finding repeats."""


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
            told = f"question {answered.number}: {_shown(answered.given)} is right."
            yield met("answers.right", f"{told} {answered.question.why}".strip())
        else:
            wrong = True
            yield unmet(
                "answers.right",
                f"question {answered.number}: {_shown(answered.given)} is not right",
                next=f"{answered.reply} `tutor hint` helps.",
            )
    if left_open and not wrong:
        yield _open(evidence, left_open)


def _shown(given: str) -> str:
    """Return an answer as it is repeated: on one line, and not too long."""
    return shorten(given, _REPEATED, placeholder="…")


def _open(evidence: Evidence, left_open: list[Answered]) -> Finding:
    *others, last = [str(answered.number) for answered in left_open]
    first = left_open[0]
    one = not others
    which = (
        f"question {first.number} of {len(evidence.step.questions)} is open: {first.question.ask}"
        if one
        else f"the questions {', '.join(others)} and {last} are open"
    )
    again = "asks it" if one else "asks them"
    if evidence.case.in_terminal:
        return unmet("answers.given", which, next=f"`tutor check` {again} when you are ready.")
    option = "`--answer`, once" if one else "`--answer`, once for each open question in order"
    return unmet(
        "answers.given",
        which,
        next=f"`tutor check` {again} in a terminal; without one, add {option}.",
    )
