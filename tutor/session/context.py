"""The context of a command: the files, server, copies, journal and progress of one workspace.

Each is imported when a command first asks for it: showing a lesson starts that much faster than
judging one.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.state.lock import locked
from tutor.state.progress import LostProgressError, ProgressFile
from tutor.workspace.environment.credentials import (
    differing,
    env_file,
    env_leading_to,
    env_settings,
    env_with_port,
)
from tutor.workspace.environment.env_url import settings_in_url
from tutor.workspace.template import ENV_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager, ExitStack
    from pathlib import Path

    from tutor.course import Course
    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.journal.journal import Journal
    from tutor.postgres.server import Server
    from tutor.session.snapshots import Snapshots
    from tutor.state.progress import Progress, State
    from tutor.workspace.environment.target import Target
    from tutor.workspace.folder import Workspace

JOURNAL = "journal.jsonl"
"""The journal's file in a workspace's state."""

LOCK_SECONDS = 10
"""How long a command waits for another one in the same workspace."""


class Context:
    """What every command works with; each part is made when it is first asked for.

    `notices` are sentences for the learner. `lock` holds the workspace's lock, where it is held;
    `say` gets a sentence where another command has to be waited for. Asking for a part raises
    CannotActError where it is lost or damaged; only a lost record of the progress is rebuilt, with
    `renewing`.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        renewing: bool = False,
        lock: ExitStack | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._renewing = renewing
        self._lock = lock
        self._say = say
        self.workspace = workspace
        self.progress_file = ProgressFile(workspace.home / "progress.json")
        self.notices: list[str] = []

    @cached_property
    def server(self) -> Server:
        """The PostgreSQL server, running or not."""
        from tutor.postgres import providers  # noqa: PLC0415 - see above

        return providers.load(server_folder(self.workspace))

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
        from tutor.session.snapshots import Snapshots  # noqa: PLC0415

        return Snapshots(self.workspace, self.copies, self.journal, self.progress_file, self.course)

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
        """Write down progress that changes neither files nor database."""
        self.progress_file.save(progress)
        self.progress = progress

    def reload(self) -> None:
        """Read the progress, also again after a change of state that brings its own."""
        try:
            self.progress, notice = self.progress_file.load()
        except LostProgressError:
            if not self._renewing:
                raise
            from tutor.session.renewal import renew  # noqa: PLC0415 - hardly ever needed

            self.progress, notice = renew(self.snapshots, self.server)
        if notice:
            self.notices.append(notice)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Leave the lock to other commands, while the learner is waited for.

        Raises CannotActError where another command took the workspace to another step or state.
        """
        if self._lock is None:
            yield
            return
        before = self.progress.judged
        self._lock.close()
        yield
        self._lock.enter_context(workspace_lock(self.workspace.home, say=self._say))
        self.reload()
        after = self.progress.judged
        if (after.current, after.states) != (before.current, before.states):
            raise CannotActError(
                "Another command has changed the workspace meanwhile.",
                "Run this command again; what you answered rightly is kept.",
            )

    def files_of(self, state: State) -> dict[str, bytes]:
        """Return the files of a state that is kept."""
        from tutor.state.files import read_files  # noqa: PLC0415

        return read_files(self.workspace.home / "starts" / state.files)

    def keep(self, files: dict[str, bytes], database: str) -> State:
        """Keep files, and a copy of a database, as a state; return it."""
        from tutor.postgres.rows import versions_of  # noqa: PLC0415
        from tutor.state.files import keep_files  # noqa: PLC0415
        from tutor.state.progress import State  # noqa: PLC0415

        copy = self.copies.clone(database, "start")
        versions = versions_of(self.server, copy) or ()
        return State(copy, keep_files(self.workspace.home, files), versions)

    @property
    def live(self) -> Target:
        """The learner's database, as .env should name it."""
        from tutor.workspace.environment.target import target_of  # noqa: PLC0415

        return target_of(self.server)

    def env_has_fault(self, progress: Progress) -> bool:
        """Whether the fault with which a step began is in .env: then nothing may correct it."""
        if progress.reset_point.files == progress.baseline.files:
            return False
        broken, healthy = (self.files_of(state).get(ENV_FILE) for state in progress.states)
        return broken != healthy

    def sound_env(self) -> bytes:
        """Return the learner's .env, put right where it does not lead to their database.

        The reference's files read DB_HOST and so on: where it has a database URL, they are added.
        """
        said = self.workspace.env_values()
        sound = not differing(self.workspace.database_settings(), env_settings(self.live))
        env = self.workspace.managed_files().get(ENV_FILE, b"")
        env = env if sound else env_leading_to(env, self.live)
        only_url = "DB_HOST" not in said and settings_in_url(said)
        return env.rstrip() + b"\n" + env_file(self.live) if only_url else env

    def with_present_port(self, files: dict[str, bytes], progress: Progress) -> dict[str, bytes]:
        """Return files whose .env leads to the server's port, which may have changed since.

        `progress` is the one that belongs to the files: a fault of its step in .env stays.
        """
        if ENV_FILE not in files or self.env_has_fault(progress):
            return files
        env = env_with_port(files[ENV_FILE], self.server.learner.port)
        return {**files, ENV_FILE: env}


def workspace_lock(
    home: Path, *, wait: float = LOCK_SECONDS, say: Callable[[str], None] = lambda _: None
) -> AbstractContextManager[None]:
    """Return the lock of a workspace: one command at a time changes it; see `locked`."""
    return locked(home, "lock", wait=wait, say=say)


def server_folder(workspace: Workspace) -> Path:
    """Return the folder of what the tutor keeps of a workspace's server."""
    return workspace.home / "server"
