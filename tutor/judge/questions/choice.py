"""Which of a question's choices an answer means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.judge.questions.spelling import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_LETTER = re.compile(
    r"(?:(?:it is|its|the answer is|answer|option|choice|letter) ?:? ?)?\(?([a-z])\)?"
)
_LEAST = 2
"""Words of a choice that tell it from the others."""


def chosen(given: str, choices: Mapping[str, str]) -> str | None:
    """Return the letter of the choice that is meant; None where none is, or several might be.

    A choice may be given by its letter (`b`, `(B)`, `option b`), or in its own words, with the
    letter before them or without. The words may end early: a line that is copied from a screen
    ends where the screen does.
    """
    said = plain(" ".join(given.split()))
    letter = _LETTER.fullmatch(said)
    if letter:
        return letter[1] if letter[1] in choices else None
    meant = [key for key, text in choices.items() if _says(said, key, plain(text))]
    return meant[0] if len(meant) == 1 else None


def _says(said: str, key: str, text: str) -> bool:
    """Whether an answer is a choice's text, or begins as that does."""
    words = re.sub(rf"^\(?{key}[).: ]+", "", said)
    enough = words != said or len(said.split()) >= _LEAST
    return words == text or (enough and bool(re.match(rf"{re.escape(words)}\b", text)))
