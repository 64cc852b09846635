"""Make a workspace, and take one away."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tutor.postgres.providers.embedded.server import EmbeddedServer
from tutor.session.build import build, new_start
from tutor.session.changes import site_of
from tutor.session.context import Pieces, locked, server_folder
from tutor.session.opening import open_pieces
from tutor.state.home import home
from tutor.state.progress import Progress
from tutor.workspace.environment.target import target_of
from tutor.workspace.environment.venv import ensure_environment, remove_environment
from tutor.workspace.folder import Workspace, is_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path


def start_pieces(target: Path, held: ExitStack, say: Callable[[str], None]) -> Pieces:
    """Make a workspace: files, environment, server, migrated and filled database.

    What was made is taken away again where a later stage fails or is interrupted. A copied
    workspace, or one whose state was lost, gets a database of its own.
    """
    if is_workspace(target):
        from tutor.session.adopting import adopt  # noqa: PLC0415 - seldom needed

        return adopt(target, held, say)
    last = Workspace.last_used()
    with locked(home(), say=say):  # two first commands at once
        workspace = _claim(target, held, say)
    if workspace is None:
        return open_pieces(target, held, reading=False, say=say)
    pieces = Pieces(workspace)
    if last is not None:
        pieces.notices.append(f"This is a new workspace. You have another one: {last.root}")
    try:
        pieces.notices += [*_abandoned(), *ensure_environment(workspace.root)]
        say("Starting a PostgreSQL of its own (no Docker needed)")
        workspace.write_env(target_of(EmbeddedServer.create(server_folder(workspace))))
        say("Running the first migration and filling in some rows")
        held.enter_context(pieces.server.stay_connected())
        first = pieces.course.step_ids[0]
        built = build(site_of(pieces), first, workspace.managed_files()[".env"])
        start = new_start(site_of(pieces), built)
        pieces.copies.make_live(built.database, f"tutor_{workspace.id}_aside_0")
        pieces.save(Progress(current=first, begun=True, start=start))
        workspace.adopt()
        workspace.remember_last()
    except BaseException:
        EmbeddedServer.discard(server_folder(workspace))
        # The folder was empty or is new, so this is ours however far it got.
        shutil.rmtree(workspace.root / ".venv", ignore_errors=True)
        workspace.remove(files=True)
        shutil.rmtree(workspace.home, ignore_errors=True)
        raise
    return pieces


def _claim(target: Path, held: ExitStack, say: Callable[[str], None]) -> Workspace | None:
    """Lay the project into the folder; None where another command has just made a workspace of it.

    `held` keeps the workspace's lock: who finds the folder half made waits for it.
    """
    if not _cleared(target, say):
        return None
    say(f"Copying the project to {target}")
    workspace = Workspace.planned(target)
    held.enter_context(locked(workspace.home))
    try:
        workspace.lay()
    except BaseException:
        shutil.rmtree(workspace.home, ignore_errors=True)
        raise
    return workspace


def _cleared(root: Path, say: Callable[[str], None]) -> bool:
    """Take away what a killed start left in a folder, once nobody is at work in it any more.

    False where somebody was, and the folder is a workspace by now.
    """
    left = Workspace.unfinished(root)
    if left is None:
        return not is_workspace(root)
    with locked(left.home, say=say):
        if is_workspace(root):
            return False
        say(f"Clearing away what an interrupted start left in {left.root}")
        EmbeddedServer.discard(server_folder(left))
        shutil.rmtree(left.root / ".venv", ignore_errors=True)
        left.clear_unfinished()
    shutil.rmtree(left.home, ignore_errors=True)
    return True


def _abandoned() -> list[str]:
    return [
        f"The folder of another workspace, {workspace.root}, is not there any more. Its database "
        f"still is: `tutor remove --abandoned` deletes it."
        for workspace in Workspace.abandoned()
        if workspace.root != workspace.home
    ]


def remove_abandoned(workspace: Workspace) -> str:
    """Delete the database and the records of a workspace without a folder; return what was done."""
    with locked(workspace.home):
        EmbeddedServer.discard(server_folder(workspace))
    shutil.rmtree(workspace.home, ignore_errors=True)
    return f"The server, the data and the records of {workspace.root} are gone."


def remove(workspace: Workspace, *, files: bool) -> tuple[str, ...]:
    """Take away the server, its data and the tutor's state; return what was done, in sentences.

    Also where they are damaged, or were never finished. Raises CannotActError, with nothing taken
    away, where the folder cannot be written to.
    """
    workspace.require_writable()
    EmbeddedServer.discard(server_folder(workspace))
    remove_environment(workspace.root)
    workspace.remove(files=files)
    shutil.rmtree(workspace.home, ignore_errors=True)
    kept = "with its files" if files else "its files stay"
    return (
        "The server, its data and the tutor's records of this workspace are gone.",
        f"The workspace {workspace.root} is no longer one ({kept}).",
    )
