"""What `tutor next`, `show` and `hint` show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Lesson:
    """A step's text, ready to be rendered.

    `text` is Markdown with the learner's own names filled in. `news` are sentences about what the
    tutor just did (a server started, rows put back, "a colleague filled in a column"). `to_come` is
    the first step that has not been passed yet, None at the end of the course.
    """

    step_id: str
    title: str
    part_number: int
    part_title: str
    minutes: int
    text: str
    questions: int
    done: int
    total: int
    passed: bool
    to_come: str | None
    workspace: Path
    news: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hint:
    """One hint: its text, its number from 1, and how many there are."""

    number: int
    total: int
    text: str
