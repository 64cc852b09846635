"""What several verbs share: a step's id, --yes, --json, and the question before a change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tutor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def _known_step(
    _context: click.Context, _parameter: click.Parameter, step_id: str | None
) -> str | None:
    """Return a step's id as it is. Raises UsageError for an unknown one."""
    if step_id is not None:
        from tutor.course import Course

        Course().part_of(step_id)
    return step_id


def _complete_step(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the steps whose ids begin with what was typed, with their titles."""
    from click.shell_completion import CompletionItem

    from tutor.course import Course

    course = Course()
    return [
        CompletionItem(step_id, help=course.step(step_id).title)
        for step_id in course.step_ids
        if step_id.startswith(incomplete)
    ]


def step_argument(*, required: bool) -> Callable[[_Command], _Command]:
    """Return the decorator for STEP: checked against the course, and completed by the shell."""
    return click.argument(
        "step", required=required, callback=_known_step, shell_complete=_complete_step
    )


yes_option = click.option("--yes", "-y", is_flag=True, help="Do it without asking.")


def at_terminal() -> bool:
    """Return whether somebody is there who sees a question and can answer it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def confirm(what: str, *, yes: bool) -> bool:
    """Say what will happen and ask whether to go on.

    Raises UsageError where nobody can be asked: nothing ever waits for input without a terminal.
    """
    if yes:
        return True
    if not at_terminal():
        raise UsageError(
            "This asks before it changes anything, and there is no terminal to ask in; "
            "nothing was changed.",
            "Add `--yes` to do it without asking.",
        )
    from tutor.cli.show import draw_sentences, screen

    console = screen()
    draw_sentences(console, [what])
    try:
        answer = input("Go on? [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() in {"y", "yes"}:
        return True
    draw_sentences(console, ["Nothing was changed."])
    return False
