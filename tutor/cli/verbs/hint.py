"""`tutor hint`: a little more help each time."""

from tutor.cli.options import verb_app

app = verb_app()


@app.command()
def hint() -> None:
    """Say a little more each time, from a nudge to nearly the answer."""
    from tutor.cli.render.lesson import draw_hint
    from tutor.cli.render.screen import screen
    from tutor.cli.work import open_here, say_way_in
    from tutor.session.look.lesson import hint as next_hint

    with open_here() as context:
        draw_hint(screen(), next_hint(context), context.workspace.root)
        say_way_in(context)
