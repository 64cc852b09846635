"""`tutor schema`: the live schema beside the step's goal."""

from typing import Annotated

import typer

from tutor.cli.options import verb_app

app = verb_app()


@app.command()
def schema(
    table: Annotated[str | None, typer.Argument(help="Only this table.")] = None,
) -> None:
    """Show the live schema beside what the step wants; with TABLE, only that table."""
    from tutor.cli.render.screen import screen
    from tutor.cli.render.views import draw_schema
    from tutor.cli.work import open_session

    with open_session(reading=True) as session:
        draw_schema(screen(), session.schema(table))
