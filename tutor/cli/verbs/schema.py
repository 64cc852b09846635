"""`tutor schema`: the live schema beside the step's goal."""

import click


@click.command()
@click.argument("table", required=False)
def command(table: str | None) -> None:
    """Show the live schema beside what the step wants; with TABLE, only that table."""
    from tutor.cli.show import screen
    from tutor.cli.show_views import draw_schema
    from tutor.cli.work import open_session

    with open_session(reading=True) as session:
        draw_schema(screen(), session.schema(table))
