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
    from tutor.cli.work import open_session

    with open_session(reading=True) as session:
        steps = session.steps()
    if not as_json:
        draw_steps(screen(), steps)
        return
    progress = {"done": sum(step.done for step in steps), "total": len(steps)}
    listing = {"steps": [asdict(step) for step in steps], "progress": progress}
    sys.stdout.write(json.dumps(listing, indent=1) + "\n")
