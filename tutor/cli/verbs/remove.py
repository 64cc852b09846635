"""`tutor remove`: take everything away."""

from typing import Annotated

import typer

from tutor.cli.options import Yes, confirm, verb_app

app = verb_app()


@app.command()
def remove(
    files: Annotated[
        bool, typer.Option("--files", help="Delete your project's files, too.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Take away the database, the server, the backups and your progress; this has no undo.

    Your project's files stay, unless --files is given.
    """
    from tutor.cli.show import draw_sentences, screen
    from tutor.cli.work import open_session

    with open_session(server="as it is") as session:
        root = session.workspace.root
        what = (
            f"This deletes the database, the server, the backups and the progress of {root}"
            f"{', and the files of the project' if files else '; the files of the project stay'}. "
            "There is no undo."
        )
        if confirm(what, yes=yes):
            draw_sentences(screen(), session.remove(files=files))
