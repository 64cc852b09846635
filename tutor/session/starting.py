"""Make a workspace, and take one away."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tutor.database.embedded import EmbeddedServer
from tutor.progress import Progress
from tutor.session.build import build, new_start
from tutor.session.changes import site_of
from tutor.session.pieces import Pieces, locked, server_folder
from tutor.workspace.folder import Workspace, is_workspace
from tutor.workspace.target import target_of
from tutor.workspace.venv import ensure_environment, remove_environment

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
    say(f"Copying the project to {target}")
    last = Workspace.last_used()
    workspace = Workspace.create(target)
    pieces = Pieces(workspace)
    if last is not None:
        pieces.notices.append(f"This is a new workspace. You have another one: {last.root}")
    try:
        held.enter_context(locked(workspace.home))
        pieces.notices += ensure_environment(workspace.root)
        say("Starting a PostgreSQL of its own (no Docker needed)")
        workspace.write_env(target_of(EmbeddedServer.create(server_folder(workspace))))
        say("Running the first migration and filling in some rows")
        held.enter_context(pieces.server.stay_connected())
        first = pieces.course.step_ids[0]
        built = build(site_of(pieces), first, workspace.managed_files()[".env"])
        start = new_start(site_of(pieces), built)
        pieces.copies.make_live(built.database, f"tutor_{workspace.id}_aside_0")
        pieces.save(Progress(current=first, begun=True, start=start))
        workspace.remember_last()
    except BaseException:
        EmbeddedServer.discard(server_folder(workspace))
        # The folder was empty or is new, so this is ours however far it got.
        shutil.rmtree(workspace.root / ".venv", ignore_errors=True)
        workspace.remove(files=True)
        shutil.rmtree(workspace.home, ignore_errors=True)
        raise
    return pieces


def remove(workspace: Workspace, *, files: bool) -> tuple[str, ...]:
    """Take away the server, its data and the tutor's state; return what was done, in sentences.

    Also where they are damaged, or were never finished.
    """
    EmbeddedServer.discard(server_folder(workspace))
    remove_environment(workspace.root)
    workspace.remove(files=files)
    shutil.rmtree(workspace.home, ignore_errors=True)
    kept = "with its files" if files else "its files stay"
    return (
        "The server, its data and the tutor's records of this workspace are gone.",
        f"The workspace {workspace.root} is no longer one ({kept}).",
    )
