"""The pieces of one workspace, opened together: files, server, copies, journal, progress."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tutor.course import Course
from tutor.errors import CannotActError
from tutor.progress import LostProgressError, ProgressFile
from tutor.snapshot import Snapshots, read_files
from tutor.workspace.folder import env_file, env_settings
from tutor.workspace.target import target_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tutor.database.copies import Copies
    from tutor.database.embedded import EmbeddedServer
    from tutor.database.journal import Journal
    from tutor.progress import Progress
    from tutor.workspace.folder import Workspace
    from tutor.workspace.target import Target

LOCK_SECONDS = 10
"""How long a command waits for another one in the same workspace."""


class BusyError(CannotActError):
    """Another command is at work in the workspace."""


@dataclass
class Pieces:
    """What every verb works with. `notices` are sentences for the learner."""

    workspace: Workspace
    server: EmbeddedServer
    copies: Copies
    journal: Journal
    snapshots: Snapshots
    progress_file: ProgressFile
    progress: Progress
    course: Course
    notices: list[str] = field(default_factory=list)

    def save(self, progress: Progress) -> None:
        """Remember progress that changes nothing else."""
        self.progress_file.save(progress)
        self.progress = progress

    def reload(self) -> None:
        """Read the progress again, after a change of state that carries its own."""
        self.progress, _ = self.progress_file.load()

    @property
    def start_files(self) -> dict[str, bytes]:
        """The learner's files as they were when the current step began."""
        return read_files(self.workspace.home / "starts" / self.progress.start.files)

    @property
    def live(self) -> Target:
        """The learner's database, as .env should name it."""
        return target_of(self.server)

    def sound_env(self) -> bytes:
        """Return the learner's .env where it leads to their database, else a new one."""
        said = self.workspace.database_settings()
        sound = all(said.get(name) == value for name, value in env_settings(self.live).items())
        env = self.workspace.managed_files().get(".env", b"")
        return env if sound else env_file(self.live)

    def with_present_port(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Return files whose .env leads to the server's port, which may have changed since."""
        if ".env" not in files:
            return files
        line = f"DB_PORT={self.server.learner.port}".encode()
        return {**files, ".env": re.sub(rb"(?m)^DB_PORT=\d+", line, files[".env"])}


def wire(
    workspace: Workspace, server: EmbeddedServer, *, alone: bool = True, renewing: bool = False
) -> Pieces:
    """Put the pieces of a workspace together.

    `alone`: this command has the lock, and first finishes what a crash interrupted. Where the
    record of the progress is lost, `renewing` writes a new one; otherwise that raises
    LostProgressError.
    """
    from tutor.database.copies import Copies  # noqa: PLC0415 - the views without it start faster
    from tutor.database.journal import Journal  # noqa: PLC0415 - as above

    copies = Copies(server, workspace.id)
    journal = Journal(server, workspace.home / "journal.jsonl")
    file = ProgressFile(workspace.home / "progress.json")
    snapshots = Snapshots(workspace, copies, journal, file)
    course = Course()
    recovered = snapshots.recover() if alone else None
    try:
        progress, told = file.load()
    except LostProgressError:
        if not renewing:
            raise
        from tutor.session.renewal import renew  # noqa: PLC0415 - hardly ever needed

        progress, told = renew(snapshots, server, course)
    return Pieces(
        workspace=workspace,
        server=server,
        copies=copies,
        journal=journal,
        snapshots=snapshots,
        progress_file=file,
        progress=progress,
        course=course,
        notices=[notice for notice in (recovered, told) if notice],
    )


@contextmanager
def locked(home: Path, *, patience: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the workspace's lock: one command at a time changes a workspace.

    Raises BusyError where another one keeps it longer than `patience` seconds.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - views need no lock

    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "lock")
    try:
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise BusyError(
            "Another tutor command is at work in this workspace.",
            "Wait until it is done, or stop it with Ctrl-C in its terminal, then try again.",
        ) from error
    try:
        yield
    finally:
        lock.release()
