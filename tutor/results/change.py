"""What changed, and what would: `tutor reset`, `goto`, `undo`, `solution`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """What reset, goto, undo or start did. `said` are whole sentences, most important first."""

    step_id: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class FileDiff:
    """A unified diff that leads from the learner's file to the reference."""

    path: str
    diff: str


@dataclass(frozen=True)
class Solution:
    """The reference solution of a step against the learner's files."""

    step_id: str
    diffs: tuple[FileDiff, ...]
    commands: tuple[str, ...]
    answers: tuple[str, ...]
