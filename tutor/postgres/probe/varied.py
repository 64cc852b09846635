"""Rows that differ from those that are there, in all that the table allows.

NULL wherever allowed, texts with quotes and signs beyond ASCII, small and large numbers, the values
of another row once more, gaps between the ids. A migration that is right only for the rows that
happen to be there (their ids and names written into it, say) does not come through them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError
from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.connect import database_errors
from tutor.postgres.probe.probe import move_on_sequences
from tutor.postgres.probe.rows import Factory
from tutor.postgres.probe.values import bare_type
from tutor.postgres.rows import table_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import psycopg

    from tutor.postgres.catalog.catalog import Catalog, Column, Table

GAP = 1_000
"""So far are the ids of varied rows apart."""

_STRANGE = 'O\'Brien & "Söhne" 100% — 日本'
_TEXTS = ("text", "character varying", "bpchar")
_NUMBERS = ("numeric", "real", "double precision")
_WHOLE_NUMBERS = ("integer", "bigint")


def add_varied_rows(
    conn: psycopg.Connection,
    table: str,
    *,
    nulls: bool = True,
    never_null: Collection[str] = (),
    unique: Collection[Collection[str]] = (),
) -> int:
    """Add varied rows to a table of a copy, for good; return how many the table took.

    With `nulls` a column may be NULL in them, but for those of `never_null`; no two rows are the
    same in the columns of a `unique`, beyond what the table itself asks for. A row that a
    constraint or a trigger refuses is made less odd, and at last left out. Raises CannotActError
    where the server fails or there is no such table.
    """
    with database_errors(f"add rows to {table}"), conn.transaction():
        catalog = read_catalog(conn)
        if table not in catalog.tables:
            raise CannotActError(f"There is no table {table} in the database {conn.info.dbname}.")
        shape = catalog.tables[table]
        renew = [next(iter(columns)) for columns in unique if set(columns) <= set(shape.columns)]
        first_id = _largest_id(conn, table, shape)
        added = 0
        kept = shape.columns.keys() if not nulls else {*never_null, *shape.primary_key}
        for variant in _variants(shape, kept):
            ids = _id(shape, None if first_id is None else first_id + GAP * (added + 1))
            added += _add(conn, catalog, table, [{**variant, **ids}, ids], renew)
        move_on_sequences(conn, catalog)
        return added


def _variants(shape: Table, never_null: Collection[str]) -> Iterator[dict[str, object]]:
    """Yield what differs from a row that is there: nothing, twice, in the last two."""
    free = {name: column for name, column in shape.columns.items() if _is_free(name, shape)}
    optional = [name for name, column in free.items() if column.nullable]
    yield {name: None for name in optional if name not in never_null}
    keyed = [name for name, column in shape.columns.items() if column.nullable]
    yield {name: None for name in keyed if name not in never_null and name not in free}
    yield {name: value for name, column in free.items() for value in _small(column)}
    yield {name: value for name, column in free.items() for value in _large(column)}
    yield {}
    yield {}


def _is_free(name: str, shape: Table) -> bool:
    """Whether a column is neither of the key nor points to another table."""
    pointing = {
        column
        for constraint in shape.constraints.values()
        if constraint.kind == "foreign key"
        for column in constraint.columns
    }
    return name not in pointing and name not in shape.primary_key


def _small(column: Column) -> Iterator[object]:
    kind = bare_type(column.type)
    if kind in _TEXTS:
        yield _STRANGE
    elif kind in _NUMBERS:
        yield "0.01"
    elif kind in _WHOLE_NUMBERS:
        yield "1"
    elif kind == "boolean":
        yield "false"


def _large(column: Column) -> Iterator[object]:
    kind = bare_type(column.type)
    if kind in _TEXTS:
        yield f"{_STRANGE.lower()} 2"
    elif kind in _NUMBERS:
        yield "99999.99"
    elif kind in _WHOLE_NUMBERS:
        yield "1000000"


def _largest_id(conn: psycopg.Connection, table: str, shape: Table) -> int | None:
    """Return the largest id of a table whose key is one number that may be written."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    if len(shape.primary_key) != 1:
        return None
    column = shape.columns[shape.primary_key[0]]
    if bare_type(column.type) not in _WHOLE_NUMBERS or column.identity == "always":
        return None
    query = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(
        sql.Identifier(shape.primary_key[0]), table_name(table)
    )
    found = conn.execute(query).fetchone()
    return None if found is None else int(found[0])


def _id(shape: Table, value: int | None) -> dict[str, object]:
    return {} if value is None else {shape.primary_key[0]: value}


def _add(
    conn: psycopg.Connection,
    catalog: Catalog,
    table: str,
    attempts: list[dict[str, Any]],
    renew: Collection[str],
) -> int:
    """Add the first of the rows that the table takes; return 1, or 0 where it takes none."""
    import psycopg  # noqa: PLC0415 - see connect.py

    for overrides in attempts:
        fresh = [name for name in renew if name not in overrides]
        try:
            with conn.transaction():
                Factory(conn, catalog).add(table, 1, overrides, renew=fresh)
                conn.execute("SET CONSTRAINTS ALL IMMEDIATE")  # deferred ones speak now
        except psycopg.OperationalError:  # locks, time-outs: no word on the row
            raise
        except (psycopg.DatabaseError, CannotActError):
            continue
        return 1
    return 0
