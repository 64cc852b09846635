"""Whether an answer, in the learner's own words, says what is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from tutor.course import Question

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - one line
)
_ID = r"[0-9a-f]{12}"
_SHORT_ID = r"\b[0-9a-f]{4,12}\b"


def is_right(question: Question, given: str, right: Collection[str]) -> bool:
    """Whether an answer is right in the learner's own words: "6 rows" for 6, a short id."""
    said = plain(given)
    texts = [question.choices[letter] for letter in right if letter in question.choices]
    wanted = {plain(answer) for answer in (*right, *texts)}
    return said in wanted or any(_says(said, answer) for answer in wanted)


def plain(answer: str) -> str:
    """Return an answer without what does not matter: case, quotes, blanks, a final stop."""
    text = " ".join(answer.split()).strip("\"'`(),;. ")
    text = re.sub(r"^(the )?(index|constraint|table|column|revision) ", "", text)
    return text.removesuffix(" (head").casefold()


def _says(said: str, answer: str) -> bool:
    """Whether a text holds just this number, or as much of this revision's id as Alembic needs."""
    if answer.isdecimal():
        words = [str(_NUMBERS.index(word)) if word in _NUMBERS else word for word in said.split()]
        return [word for word in words if word.isdecimal()] == [answer]
    if not re.fullmatch(_ID, answer):
        return False
    ids = re.findall(_SHORT_ID, said)
    return bool(ids) and all(answer.startswith(found) for found in ids)
