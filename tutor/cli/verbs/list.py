"""`tutor list`: all steps."""

import json
import sys
from dataclasses import asdict

from tutor.cli.options import AsJson, verb_app

app = verb_app()


@app.command("list")
def list_steps(as_json: AsJson = False) -> None:
    """List all steps: done, to come, and where you are.

    With --json: {"steps": [...], "progress": {"done": ..., "total": ...}}.
    """
    from tutor.cli.render.screen import screen
    from tutor.cli.render.views import draw_steps
    from tutor.cli.work import open_here
    from tutor.session.look.views import steps

    with open_here(reading=True) as context:
        lines = steps(context)
    if not as_json:
        draw_steps(screen(), lines)
        return
    progress = {"done": sum(line.done for line in lines), "total": len(lines)}
    listing = {"steps": [asdict(line) for line in lines], "progress": progress}
    sys.stdout.write(json.dumps(listing, indent=1) + "\n")
