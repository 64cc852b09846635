"""Run a command of the course on a copy of the live database, with the learner's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.values.command import CommandResult
from tutor.workbench import read_command
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from tutor.course import CommandGoal
    from tutor.workspace.code.runner import Runner


def run_command(goal: CommandGoal, runner: Runner) -> CommandResult:
    """Return how `python -m alembic …` went on the runner's copy.

    Raises ValueError for any other command: the course cannot ask for it.
    """
    command = read_command(goal.run)
    if command.kind != "alembic":
        raise ValueError(f"a step cannot ask for this command: {goal.run}")
    try:
        output = runner.alembic(*command.arguments)
    except LearnerCodeError as error:
        return CommandResult(goal, error.output, error)
    return CommandResult(goal, output.text, None)
