"""The tutor's own PostgreSQL: one server for each workspace, from the wheel's programs.

It listens on the loopback interface only, lives on between commands, and is started again by any
command that needs it. `folder` is the `server` folder in the workspace's state home.

Most commands only look whether it runs and log in: what makes, starts and deletes it is imported
when that is to be done.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import StateLostError
from tutor.postgres.providers.embedded import ports, processes, record as records
from tutor.postgres.providers.embedded.log import LogFiles
from tutor.postgres.server import MAINTENANCE, Address, Role
from tutor.state.lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tutor.postgres.providers.embedded.record import Record

LEARNER = "fastapi_user"
LIVE = "fastapi_db"

SCRATCH = "scratch"
"""The folder, in a server's own, of the second server on which checks run the learner's code."""


class EmbeddedServer:
    """One workspace's PostgreSQL server. Made by `create`, opened again by `load`."""

    kind = "embedded"
    live = LIVE

    def __init__(self, folder: Path, record: Record) -> None:
        """Take a server as its record describes it; `create` and `load` do that for callers."""
        self.folder = folder
        self._record = record
        self._staying = False
        self._kept: psycopg.Connection | None = None

    @classmethod
    def create(cls, folder: Path, *, beside: EmbeddedServer | None = None) -> EmbeddedServer:
        """Make a server, start it, make the learner's role. Raises CannotActError.

        With `beside` it is the scratch server of that one. Safe to repeat: what an interrupted run
        left is taken up, a finished server is returned.
        """
        from tutor.postgres.databases import roles  # noqa: PLC0415 - see above
        from tutor.postgres.providers.embedded import lifecycle as upkeep  # noqa: PLC0415 - see above

        folder = folder.absolute()
        password = beside.learner.password if beside else ""
        with locked(folder):
            server = cls(folder, upkeep.make(folder, password))
            if not server.is_running():
                server._record, _ = upkeep.start(folder, server._record)
            if not server._record.ready:
                roles.make_learner(server)
                if beside:
                    roles.make_database(server, server.live)
                server._record = server._record.changed(folder, ready=True)
        return server

    @classmethod
    def load(cls, folder: Path) -> EmbeddedServer:
        """Open a server that `create` made; it need not run. Raises StateLostError."""
        folder = folder.absolute()
        record = records.load(folder)
        if record is None or not record.ready:
            raise StateLostError(
                f"There is no PostgreSQL server in {folder}, or it was never finished."
            )
        return cls(folder, record)

    @staticmethod
    def discard(folder: Path) -> None:
        """Stop and delete whatever server there is, also one that was never finished.

        Its record may be damaged or missing. Raises CannotActError where its files are in use.
        """
        from tutor.postgres.providers.embedded import lifecycle as upkeep  # noqa: PLC0415 - see above

        folder = folder.absolute()
        with locked(folder):
            if (folder / SCRATCH).is_dir():
                EmbeddedServer.discard(folder / SCRATCH)
            upkeep.delete(folder)

    @property
    def admin(self) -> Address:
        """Return where the superuser `postgres` logs in."""
        return Address(ports.HOST, self._record.port, "postgres", self._record.admin_password)

    @property
    def learner(self) -> Address:
        """Return where the learner's role logs in."""
        return Address(ports.HOST, self._record.port, LEARNER, self._record.learner_password)

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data folder."""
        return self._record.data

    @property
    def folders(self) -> list[Path]:
        """Return the folder of its data."""
        return [self.data]

    def is_running(self) -> bool:
        """Tell whether our own server is up, ready, and answers at our port."""
        note = processes.running_server(self.data)
        if note is None or not note.ready:
            return False
        return note.port == self._record.port and ports.accepts(note.port)

    def ensure_running(self) -> list[str]:
        """Start the server where it is down; return what the learner should be told."""
        if self.is_running():
            return []
        from tutor.postgres.providers.embedded import lifecycle as upkeep  # noqa: PLC0415 - see above

        with locked(self.folder):
            self._record = records.load(self.folder) or self._record
            if self.is_running():
                return []
            self._record, notices = upkeep.start(self.folder, self._record)
            return notices

    def obstacle(self) -> str:
        """Return what keeps a stopped server from starting, or "" where nothing is known to."""
        from tutor.postgres.providers.embedded import lifecycle as upkeep  # noqa: PLC0415 - see above

        return upkeep.obstacle(self._record)

    def stop(self) -> bool:
        """Stop the server; False where it was not running."""
        from tutor.postgres.providers.embedded import lifecycle as upkeep  # noqa: PLC0415 - see above

        with locked(self.folder):
            scratch = records.load(self.folder / SCRATCH)
            if scratch is not None:
                upkeep.stop(self.folder / SCRATCH, scratch)
            return upkeep.stop(self.folder, self._record)

    def connect(
        self, database: str, *, role: Role = "admin", read_only: bool = False
    ) -> psycopg.Connection:
        """Connect as one of the two roles, in autocommit mode, with time limits."""
        from tutor.postgres.connect import connect  # noqa: PLC0415 - needs psycopg

        address = self.admin if role == "admin" else self.learner
        return connect(address, database, read_only=read_only)

    @contextmanager
    def maintenance(self) -> Iterator[psycopg.Connection]:
        """Lend a superuser's connection to the database that nobody works in."""
        if not self._staying:
            with self.connect(MAINTENANCE) as connection:
                yield connection
            return
        if self._kept is None or not _answers(self._kept):
            self._let_go()
            self._kept = self.connect(MAINTENANCE)
        yield self._kept

    @contextmanager
    def stay_connected(self) -> Iterator[None]:
        """Log in once for all that `maintenance` is asked for until this ends."""
        self._staying = True
        try:
            yield
        finally:
            self._staying = False
            self._let_go()

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def binary(self, name: str) -> Path:
        """Return the path of a PostgreSQL program in the tutor's copy."""
        from tutor.postgres.providers.embedded.binaries import Programs  # noqa: PLC0415 - see above

        return Programs(Path(self._record.programs), self._record.major).path(name)

    def scratch(self) -> EmbeddedServer:
        """Return the second server, made and started where need be; one that is damaged is new."""
        folder = self.folder / SCRATCH
        try:
            server = EmbeddedServer.load(folder)
            if server.learner.password == self.learner.password:
                server.ensure_running()
                return server
        except StateLostError:
            pass
        EmbeddedServer.discard(folder)
        return EmbeddedServer.create(folder, beside=self)

    @property
    def log(self) -> LogFiles:
        """The server's log files."""
        return LogFiles(self.data)


def _answers(connection: psycopg.Connection) -> bool:
    """Tell whether a connection that was not used for a while still leads to a server."""
    import psycopg  # noqa: PLC0415 - see above

    try:
        connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True
