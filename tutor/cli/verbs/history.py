"""`tutor history`: the graph of revisions."""

from tutor.cli.options import verb_app

app = verb_app()


@app.command()
def history() -> None:
    """Draw the graph of your revisions, and where the database is in it."""
    from tutor.cli.render.history import draw_history
    from tutor.cli.render.screen import screen
    from tutor.cli.work import open_here
    from tutor.session.look.history import history as read_history

    with open_here(reading=True) as context:
        draw_history(screen(), read_history(context))
