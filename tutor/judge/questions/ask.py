"""Ask the step's questions, and judge the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.judge.questions.facts import right_answers
from tutor.judge.questions.spelling import is_right, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import Question
    from tutor.judge.evidence.evidence import Evidence


@dataclass(frozen=True)
class Answered:
    """One question with its number from 1, and what was answered: "" where nothing was."""

    number: int
    question: Question
    given: str
    right: bool
    reply: str | None = None
    """What the lesson says of this wrong answer, if anything."""


def ask_questions(evidence: Evidence) -> Iterator[Answered]:
    """Ask in order; after a wrong answer once more, where somebody can be asked."""
    for number, question in enumerate(evidence.step.questions, start=1):
        right = right_answers(question, evidence)
        given = evidence.case.ask(question, None)
        while given and not is_right(question, given, right):
            again = evidence.case.ask(question, _reply(question, given) or "Look once more.")
            if again is None:
                break
            given = again
        if not given:
            yield Answered(number, question, "", right=False)
        else:
            reply = _reply(question, given)
            yield Answered(number, question, given, is_right(question, given, right), reply)


def _reply(question: Question, given: str) -> str | None:
    replies = {plain(answer): reply for answer, reply in question.wrong.items()}
    return replies.get(plain(given))
