"""`tutor remove`: take everything away."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tutor.cli.options import Yes, confirm, verb_app

app = verb_app()


@app.command()
def remove(
    files: Annotated[
        bool, typer.Option("--files", help="Delete your project's files, too.")
    ] = False,
    abandoned: Annotated[
        bool,
        typer.Option(
            "--abandoned", help="Instead: delete what is kept of workspaces whose folder is gone."
        ),
    ] = False,
    yes: Yes = False,
) -> None:
    """Take away the database, the server, the backups and your progress; this has no undo.

    Your project's files stay, unless --files is given.
    """
    from tutor.cli.render.screen import draw_sentences, screen
    from tutor.cli.work import open_here
    from tutor.session.make.removing import remove as take_away

    if abandoned:
        _remove_abandoned(yes=yes)
        return
    with open_here(server="removing") as context:
        root = context.workspace.root
        what = (
            f"This deletes the database, the server, the backups and the progress of {root}"
            f"{', and the files of the project' if files else '; the files of the project stay'}. "
            "There is no undo."
        )
        if confirm(what, yes=yes):
            draw_sentences(
                screen(), [*take_away(context.workspace, files=files), *_left_in_shell()]
            )


def _left_in_shell() -> list[str]:
    """Return what to do where the shell's environment is the one that was taken away."""
    active = os.environ.get("VIRTUAL_ENV")
    if active is None or Path(active).exists():
        return []
    return ["Your shell still looks for programs in its environment: type `deactivate`."]


def _remove_abandoned(*, yes: bool) -> None:
    from tutor.cli.render.screen import draw_sentences, screen
    from tutor.session.make.removing import remove_abandoned
    from tutor.workspace.folder import Workspace

    found = Workspace.abandoned()
    if not found:
        draw_sentences(screen(), ["Every workspace that the tutor knows of is where it was."])
        return
    what = (
        "This deletes the databases, the backups and the progress of workspaces whose folder is "
        f"gone: {', '.join(str(item.root) for item in found)}. There is no undo. Where you only "
        "moved such a folder, run `tutor status` in it first: then it is known again."
    )
    if confirm(what, yes=yes):
        draw_sentences(screen(), [remove_abandoned(item) for item in found])
