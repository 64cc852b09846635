"""`tutor doctor`: what is well, and the mend for what is not."""

from tutor.cli.options import verb_app

_ILL = 3


app = verb_app()


@app.command()
def doctor() -> int:
    """Look over server, port, role, driver, versions and locks; each with its mend.

    Exit code: 0 nothing is ill, 3 something is.
    """
    from tutor.cli.render.screen import screen
    from tutor.cli.render.views import draw_ailments
    from tutor.cli.work import open_session

    with open_session(reading=True, server="as it is") as session:
        ailments = session.doctor()
    draw_ailments(screen(), ailments)
    return _ILL if any(ailment.state == "ill" for ailment in ailments) else 0
