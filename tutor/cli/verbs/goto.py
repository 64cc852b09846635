"""`tutor goto`: jump to any step."""

from typing import Annotated

from tutor.cli.options import STEP, Yes, confirm, verb_app

app = verb_app()


@app.command()
def goto(step: Annotated[str, STEP], yes: Yes = False) -> None:
    """Jump to a step: files and database are rebuilt from the references up to there.

    Your own are backed up first: `tutor undo` brings them back.
    """
    from tutor.cli.render.change import draw_change
    from tutor.cli.render.screen import screen
    from tutor.cli.work import open_here, say_way_in
    from tutor.session.change.goto import goto as build_and_go

    with open_here(renewing=True) as context:
        what = (
            f"This rebuilds your files and your database as the references leave them before "
            f"{step}. Your own are backed up first; `tutor undo` brings them back."
        )
        if confirm(what, yes=yes):
            draw_change(screen(), build_and_go(context, step))
            say_way_in(context)
