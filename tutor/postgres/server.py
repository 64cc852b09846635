"""What every kind of PostgreSQL server offers the rest of the tutor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import psycopg

Role = Literal["admin", "learner"]

# The database that exists on every server and that nobody works in: to be connected to while
# other databases are made, renamed and dropped.
MAINTENANCE = "postgres"


@dataclass(frozen=True)
class Address:
    """Where one role logs in; the database's name is given apart.

    `sslmode` and `sslrootcert` (a file; "" for none) are libpq's.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sslmode: str = "prefer"
    sslrootcert: str = ""


class ServerLog(Protocol):
    """A server's log in the format jsonlog, as segments of lines."""

    def segments(self) -> list[str]:
        """Return the names of the segments, oldest first; the last one is being written to."""

    def lines(self, segment: str, offset: int) -> Iterator[tuple[bytes, int]]:
        """Yield the complete lines of a segment from an offset, each with the offset after it.

        Nothing for a segment that another command has deleted meanwhile.
        """

    def size(self, segment: str) -> int:
        """Return the size of a segment in bytes."""

    def delete(self, segment: str) -> None:
        """Delete a segment that has been read; one that may yet be written to stays."""


class Server(Protocol):
    """A PostgreSQL server that holds one workspace's databases."""

    @property
    def kind(self) -> str:
        """Name the kind of server: "embedded"."""

    @property
    def live(self) -> str:
        """Name the learner's database."""

    @property
    def admin(self) -> Address:
        """Say where the superuser logs in."""

    @property
    def learner(self) -> Address:
        """Say where the learner's role logs in: it owns the live database and every copy."""

    def ensure_running(self) -> list[str]:
        """Start the server where it is down; return what the learner should be told.

        Raises CannotActError where it does not start.
        """

    def is_running(self) -> bool:
        """Tell whether the server is up and answers."""

    def obstacle(self) -> str:
        """Return what keeps a stopped server from starting, or "" where nothing is known to."""

    @property
    def folders(self) -> list[Path]:
        """Return the local folders that it writes to: their disks must not be full."""

    def stop(self) -> bool:
        """Stop the server; False where it was not running."""

    def connect(
        self, database: str, *, role: Role = "admin", read_only: bool = False
    ) -> psycopg.Connection:
        """Connect in autocommit mode with time limits; raises CannotActError."""

    def maintenance(self) -> AbstractContextManager[psycopg.Connection]:
        """Lend a superuser's connection to MAINTENANCE; raises CannotActError.

        Within `stay_connected` it is the same one each time: leave its settings as they were.
        """

    def stay_connected(self) -> AbstractContextManager[None]:
        """Keep the connection that `maintenance` lends open until this ends."""

    def binary(self, name: str) -> Path:
        """Return the path of a PostgreSQL program, such as "psql" or "pg_dump"."""

    def scratch(self) -> Server:
        """Return a second server, running, on which nothing of the learner's lives.

        It has a role like the learner's, with the same password, and an empty database named like
        the live one. It is made when first asked for, and stopped and deleted with this one.
        Raises CannotActError.
        """

    @property
    def log(self) -> ServerLog | None:
        """The server's log, None where it cannot be read."""
