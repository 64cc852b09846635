"""`tutor next`: the step to do now, and before the first one a workspace to do it in."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.options import verb_app

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tutor.session.context import Context

_FOLDER = "fastapi-learn"


app = verb_app()


@app.command("next")
def next_step() -> None:
    """Show the step to do now; the first time, make a project for it.

    Where there is no workspace here yet, ./fastapi-learn is made: a FastAPI project with a
    running PostgreSQL of its own. Once the current step has passed, the next one is shown.
    """
    from tutor.cli.render.lesson import draw_lesson
    from tutor.cli.render.screen import draw_notices, screen
    from tutor.cli.work import current_folder, say, say_way_in
    from tutor.session.look.lesson import next_lesson
    from tutor.session.opening import open_context
    from tutor.workspace.making import UnfinishedWorkspaceError

    here = current_folder()
    inside = any(_is_workspace(folder) for folder in (here, *here.parents))
    below = here / _FOLDER
    told: list[str] = []
    with ExitStack() as held:
        if inside or _is_workspace(below):
            try:
                context = held.enter_context(open_context(here if inside else below, say=say))
            except UnfinishedWorkspaceError as unfinished:
                context = held.enter_context(_start(unfinished.root))
            told = [] if inside else [f"Your workspace is the folder {_FOLDER}."]
        else:
            context = held.enter_context(_start(below))
        draw_notices([*told, *context.notices])
        draw_lesson(screen(), next_lesson(context))
        say_way_in(context, always=True)


def _start(folder: Path) -> "AbstractContextManager[Context]":
    """Make a workspace. What that needs is imported the first time only."""
    from tutor.cli.work import say
    from tutor.session.make.starting import start_workspace

    return start_workspace(folder, say=say)


def _is_workspace(folder: Path) -> bool:
    from tutor.workspace.making import is_ours

    return is_ours(folder)
