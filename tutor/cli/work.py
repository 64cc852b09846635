"""Open the workspace that a verb works on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import UsageError

if TYPE_CHECKING:
    from tutor.session import Session
    from tutor.session.opening import ServerUse


def current_folder() -> Path:
    """Return the current folder. Raises UsageError where it was deleted under the shell."""
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise UsageError(
            "The current folder is no longer there.", "Go to a folder that is (`cd`)."
        ) from error


def open_session(
    *, reading: bool = False, renewing: bool = False, server: ServerUse = "needed"
) -> Session:
    """Open the workspace around the current folder and say what the session has to say first.

    With `reading`, the last used workspace stands in where there is none here; with `renewing`, a
    lost record of the progress is begun anew. With a server "as it is" or "to go", nothing is
    started.
    """
    from tutor.cli.render.screen import draw_notices
    from tutor.session import Session

    session = Session.open(
        current_folder(), reading=reading, renewing=renewing, server=server, say=say
    )
    draw_notices(session.notices)
    return session


def say_way_in(session: Session, *, always: bool = False) -> None:
    """Say last, on stderr, what to type where this shell is not in the workspace's environment.

    Without a terminal it is said only with `always`.
    """
    if not always and not sys.stdout.isatty():
        return
    from tutor.cli.render.screen import draw_commands

    sys.stdout.flush()
    draw_commands("Type this first, to work in the project:", session.way_in(current_folder()))


def say(sentence: str) -> None:
    """Say on stderr how a long piece of work goes on."""
    from tutor.cli.render.screen import draw_sentences, screen

    draw_sentences(screen(errors=True), [sentence])
