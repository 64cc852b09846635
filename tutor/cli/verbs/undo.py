"""`tutor undo`: bring back what was put aside."""

from tutor.cli.options import Yes, confirm, verb_app

app = verb_app()


@app.command()
def undo(yes: Yes = False) -> None:
    """Bring back what the last reset, goto or applied solution put aside.

    It can itself be undone: `tutor undo` again.
    """
    from tutor.cli.render.change import draw_change
    from tutor.cli.render.screen import screen
    from tutor.cli.work import open_session, say_way_in

    with open_session() as session:
        what = (
            f"This brings back the files and the database from before {session.last_change()}, and "
            "puts today's aside: `tutor undo` again exchanges them again."
        )
        if confirm(what, yes=yes):
            draw_change(screen(), session.undo())
            say_way_in(session)
