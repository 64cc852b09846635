"""The step's questions are answered rightly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.judge.evidence import facts
from tutor.judge.verdict import Finding, Layer, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course.step import Question
    from tutor.judge.evidence.evidence import Evidence

PLACE = (Layer.ANSWERS, 10)

_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_ID = r"[0-9a-f]{12}"
_SHORT_ID = r"\b[0-9a-f]{4,12}\b"


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Ask the questions in order; after a wrong answer once more, where somebody can be asked.

    An open question is not told beside a wrong answer: there is enough to think about.
    """
    wrong = False
    left_open = []
    for number, question in enumerate(evidence.step.questions, start=1):
        right = facts.right_answers(question, evidence)
        given = evidence.case.ask(question, None)
        while given and not _is_right(question, given, right):
            again = evidence.case.ask(question, _reply(question, given) or "Look once more.")
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
    *others, last = [str(number) for number, _ in left_open]
    numbers = f"{', '.join(others)} and {last}"
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


def _is_right(question: Question, given: str, right: tuple[str, ...]) -> bool:
    """Whether an answer is right in the learner's own words: "6 rows" for 6, a short id."""
    said = plain(given)
    texts = [question.choices[letter] for letter in right if letter in question.choices]
    wanted = {plain(answer) for answer in (*right, *texts)}
    return said in wanted or any(_says(said, answer) for answer in wanted)


def _says(said: str, answer: str) -> bool:
    """Whether a text holds just this number, or as much of this revision's id as Alembic needs."""
    if answer.isdecimal():
        words = [str(_NUMBERS.index(word)) if word in _NUMBERS else word for word in said.split()]
        return [word for word in words if word.isdecimal()] == [answer]
    if not re.fullmatch(_ID, answer):
        return False
    ids = re.findall(_SHORT_ID, said)
    return bool(ids) and all(answer.startswith(found) for found in ids)


def _reply(question: Question, given: str) -> str | None:
    """Return what the lesson says of a wrong answer."""
    replies = {plain(answer): reply for answer, reply in question.wrong.items()}
    return replies.get(plain(given))


def _judge(number: int, question: Question, given: str, right: tuple[str, ...]) -> Finding:
    if _is_right(question, given, right):
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
        next=_reply(question, given) or "Look once more; `tutor hint` helps.",
    )


def plain(answer: str) -> str:
    """Return an answer without what does not matter: case, quotes, blanks, a final stop."""
    text = " ".join(answer.split()).strip("\"'`").lstrip("(").rstrip(".,;)").strip()
    text = re.sub(r"^(the )?(index|constraint|table|column|revision) ", "", text)
    return text.removesuffix("(").removesuffix(" (head").casefold()
