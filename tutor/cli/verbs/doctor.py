"""`tutor doctor`: what is in order, and the fix for what is not."""

from typing import Annotated

import typer

from tutor.cli.options import verb_app

_FOUND_ERRORS = 3

app = verb_app()


@app.command()
def doctor(
    fix_env: Annotated[
        bool,
        typer.Option("--fix-env", help="First write the right credentials into .env."),
    ] = False,
) -> int:
    """Look over server, port, role, driver, versions and locks; each with its fix.

    Exit code: 0 no error, 3 at least one.
    """
    from tutor.cli.render.screen import draw_sentences, screen
    from tutor.cli.render.views import draw_diagnostics
    from tutor.cli.work import open_here
    from tutor.session.look.doctor import doctor as look_over, fix_env as write_env

    with open_here(reading=not fix_env, server="if running") as context:
        if fix_env:
            written = write_env(context)
            told = "Your .env leads to your database again." if written else "Your .env was right."
            draw_sentences(screen(), [told])
        diagnostics = look_over(context)
    draw_diagnostics(screen(), diagnostics)
    return _FOUND_ERRORS if any(item.state == "error" for item in diagnostics) else 0
