"""`tutor start`: make a workspace, with choices."""

from pathlib import Path
from typing import Annotated

import typer

from tutor.cli.options import verb_app

app = verb_app()


@app.command()
def start(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder to make or to use.")
    ] = Path("fastapi-learn"),
    postgres: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="The PostgreSQL to use. Only the embedded server is there so far.",
        ),
    ] = "embedded",
) -> None:
    """Make a workspace in DIR (else ./fastapi-learn), with a running database.

    DIR must be empty or not there yet. `tutor next` inside it shows the first step.
    """
    from tutor.cli.render.screen import draw_notices, draw_sentences, screen
    from tutor.cli.work import current_folder, say, say_way_in
    from tutor.session.make.starting import start_workspace

    target = current_folder() / folder
    with start_workspace(target, postgres=postgres, say=say) as context:
        draw_sentences(screen(), [f"Your workspace is {context.workspace.root}."])
        draw_notices(context.notices)
        draw_sentences(screen(), ["`tutor next` in it shows the step to do now."])
        say_way_in(context, always=True)
