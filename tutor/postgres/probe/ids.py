"""Where a table's next id comes from, and whether it is taken already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.postgres.connect import database_errors
from tutor.postgres.probe.values import bare_type
from tutor.postgres.rows import table_name

if TYPE_CHECKING:
    import psycopg

    from tutor.postgres.catalog.catalog import Table

_NUMBERS = {"smallint", "integer", "bigint"}
_NEXT = re.compile(r"nextval\('(?P<sequence>.+?)'::regclass\)")


@dataclass(frozen=True)
class NextId:
    """What an INSERT that leaves out the id gets.

    `given` is False where nothing gives one, and the row is refused. `value` is the sequence's next
    value, `largest` the largest id; None where the id comes from elsewhere, or there is no row.
    """

    column: str
    given: bool
    value: int | None = None
    largest: int | None = None

    @property
    def works(self) -> bool:
        """Whether such an INSERT works, now and the next times."""
        if self.value is None or self.largest is None:
            return self.given
        return self.value > self.largest


def next_id(conn: psycopg.Connection, name: str, table: Table) -> NextId | None:
    """Return it for a table whose key is one whole number; None for any other table.

    The sequence is read, not moved. Raises CannotActError where the server fails.
    """
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    key = table.primary_key
    if len(key) != 1 or bare_type(table.columns[key[0]].type) not in _NUMBERS:
        return None
    column = table.columns[key[0]]
    if not column.default and not column.identity:
        return NextId(key[0], given=False)
    with database_errors(f"look at the ids of {name}"):
        sequence = _sequence(conn, name, key[0], column.default)
        if sequence is None:
            return NextId(key[0], given=True)
        found = conn.execute(
            sql.SQL(
                "SELECT last_value + is_called::integer, (SELECT max({}) FROM {}) FROM {}"
            ).format(sql.Identifier(key[0]), table_name(name), sql.SQL(sequence))  # quoted already
        ).fetchone()
    value, largest = found or (None, None)
    return NextId(key[0], given=True, value=value, largest=largest)


def _sequence(conn: psycopg.Connection, name: str, column: str, default: str | None) -> str | None:
    """Return the sequence that gives the ids, quoted where need be; None where none does."""
    named = _NEXT.search(default or "")
    if named:
        return named["sequence"]
    row = conn.execute(
        "SELECT pg_get_serial_sequence(%s, %s)", [table_name(name).as_string(conn), column]
    ).fetchone()
    return row[0] if row else None
