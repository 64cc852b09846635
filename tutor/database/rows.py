"""Reading rows as text, the way PostgreSQL prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.database.connect import database_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg
    from psycopg import sql


def table_name(table: str) -> sql.Identifier:
    """Return a table's quoted name; it is given as in the catalog: `name` or `schema.name`."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    schema, _, name = table.rpartition(".")
    return sql.Identifier(schema or "public", name)


def read_rows(
    conn: psycopg.Connection, table: str, columns: Sequence[str] | None = None, *, limit: int
) -> list[dict[str, str | None]]:
    """Return up to `limit` rows, their values as text, in the order of the primary key.

    All columns where none are named. Without a primary key they are ordered by their values.
    Raises CannotActError, also where the table or a column does not exist.
    """
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    with database_errors(f"read the rows of {table}"):
        found = conn.execute(
            "SELECT attname, coalesce(array_position(indkey::int2[], attnum), -1)"
            "  FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [table_name(table).as_string(conn)],
        ).fetchall()
        names = [name for name, _ in found] if columns is None else list(columns)
        key = sorted((place, name) for name, place in found if place >= 0)
        # Qualified: a plain name would mean the text in the select list, where "10" precedes "9".
        order = [sql.Identifier("source", name) for _, name in key]
        texts = [sql.SQL("{}::text").format(sql.Identifier(name)) for name in names]
        query = sql.SQL("SELECT {} FROM {} AS source ORDER BY {} LIMIT {}").format(
            sql.SQL(", ").join(texts),
            table_name(table),
            sql.SQL(", ").join(order or texts),
            sql.Literal(limit),
        )
        rows = conn.execute(query).fetchall() if names else []
    return [dict(zip(names, row, strict=True)) for row in rows]
