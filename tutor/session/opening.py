"""Open a workspace: find it, see that all it needs is alive, finish what a crash left undone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tutor.errors import UsageError
from tutor.session.pieces import BusyError, Pieces, locked, wire
from tutor.snapshot import is_pending
from tutor.workspace.folder import Workspace
from tutor.workspace.template import ENV_FILE
from tutor.workspace.venv import ensure_environment

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path


def open_pieces(folder: Path, held: ExitStack, *, reading: bool, renewing: bool = False) -> Pieces:
    """Return the pieces of the workspace that `folder` lies in; `held` keeps its lock.

    `renewing`: see `wire`.
    """
    from tutor.database.embedded import EmbeddedServer  # noqa: PLC0415 - nothing to pay before

    workspace, notices = _find(folder, reading=reading)
    alone = _lock(workspace, held, reading=reading)
    server = EmbeddedServer.load(workspace.home / "server")
    notices += ensure_environment(workspace.root)
    restarted = server.ensure_running()
    notices += restarted
    pieces = wire(workspace, server, alone=alone, renewing=renewing)
    pieces.notices[:0] = notices
    if restarted:
        _follow_port(pieces)
    if not reading:
        workspace.remember_last()
    return pieces


def _lock(workspace: Workspace, held: ExitStack, *, reading: bool) -> bool:
    """Take the workspace's lock; a reading session only where a crash left something to finish.

    Returns whether this command is alone now. It need not be for reading: where another one has
    the lock, that one finishes what was left.
    """
    if not reading:
        held.enter_context(locked(workspace.home))
        return True
    if not is_pending(workspace.home):
        return False
    with suppress(BusyError):
        held.enter_context(locked(workspace.home, patience=0))
        return True
    return False


def _find(folder: Path, *, reading: bool) -> tuple[Workspace, list[str]]:
    try:
        return Workspace.find(folder), []
    except UsageError:
        last = Workspace.last_used() if reading else None
        if last is None:
            raise
        return last, [f"No workspace here; this is the last one you used: {last.root}"]


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
