"""`tutor undo`: bring back a backup."""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from tutor.cli.options import AsJson, Yes, confirm, verb_app
from tutor.errors import UsageError

app = verb_app()


@app.command()
def undo(
    number: Annotated[
        int | None,
        typer.Argument(metavar="[N]", help="A backup's number; without it, the newest one."),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List the backups, and change nothing.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Bring back what the last reset, goto or applied solution replaced, or any earlier backup.

    What is there now is backed up first: `tutor undo` again takes it back. --json goes with --list.
    """
    from tutor.cli.render.change import draw_backups, draw_change
    from tutor.cli.render.screen import screen
    from tutor.cli.work import open_here, say_way_in
    from tutor.session.change.undo import (
        backups,
        becomes_of_progress,
        described,
        undo as bring_back,
    )

    if as_json and not listed:
        raise UsageError("`--json` lists backups: it goes with `--list`.")
    if listed:
        with open_here(reading=True) as context:
            lines = backups(context)
        if as_json:
            listing = {"backups": [asdict(line) for line in lines]}
            sys.stdout.write(json.dumps(listing, indent=1, default=str) + "\n")
        else:
            draw_backups(screen(), lines)
        return
    with open_here() as context:
        what = (
            f"This brings back files, database and progress of {described(context, number)}. "
            f"{becomes_of_progress(context, number)} What is there now is backed up first."
        )
        if confirm(what, yes=yes):
            draw_change(screen(), bring_back(context, number))
            say_way_in(context)
