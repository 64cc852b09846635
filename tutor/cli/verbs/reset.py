"""`tutor reset`: back to the start of the current step."""

import click

from tutor.cli.options import confirm, yes_option


@click.command()
@click.option("--rows", is_flag=True, help="Only the database's rows; files and schema stay.")
@yes_option
def command(rows: bool, yes: bool) -> None:
    """Put the current step back to its start: files, schema, rows and version together.

    Everything is backed up first: `tutor undo` brings it back.
    """
    from tutor.cli.show import screen
    from tutor.cli.show_change import draw_change
    from tutor.cli.work import open_session

    with open_session() as session:
        gone = (
            "the database's rows as they were when this step began"
            if rows
            else "your files and your database as they were when this step began"
        )
        what = f"This puts back {gone}. A backup comes first; `tutor undo` brings it back."
        if confirm(what, yes=yes):
            draw_change(screen(), session.reset(rows_only=rows))
