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
    from tutor.cli.work import open_here
    from tutor.session.look.schema_view import schema as read_schema

    with open_here(reading=True) as context:
        draw_schema(screen(), read_schema(context, table))
