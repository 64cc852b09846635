"""`tutor show`: read a step again."""

from typing import Annotated

from tutor.cli.options import STEP, verb_app

app = verb_app()


@app.command()
def show(step: Annotated[str | None, STEP] = None) -> None:
    """Read a step's text again, such as 3.5; without STEP, the current one's.

    Nothing moves: the current step stays the current one.
    """
    from tutor.cli.render.lesson import draw_lesson
    from tutor.cli.render.screen import screen
    from tutor.cli.work import open_here
    from tutor.session.look.lesson import lesson

    with open_here(reading=True) as context:
        draw_lesson(screen(), lesson(context, step), current=step is None)
