"""What several verbs share: a step's id, --yes, --json, and the question before a change."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tutor.errors import UsageError


def verb_app() -> typer.Typer:
    """Return an empty app for one verb, with the settings that all have."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _known_step(step_id: str | None) -> str | None:
    """Return a step's id as it is. Raises UsageError for an unknown one."""
    if step_id is not None:
        from tutor.course import Course

        Course().part_of(step_id)
    return step_id


def _complete_step(incomplete: str) -> list[tuple[str, str]]:
    """Return the steps whose ids begin with what was typed, with their titles."""
    from tutor.course import Course

    course = Course()
    return [
        (step_id, course.step(step_id).title)
        for step_id in course.step_ids
        if step_id.startswith(incomplete)
    ]


STEP = typer.Argument(
    metavar="STEP",
    callback=_known_step,
    autocompletion=_complete_step,
    help="A step's number, such as 3.5; `tutor list` shows them all.",
)
"""A step: checked against the course, and completed by the shell."""

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


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
    from tutor.cli.render.screen import draw_sentences, screen

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
