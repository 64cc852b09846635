"""`tutor stop`: stop the server."""

from tutor.cli.options import verb_app

app = verb_app()


@app.command()
def stop() -> None:
    """Stop the database server; the next command that needs it starts it again."""
    from tutor.cli.render.screen import draw_sentences, screen
    from tutor.cli.work import open_here

    with open_here(server="if running") as context:
        stopped = context.server.stop()
    done = "The server is stopped." if stopped else "The server was not running."
    said = f"{done} Any command of the tutor that needs it, such as `tutor check`, starts it again."
    draw_sentences(screen(), [said])
