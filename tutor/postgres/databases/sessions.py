"""Who is connected to a database, who holds its locks, and sending them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

# How long a session that was ended may take to go.
GOODBYE_MILLISECONDS = 3_000


@dataclass(frozen=True)
class Client:
    """A session connected to a database. `since`: when its latest query began (ISO 8601, UTC)."""

    pid: int
    application: str
    user: str
    state: str
    since: str | None

    @property
    def in_transaction(self) -> bool:
        """Whether it holds a transaction open and does nothing in it, locks included."""
        return self.state.startswith("idle in transaction")

    def __str__(self) -> str:
        """Name it the way a learner can find it: program, state, process number."""
        name = self.application or "a program that gives no name, such as your app"
        return f"{name} ({self.state}, pid {self.pid})"


def clients(admin: psycopg.Connection, database: str) -> list[Client]:
    """Return the sessions in a database, the caller's own and background workers apart."""
    rows = admin.execute(
        "SELECT pid, application_name, usename, coalesce(state, ''),"
        ' to_char(query_start, \'YYYY-MM-DD"T"HH24:MI:SS"Z"\') FROM pg_stat_activity'
        " WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        " ORDER BY backend_start",
        [database],
    ).fetchall()
    return [Client(*row) for row in rows]


def blockers(admin: psycopg.Connection, database: str) -> list[Client]:
    """Return the sessions whose open transaction locks a table even against reading."""
    rows = admin.execute(
        "SELECT DISTINCT pid FROM pg_locks WHERE granted AND locktype = 'relation'"
        " AND mode = 'AccessExclusiveLock'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = %s)",
        [database],
    ).fetchall()
    holders = {pid for (pid,) in rows}
    return [client for client in clients(admin, database) if client.pid in holders]


def disconnect(admin: psycopg.Connection, database: str) -> list[Client]:
    """End the sessions in a database and wait until they are gone; return whose they were.

    Those that wait for a lock go first: a migration must not slip through as its holder goes.
    """
    ended = clients(admin, database)
    admin.execute(
        "SELECT pg_terminate_backend(pid, %s) FROM unnest(%s::int[]) AS pid"
        " ORDER BY cardinality(pg_blocking_pids(pid)) DESC",
        [GOODBYE_MILLISECONDS, [client.pid for client in ended]],
    )
    return ended
