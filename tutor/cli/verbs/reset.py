"""`tutor reset`: back to the start of the current step."""

from typing import Annotated

import typer

from tutor.cli.options import Yes, confirm, verb_app

app = verb_app()


@app.command()
def reset(
    rows: Annotated[
        bool,
        typer.Option(
            "--rows", help="Only the database: the step's rows, with your revisions run on them."
        ),
    ] = False,
    yes: Yes = False,
) -> None:
    """Put the current step back to its start: files, schema, rows and version together.

    Everything is backed up first: `tutor undo` brings it back.
    """
    from tutor.cli.render.change import draw_change
    from tutor.cli.render.screen import screen
    from tutor.cli.work import open_here, say_way_in
    from tutor.session.change.reset import reset as put_back, reset_rows

    with open_here() as context:
        gone = (
            "the rows with which this step began, and runs your revisions on them anew; your files "
            "stay"
            if rows
            else "your files and your database as they were when this step began"
        )
        what = f"This puts back {gone}. A backup comes first; `tutor undo` brings it back."
        if confirm(what, yes=yes):
            draw_change(screen(), reset_rows(context) if rows else put_back(context))
            say_way_in(context)
