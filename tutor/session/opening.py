"""Open a workspace: find it, see that all it needs is alive, finish what a crash left undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tutor.errors import CannotActError, UsageError
from tutor.session.pieces import Pieces, locked
from tutor.snapshot import is_unfinished
from tutor.workspace.folder import Workspace
from tutor.workspace.template import ENV_FILE
from tutor.workspace.venv import ensure_environment

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

ServerUse = Literal["needed", "as it is"]
"""Whether the server is started where it is down. "as it is" is for verbs that must work also where
it cannot be: they take every piece as they find it, and read of the progress only what they need.
"""


def open_pieces(folder: Path, held: ExitStack, *, reading: bool, server: ServerUse) -> Pieces:
    """Return the pieces of the workspace that `folder` lies in; `held` keeps its lock."""
    workspace, notices = _find(folder, reading=reading)
    if not reading:
        held.enter_context(locked(workspace.home))
    pieces = Pieces(workspace)
    pieces.notices += [*notices, *_mended_environment(workspace, server)]
    if server == "needed":
        _make_ready(pieces)
        if not reading and is_unfinished(workspace.home) and pieces.snapshots.recover():
            pieces.reload()
            pieces.notices.append("A change that was interrupted has been finished.")
    if not reading:
        workspace.remember_last()
    return pieces


def way_in(root: Path, here: Path) -> tuple[str, ...]:
    """Return what to type, in the learner's shell, to work in a workspace: a command a line.

    `here` is the shell's current folder. Nothing where it is in the workspace and the environment
    is active.
    """
    from tutor.workspace import shell  # noqa: PLC0415 - the views do not say it

    commands = []
    family = None
    if not here.resolve().is_relative_to(root):
        family = shell.detect_shell()
        commands.append(shell.change_folder_command(root, here, family))
        here = root
    if not shell.is_active(root):
        commands.append(shell.activation_command(root, here, family))
    return tuple(commands)


def _find(folder: Path, *, reading: bool) -> tuple[Workspace, list[str]]:
    try:
        return Workspace.find(folder), []
    except UsageError:
        last = Workspace.last_used() if reading else None
        if last is None:
            raise
        return last, [f"No workspace here; this is the last one you used: {last.root}"]


def _mended_environment(workspace: Workspace, server: ServerUse) -> list[str]:
    """Make or mend the workspace's `.venv`; return the notices."""
    try:
        return ensure_environment(workspace.root)
    except CannotActError as error:
        if server == "needed":
            raise
        return [str(error)]


def _make_ready(pieces: Pieces) -> None:
    """Read the progress, see that the server runs, and let .env follow it to another port."""
    pieces.reload()
    restarted = pieces.server.ensure_running()
    pieces.notices += restarted
    if restarted:
        _follow_port(pieces)


def _follow_port(pieces: Pieces) -> None:
    """Let .env lead to the server's port, where another program took the one it had.

    A step that broke .env on purpose keeps its fault.
    """
    start = pieces.course.step(pieces.progress.current).start
    if start is not None and ENV_FILE in start.files:
        return
    files = pieces.workspace.managed_files()
    followed = pieces.with_present_port(files)
    if followed != files:
        pieces.workspace.write(followed)
        pieces.notices.append("Your .env has the new port.")
