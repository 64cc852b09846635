"""Answers to a step's questions: what is right, and what was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.course import Question


@dataclass(frozen=True)
class Right:
    """The right answers to a question; any of them will do.

    `shown` are lines of a file or of the screen that show one; "…" in them stands for what varies.
    """

    answers: tuple[str, ...]
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answered:
    """One question with its number from 1, and what was answered: "" where nothing was.

    `reply` says something of a wrong answer.
    """

    number: int
    question: Question
    given: str
    right: bool
    reply: str = ""
