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
    """Ask the questions in order; the first that gets no answer ends the asking.

    An open question is not told beside a wrong answer: there is enough to think about.
    """
    wrong = False
    for number, question in enumerate(evidence.step.questions, start=1):
        right = facts.right_answers(question, evidence)
        given = evidence.case.ask(question)
        if given is None or not given.strip():
            if wrong:
                return
            yield Finding(
                "answers.given",
                Status.UNMET,
                Layer.ANSWERS,
                f"question {number} of {len(evidence.step.questions)} is open: {question.ask}",
                next="Run `tutor check` in a terminal to be asked, or give it with `--answer`, "
                "once for each question in order.",
            )
            return
        finding = _judge(number, question, given, right)
        wrong = wrong or finding.unmet
        yield finding


def _judge(number: int, question: Question, given: str, right: tuple[str, ...]) -> Finding:
    if plain(given) in {plain(answer) for answer in right}:
        return Finding(
            "answers.right",
            Status.MET,
            Layer.ANSWERS,
            f"question {number}: {given.strip()} is right. {question.why}".strip(),
        )
    replies = {plain(answer): reply for answer, reply in question.wrong.items()}
    return Finding(
        "answers.right",
        Status.UNMET,
        Layer.ANSWERS,
        f"question {number}: {given.strip()} is not right",
        next=replies.get(plain(given), "Look once more; `tutor hint` helps."),
    )


def plain(answer: str) -> str:
    """Return an answer without what does not matter: case, quotes, blanks, a final stop."""
    text = " ".join(answer.split()).strip().strip("\"'`").rstrip(".;)").strip()
    return text.removesuffix("(").removesuffix(" (head").casefold()
