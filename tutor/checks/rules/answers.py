"""The step's questions are answered rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.checks import facts
from tutor.checks.finding import Finding, Layer, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.checks.evidence import Evidence
    from tutor.course.step import Question

PLACE = (Layer.ANSWERS, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Ask the questions in order; after a wrong answer once more, where somebody can be asked.

    An open question is not told beside a wrong answer: there is enough to think about.
    """
    wrong = False
    left_open = []
    for number, question in enumerate(evidence.step.questions, start=1):
        right = facts.right_answers(question, evidence)
        given = evidence.case.ask(question, None)
        while given and not _is_right(given, right):
            again = evidence.case.ask(question, _wrong(question, given))
            if again is None:
                break
            given = again
        if not given:
            left_open.append((number, question))
            continue
        finding = _judge(number, question, given, right)
        wrong = wrong or finding.unmet
        yield finding
    if left_open and not wrong:
        yield _open(len(evidence.step.questions), left_open)


def _open(total: int, left_open: list[tuple[int, Question]]) -> Finding:
    numbers = " and ".join(str(number) for number, _ in left_open)
    number, first = left_open[0]
    which = (
        f"question {number} of {total} is open: {first.ask}"
        if len(left_open) == 1
        else f"the questions {numbers} are open"
    )
    return Finding(
        "answers.given",
        Status.UNMET,
        Layer.ANSWERS,
        which,
        next="`tutor check` asks again; without a terminal give them with `--answer`, once for "
        "each question in order.",
    )


def _is_right(given: str, right: tuple[str, ...]) -> bool:
    return plain(given) in {plain(answer) for answer in right}


def _wrong(question: Question, given: str) -> str:
    """Return what is said of a wrong answer."""
    replies = {plain(answer): reply for answer, reply in question.wrong.items()}
    return replies.get(plain(given), "Look once more; `tutor hint` helps.")


def _judge(number: int, question: Question, given: str, right: tuple[str, ...]) -> Finding:
    if _is_right(given, right):
        return Finding(
            "answers.right",
            Status.MET,
            Layer.ANSWERS,
            f"question {number}: {given.strip()} is right. {question.why}".strip(),
        )
    return Finding(
        "answers.right",
        Status.UNMET,
        Layer.ANSWERS,
        f"question {number}: {given.strip()} is not right",
        next=_wrong(question, given),
    )


def plain(answer: str) -> str:
    """Return an answer without what does not matter: case, quotes, blanks, a final stop."""
    text = " ".join(answer.split()).strip().strip("\"'`").rstrip(".;)").strip()
    return text.removesuffix("(").removesuffix(" (head").casefold()
