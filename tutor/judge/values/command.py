"""How a command went that was run on a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.course import CommandGoal
    from tutor.workspace.code.error import LearnerCodeError


@dataclass(frozen=True)
class CommandResult:
    """What a command showed, and why it failed, None where it succeeded."""

    goal: CommandGoal
    output: str
    error: LearnerCodeError | None
