"""The locks that a migration's transaction holds just before it commits.

PostgreSQL keeps a transaction's locks until its end, so that is when all of them can be seen
(PostgreSQL, "Explicit Locking").
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# What keeps others from writing, the strictest last.
MODES = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")

_HELD = """
    SELECT CASE nspname WHEN 'public' THEN relname ELSE nspname || '.' || relname END, mode
    FROM pg_locks
    JOIN pg_class ON pg_class.oid = relation
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relkind IN ('r', 'p')
    AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""


class Locks:
    """Notes, for each table, the strictest lock that a committed transaction held."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: dict[str, str] = {}

    def install(self) -> None:
        """Look whenever an engine of this process commits."""
        from sqlalchemy import event  # noqa: PLC0415 - after the standard streams are captured
        from sqlalchemy.engine import Engine  # noqa: PLC0415 - as above

        event.listen(Engine, "commit", self._note)

    def take(self) -> dict[str, str]:
        """Return, and forget, what was noted since the last time."""
        held, self._held = self._held, {}
        return held

    def _note(self, connection: Connection) -> None:
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - as above

        with suppress(SQLAlchemyError):  # the transaction failed, or the server is gone
            for table, mode in connection.exec_driver_sql(_HELD).all():
                if mode in MODES:
                    before = self._held.get(table, MODES[0])
                    self._held[table] = max(before, mode, key=MODES.index)
