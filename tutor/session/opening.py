"""Open a workspace: find it, see that all it needs is alive, finish what a crash left undone."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Literal

from tutor.errors import CannotActError, StateLostError, UsageError
from tutor.session.context import LOCK_SECONDS, Context, workspace_lock
from tutor.session.snapshots import is_pending, is_unfinished
from tutor.state.lock import BusyError
from tutor.workspace.environment.venv import ensure_environment
from tutor.workspace.folder import Workspace, enclosing
from tutor.workspace.identity import CopiedWorkspaceError, read_id
from tutor.workspace.making import UnfinishedWorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ServerUse = Literal["needed", "if running", "removing"]
"""What a command wants of the server. "needed" starts it where it is down. "if running" is for
commands that must work also where it cannot be started: nothing that is broken matters until it is
asked for. "removing" is for taking the workspace away, whatever is left of it.
"""


@contextmanager
def open_context(
    folder: Path,
    *,
    reading: bool = False,
    renewing: bool = False,
    server: ServerUse = "needed",
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Context]:
    """Open the workspace that `folder` lies in, and hold its lock.

    With `reading` no lock is taken, and the last workspace used serves where there is none here.
    With `renewing`, a lost record of the progress is rebuilt. `say` gets a sentence where
    another command has to be waited for. Raises UsageError where there is no workspace,
    CannotActError where its state or server fails.
    """
    removing = server == "removing"
    workspace, notices = _find_remains(folder) if removing else _find(folder, reading=reading)
    with ExitStack() as held:
        lock = held.enter_context(ExitStack())
        alone = _lock(workspace, lock, say, reading=reading)
        context = Context(workspace, renewing=renewing, lock=lock, say=say)
        context.notices += notices
        if not removing:
            context.notices += _repaired_environment(workspace, server)
        if server == "needed":
            held.enter_context(context.server.stay_connected())
            _make_ready(context, alone=alone)
        if not reading and not removing:
            workspace.remember_last()
        yield context


def _lock(
    workspace: Workspace, held: ExitStack, say: Callable[[str], None], *, reading: bool
) -> bool:
    """Take the workspace's lock; for reading only where a crash left something to finish.

    Returns whether this command is alone now. It need not be for reading: where another one has
    the lock, that one finishes what was left.
    """
    if reading and not is_pending(workspace.home):
        return False
    wait = 0 if reading else LOCK_SECONDS
    try:
        held.enter_context(workspace_lock(workspace.home, wait=wait, say=say))
    except BusyError:
        if not reading:
            raise
        return False
    return True


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


def _repaired_environment(workspace: Workspace, server: ServerUse) -> list[str]:
    """Make or repair the workspace's `.venv`; return the notices."""
    try:
        return ensure_environment(workspace.root)
    except CannotActError as error:
        if server == "needed":
            raise
        return [str(error)]


def _make_ready(context: Context, *, alone: bool) -> None:
    """See that the server runs, finish what a crash left, read the progress, follow the port."""
    restarted = context.server.ensure_running()
    context.notices += restarted
    if alone and is_unfinished(context.workspace.home):
        notice = context.snapshots.recover()
        context.notices += [notice] if notice else []
    context.reload()
    if restarted:
        _follow_port(context)


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


def way_in_from_anywhere(root: Path) -> tuple[str, ...]:
    """Return what to type in a new terminal, in the learner's shell, to work in a workspace."""
    from tutor.workspace.environment import shell  # noqa: PLC0415 - as above

    family = shell.detect_shell()
    elsewhere = root / ".venv"  # so that the path to the workspace is a whole one
    return (
        shell.change_folder_command(root, elsewhere, family),
        shell.activation_command(root, root, family),
    )


def _follow_port(context: Context) -> None:
    """Write the server's port into .env, where another program took the one it had."""
    files = context.workspace.managed_files()
    followed = context.with_present_port(files, context.progress)
    if followed != files:
        context.workspace.write(followed)
        context.notices.append("Your .env has the new port.")
