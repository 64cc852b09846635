"""Open a workspace: find it, see that all it needs is alive, finish what a crash left undone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from tutor.errors import CannotActError, StateLostError, UsageError
from tutor.session.context import BusyError, Pieces, locked
from tutor.snapshot import is_pending, is_unfinished
from tutor.workspace.environment.venv import ensure_environment
from tutor.workspace.folder import Workspace, enclosing
from tutor.workspace.identity import CopiedWorkspaceError, read_id
from tutor.workspace.making import UnfinishedWorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

ServerUse = Literal["needed", "as it is", "to go"]
"""Whether the server is started where it is down. "as it is" is for verbs that must work also where
it cannot be: they take every piece as they find it, and read of the progress only what they need.
"to go" is for taking it all away, whatever is left of it.
"""


def open_pieces(
    folder: Path,
    held: ExitStack,
    *,
    reading: bool,
    renewing: bool = False,
    server: ServerUse = "needed",
    say: Callable[[str], None],
) -> Pieces:
    """Return the pieces of the workspace that `folder` lies in; `held` keeps its lock.

    With `renewing`, a lost record of the progress is begun anew. `say` gets a sentence where
    another command has to be waited for.
    """
    if server == "to go":
        workspace, notices = _find_remains(folder)
    else:
        workspace, notices = _find(folder, reading=reading)
    alone = _lock(workspace, held, say, reading=reading)
    pieces = Pieces(workspace, renewing=renewing)
    pieces.notices += notices
    if server != "to go":
        pieces.notices += _mended_environment(workspace, server)
    if server == "needed":
        held.enter_context(pieces.server.stay_connected())
        _make_ready(pieces, alone=alone)
    if not reading and server != "to go":
        workspace.remember_last()
    return pieces


def _lock(
    workspace: Workspace, held: ExitStack, say: Callable[[str], None], *, reading: bool
) -> bool:
    """Take the workspace's lock; a reading session only where a crash left something to finish.

    Returns whether this command is alone now. It need not be for reading: where another one has
    the lock, that one finishes what was left.
    """
    if not reading:
        held.enter_context(locked(workspace.home, say=say))
        return True
    if not is_pending(workspace.home):
        return False
    with suppress(BusyError):
        held.enter_context(locked(workspace.home))
        return True
    return False


def way_in(root: Path, here: Path) -> tuple[str, ...]:
    """Return what to type, in the learner's shell, to work in a workspace: a command a line.

    `here` is the shell's current folder. Nothing where it is in the workspace and the environment
    is active.
    """
    from tutor.workspace.environment import shell  # noqa: PLC0415 - the views do not say it

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


def _find_remains(folder: Path) -> tuple[Workspace, list[str]]:
    """Return what there is of a workspace, and what is missing of it.

    A copy comes with an id of its own: nothing of the original's may be taken for its.
    """
    root = enclosing(folder)
    try:
        return Workspace.find(folder), []
    except UnfinishedWorkspaceError as error:
        left = Workspace.unfinished(error.root)
        if left is None:  # another terminal finished it in this instant
            return Workspace.find(folder), []
        return left, [error.message]
    except CopiedWorkspaceError as error:
        return Workspace.planned(error.root), [error.message]
    except StateLostError as error:
        if root is None:
            raise
        return Workspace(root, read_id(root)), [error.message]


def _mended_environment(workspace: Workspace, server: ServerUse) -> list[str]:
    """Make or mend the workspace's `.venv`; return the notices."""
    try:
        return ensure_environment(workspace.root)
    except CannotActError as error:
        if server == "needed":
            raise
        return [str(error)]


def _make_ready(pieces: Pieces, *, alone: bool) -> None:
    """See that the server runs, finish what a crash left, read the progress, follow the port."""
    restarted = pieces.server.ensure_running()
    pieces.notices += restarted
    if alone and is_unfinished(pieces.workspace.home):
        told = pieces.snapshots.recover()
        pieces.notices += [told] if told else []
    pieces.reload()
    if restarted:
        _follow_port(pieces)


def _follow_port(pieces: Pieces) -> None:
    """Let .env lead to the server's port, where another program took the one it had."""
    if pieces.env_has_fault:
        return
    files = pieces.workspace.managed_files()
    followed = pieces.with_present_port(files)
    if followed != files:
        pieces.workspace.write(followed)
        pieces.notices.append("Your .env has the new port.")
