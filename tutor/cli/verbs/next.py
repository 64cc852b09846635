"""`tutor next`: the step to do now, and before the first one a workspace to do it in."""

from pathlib import Path

from tutor.cli.options import verb_app

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
    from tutor.session import Session
    from tutor.workspace.making import UnfinishedWorkspaceError

    here = current_folder()
    inside = any(_is_workspace(folder) for folder in (here, *here.parents))
    below = here / _FOLDER
    told: list[str] = []
    if inside or _is_workspace(below):
        try:
            session = Session.open(here if inside else below, say=say)
        except UnfinishedWorkspaceError as unfinished:
            session = Session.start(unfinished.root, say=say)
        told = [] if inside else [f"Your workspace is the folder {_FOLDER}."]
    else:
        session = Session.start(below, say=say)
    with session:
        draw_notices([*told, *session.notices])
        draw_lesson(screen(), session.next())
        say_way_in(session, always=True)


def _is_workspace(folder: Path) -> bool:
    from tutor.workspace.making import is_ours

    return is_ours(folder)
