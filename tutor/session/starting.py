"""Make a workspace, and take one away."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tutor.course import Course
from tutor.progress import Progress, ProgressFile
from tutor.session.build import Site, build, new_start
from tutor.session.pieces import Pieces, locked, wire
from tutor.workspace.folder import Workspace
from tutor.workspace.venv import ensure_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path


def start_pieces(target: Path, held: ExitStack, say: Callable[[str], None]) -> Pieces:
    """Make a workspace: files, environment, server, migrated and filled database.

    What was made is taken away again where a later stage fails or is interrupted.
    """
    from tutor.database.copies import Copies  # noqa: PLC0415
    from tutor.database.embedded import EmbeddedServer  # noqa: PLC0415
    from tutor.database.journal import Journal  # noqa: PLC0415
    from tutor.workspace.target import target_of  # noqa: PLC0415 - needs the child's protocol

    say(f"Copying the project to {target}")
    workspace = Workspace.create(target)
    server = None
    try:
        held.enter_context(locked(workspace.home))
        notices = ensure_environment(workspace.root)
        say("Starting a PostgreSQL of its own (no Docker needed)")
        server = EmbeddedServer.create(workspace.home / "server")
        workspace.write_env(target_of(server))
        say("Running the first migration and filling in some rows")
        copies = Copies(server, workspace.id)
        journal = Journal(server, workspace.home / "journal.jsonl")
        course = Course()
        site = Site(workspace, server, copies, journal, course)
        first = course.step_ids[0]
        built = build(site, first, workspace.managed_files()[".env"])
        start = new_start(site, built)
        copies.make_live(built.database, f"tutor_{workspace.id}_aside_0")
        ProgressFile(workspace.home / "progress.json").save(
            Progress(current=first, begun=True, start=start)
        )
        workspace.remember_last()
    except BaseException:
        if server is not None:
            server.destroy()
        workspace.remove(files=True)
        shutil.rmtree(workspace.home, ignore_errors=True)
        raise
    pieces = wire(workspace, server)
    pieces.notices[:0] = notices
    return pieces


def remove(pieces: Pieces, *, files: bool) -> tuple[str, ...]:
    """Take away the server, its data and the tutor's state; return what was done, in sentences."""
    pieces.server.destroy()
    pieces.workspace.remove(files=files)
    shutil.rmtree(pieces.workspace.root / ".venv", ignore_errors=True)
    shutil.rmtree(pieces.workspace.home, ignore_errors=True)
    kept = "with its files" if files else "its files stay"
    return (
        "The server, its data and the tutor's records of this workspace are gone.",
        f"The workspace {pieces.workspace.root} is no longer one ({kept}).",
    )
