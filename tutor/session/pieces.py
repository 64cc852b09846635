"""The pieces of one workspace, opened together: files, server, copies, journal, progress."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tutor.course import Course
from tutor.errors import CannotActError
from tutor.progress import Progress, ProgressFile
from tutor.snapshot import Snapshots, read_files
from tutor.workspace.folder import env_file, env_settings
from tutor.workspace.target import target_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tutor.database.copies import Copies
    from tutor.database.embedded import EmbeddedServer
    from tutor.database.journal import Journal
    from tutor.workspace.folder import Workspace
    from tutor.workspace.target import Target

LOCK_SECONDS = 10
"""How long a command waits for another one in the same workspace."""


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


def wire(workspace: Workspace, server: EmbeddedServer) -> Pieces:
    """Put the pieces of a workspace together. Raises CannotActError where its record is lost."""
    from tutor.database.copies import Copies  # noqa: PLC0415 - the views without it start faster
    from tutor.database.journal import Journal  # noqa: PLC0415 - as above

    copies = Copies(server, workspace.id)
    file = ProgressFile(workspace.home / "progress.json")
    progress, notice = file.load()
    return Pieces(
        workspace=workspace,
        server=server,
        copies=copies,
        journal=Journal(server, workspace.home / "journal.jsonl"),
        snapshots=Snapshots(workspace, copies, file),
        progress_file=file,
        progress=progress,
        course=Course(),
        notices=[notice] if notice else [],
    )


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the workspace's lock: one command at a time changes a workspace."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - views need no lock

    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "lock")
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout as error:
        raise CannotActError(
            "Another tutor command is at work in this workspace.",
            "Wait until it is done, or stop it with Ctrl-C in its terminal, then try again.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def at_present(progress: Progress, journal: Journal) -> Progress:
    """Return progress whose start counts the journal from now on."""
    journal.update()
    return replace(progress, start=replace(progress.start, event=journal.last()))
