"""Who is connected to a database, who holds its locks, and sending them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

# How long a session that was ended may take to go.
GOODBYE_MILLISECONDS = 3_000

_STATEMENT_LENGTH = 40


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


@dataclass(frozen=True)
class Waiting:
    """A session that waits for a lock, the statement it runs, and the sessions that hold it."""

    client: Client
    statement: str
    holders: tuple[Client, ...]

    def __str__(self) -> str:
        """Name it by what it does: a migration often gives no program's name."""
        words = " ".join(self.statement.split())
        shown = words if len(words) <= _STATEMENT_LENGTH else f"{words[:_STATEMENT_LENGTH]}…"
        return f"{shown} (pid {self.client.pid})"


def waiting(admin: psycopg.Connection, database: str) -> list[Waiting]:
    """Return the sessions in a database that wait for a lock, the longest-waiting ones first.

    The holders are those who keep everybody waiting: sessions that wait themselves are left out.
    """
    rows = admin.execute(
        "SELECT pid, query, pg_blocking_pids(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND cardinality(pg_blocking_pids(pid)) > 0 ORDER BY query_start",
        [database],
    ).fetchall()
    if not rows:
        return []
    present = {client.pid: client for client in clients(admin, database)}
    stuck = {pid for pid, _, _ in rows}
    return [
        Waiting(
            present[pid],
            query,
            tuple(present[held] for held in by if held in present and held not in stuck),
        )
        for pid, query, by in rows
        if pid in present
    ]


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
