"""`tutor start`: make a workspace, with choices."""

from pathlib import Path

import click

from tutor.errors import UsageError

_EMBEDDED = "embedded"


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default="fastapi-learn")
@click.option(
    "--postgres",
    metavar="KIND",
    default=_EMBEDDED,
    show_default=True,
    help="The PostgreSQL to use. Only the embedded server is there so far.",
)
def command(folder: Path, postgres: str) -> None:
    """Make a workspace in DIR (else ./fastapi-learn), with a running database.

    DIR must be empty or not there yet. `tutor next` inside it shows the first step.
    """
    from tutor.cli.show import draw_notices, draw_sentences, screen
    from tutor.cli.work import current_folder, say
    from tutor.session import Session

    if postgres != _EMBEDDED:
        raise UsageError(
            "Only the embedded PostgreSQL server is there so far.",
            "Leave out `--postgres`: the tutor then brings its own.",
        )
    with Session.start(current_folder() / folder, postgres=postgres, say=say) as session:
        draw_sentences(screen(), [f"Your workspace is {session.workspace.root}."])
        draw_notices(session.notices)
    draw_sentences(screen(), ["Go there (`cd`); `tutor next` shows the first step."])
