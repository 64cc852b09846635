"""`tutor status`: where the learner is."""

import json
import sys
from dataclasses import asdict

from tutor.cli.options import AsJson, verb_app

app = verb_app()


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say where you are: step, workspace, server, revision, backups."""
    from tutor.cli.render.screen import screen
    from tutor.cli.render.views import draw_status
    from tutor.cli.work import open_here
    from tutor.session.look.views import where

    with open_here(reading=True) as context:
        place = where(context)
    if as_json:
        sys.stdout.write(json.dumps(asdict(place), indent=1, default=str) + "\n")
    else:
        draw_status(screen(), place)
