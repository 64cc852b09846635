"""Open the workspace that a verb works on."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.session.context import Context
    from tutor.session.opening import ServerUse


def current_folder() -> Path:
    """Return the current folder. Raises UsageError where it was deleted under the shell."""
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise UsageError(
            "The current folder is no longer there.", "Go to a folder that is (`cd`)."
        ) from error


@contextmanager
def open_here(
    *, reading: bool = False, renewing: bool = False, server: ServerUse = "needed"
) -> Iterator[Context]:
    """Open the workspace around the current folder, and say first what there is to say about it.

    See `open_context` for what the options mean.
    """
    from tutor.cli.render.screen import draw_notices
    from tutor.session.opening import open_context

    with open_context(
        current_folder(), reading=reading, renewing=renewing, server=server, say=say
    ) as context:
        draw_notices(context.notices)
        yield context


def say_way_in(context: Context, *, always: bool = False) -> None:
    """Say last, on stderr, what to type where this shell is not in the workspace's environment.

    Without a terminal it is said only with `always`.
    """
    if not always and not sys.stdout.isatty():
        return
    from tutor.cli.render.screen import draw_commands
    from tutor.session.opening import way_in

    sys.stdout.flush()
    commands = way_in(context.workspace.root, current_folder())
    draw_commands("Type this first, to work in the project:", commands)


def say(sentence: str) -> None:
    """Say on stderr what a long piece of work is doing."""
    from tutor.cli.render.screen import draw_sentences, screen

    draw_sentences(screen(errors=True), [sentence])
