"""`tutor solution`: the reference beside the learner's files."""

from typing import Annotated

import typer

from tutor.cli.options import Yes, confirm, verb_app

app = verb_app()


@app.command()
def solution(
    apply: Annotated[
        bool, typer.Option("--apply", help="Go to the step's end: files and database.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Show the reference solution as a diff against your files.

    With --apply your files and your database become the reference's at the end of this step,
    after a backup: `tutor undo` takes it back.
    """
    from tutor.cli.render.change import draw_change, draw_solution
    from tutor.cli.render.screen import screen
    from tutor.cli.work import open_here, say_way_in
    from tutor.session.change.solution import apply_solution, solution as reference

    with open_here() as context:
        if not apply:
            draw_solution(screen(), reference(context))
            return
        what = (
            "This replaces your files and your database by the reference's at the end of this "
            "step. They are backed up first; `tutor undo` brings them back."
        )
        if confirm(what, yes=yes):
            draw_change(screen(), apply_solution(context))
            say_way_in(context)
