"""The pieces of one workspace: files, server, copies, journal, progress.

A piece and what it needs is imported when a verb asks for it: showing a lesson starts that much
faster than judging one.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.state.progress import LostProgressError, ProgressFile
from tutor.workspace.environment.credentials import differing, env_file, env_settings
from tutor.workspace.template import ENV_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tutor.course import Course
    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.journal.journal import Journal
    from tutor.postgres.providers.embedded.server import EmbeddedServer
    from tutor.snapshot import Snapshots
    from tutor.state.progress import Progress
    from tutor.workspace.environment.target import Target
    from tutor.workspace.folder import Workspace

JOURNAL = "journal.jsonl"
"""The journal's file in a workspace's state."""

LOCK_SECONDS = 10
"""How long a command waits for another one in the same workspace."""

SILENT_SECONDS = 1
"""How long of that it waits without a word."""


class BusyError(CannotActError):
    """Another command is at work in the workspace."""


class Pieces:
    """What every verb works with; each piece is made when it is first asked for.

    `notices` are sentences for the learner. Asking for a piece raises CannotActError where what it
    stands on is lost or damaged; only a lost record of the progress is begun anew, with `renewing`.
    """

    def __init__(self, workspace: Workspace, *, renewing: bool = False) -> None:
        self._renewing = renewing
        self.workspace = workspace
        self.progress_file = ProgressFile(workspace.home / "progress.json")
        self.notices: list[str] = []

    @cached_property
    def server(self) -> EmbeddedServer:
        """The PostgreSQL server, running or not."""
        from tutor.postgres.providers.embedded.server import EmbeddedServer  # noqa: PLC0415 - see above

        return EmbeddedServer.load(server_folder(self.workspace))

    @cached_property
    def copies(self) -> Copies:
        """The workspace's databases on the server."""
        from tutor.postgres.databases.copies import Copies  # noqa: PLC0415

        return Copies(self.server, self.workspace.id)

    @cached_property
    def journal(self) -> Journal:
        """What was committed to the live database."""
        from tutor.postgres.journal.journal import Journal  # noqa: PLC0415

        return Journal(self.server, self.workspace.home / JOURNAL)

    @cached_property
    def snapshots(self) -> Snapshots:
        """The backups."""
        from tutor.snapshot import Snapshots  # noqa: PLC0415

        return Snapshots(self.workspace, self.copies, self.journal, self.progress_file)

    @cached_property
    def course(self) -> Course:
        """The lessons."""
        from tutor.course import Course  # noqa: PLC0415

        return Course()

    @cached_property
    def progress(self) -> Progress:
        """How far the learner is."""
        self.reload()
        return self.progress

    def save(self, progress: Progress) -> None:
        """Remember progress that changes nothing else."""
        self.progress_file.save(progress)
        self.progress = progress

    def reload(self) -> None:
        """Read the progress, also again after a change of state that carries its own."""
        try:
            self.progress, notice = self.progress_file.load()
        except LostProgressError:
            if not self._renewing:
                raise
            from tutor.session.renewal import renew  # noqa: PLC0415 - hardly ever needed

            self.progress, notice = renew(self.snapshots, self.server, self.course)
        if notice:
            self.notices.append(notice)

    @property
    def start_files(self) -> dict[str, bytes]:
        """The learner's files as they were when the current step began."""
        from tutor.state.files import read_files  # noqa: PLC0415

        return read_files(self.workspace.home / "starts" / self.progress.start.files)

    @property
    def live(self) -> Target:
        """The learner's database, as .env should name it."""
        from tutor.workspace.environment.target import target_of  # noqa: PLC0415

        return target_of(self.server)

    @property
    def env_has_fault(self) -> bool:
        """Whether the current step broke .env on purpose."""
        start = self.course.step(self.progress.current).start
        return start is not None and ENV_FILE in start.files

    def sound_env(self) -> bytes:
        """Return the learner's .env where it leads to their database, else a new one."""
        said = self.workspace.database_settings()
        sound = not differing(said, env_settings(self.live))
        env = self.workspace.managed_files().get(".env", b"")
        return env if sound else env_file(self.live)

    def with_present_port(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Return files whose .env leads to the server's port, which may have changed since."""
        if ".env" not in files:
            return files
        line = f"DB_PORT={self.server.learner.port}".encode()
        return {**files, ".env": re.sub(rb"(?m)^DB_PORT=\d+", line, files[".env"])}


def server_folder(workspace: Workspace) -> Path:
    """Return the folder of what the tutor keeps of a workspace's server."""
    return workspace.home / "server"


@contextmanager
def locked(home: Path, *, say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the workspace's lock: one command at a time changes a workspace.

    Where another one has it, `say` gets a sentence and the lock is waited for; without `say` it is
    not. Raises BusyError where the other one keeps it, CannotActError where the disk refuses.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - views need no lock

    lock = FileLock(home / "lock")
    try:
        home.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0 if say is None else SILENT_SECONDS)
        except Timeout:
            if say is None:
                raise
            say("Another tutor command is at work in this workspace: waiting until it is done.")
            lock.acquire(timeout=LOCK_SECONDS - SILENT_SECONDS)
    except Timeout as error:
        raise BusyError(
            "Another tutor command is at work in this workspace.",
            "Wait until it is done, or stop it with Ctrl-C in its terminal, then try again.",
        ) from error
    except OSError as error:
        raise CannotActError(
            f"The tutor cannot write in its own folder {home}: {error.strerror}.",
            "Free some disk space or mend the folder's permissions, then run the command again.",
        ) from error
    try:
        yield
    finally:
        lock.release()
