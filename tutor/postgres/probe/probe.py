"""Probe inserts: what a table accepts, and what it refuses.

For copies of a database only. Nothing of a probe stays: it happens in a transaction that is rolled
back (only `fill_rows` is there to stay). What counts is SQLSTATE and the columns of the constraint,
never a constraint's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.connect import database_errors, one_line
from tutor.postgres.probe.rows import DEFAULT, Factory, index_columns
from tutor.postgres.rows import table_name
from tutor.postgres.sqltext import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import psycopg

    from tutor.postgres.catalog.catalog import Catalog, Index, Table

__all__ = ["DEFAULT", "Outcome", "enforces_unique", "fill_rows", "try_rows"]

REFUSED_AS_EQUAL = {"23505", "23P01"}
"""What a unique constraint says, and an EXCLUDE, which may compare by `=`."""
UNDEFINED_COLUMN = "42703"


@dataclass(frozen=True)
class Outcome:
    """What became of one probe insert.

    `constraint_columns`: of the unique index, foreign key or CHECK that refused it, or the column
    that must not be NULL; empty where none of these was the reason.
    """

    ok: bool
    sqlstate: str | None = None
    constraint_columns: tuple[str, ...] = ()
    constraint_name: str | None = None
    message: str = ""


def try_rows(
    conn: psycopg.Connection, table: str, rows: Sequence[dict[str, object]]
) -> list[Outcome]:
    """Insert rows one after the other and return what became of each; then roll all back.

    Each row gives values for some columns (DEFAULT: the column is left out); the rest comes from an
    existing row, or is made up where the table is empty, with fresh values for every other unique
    column. A row that is let in is there while the next one is tried.
    Raises CannotActError where no row can be made up, or there is no such table.
    """
    with database_errors(f"try rows in {table}"), conn.transaction(force_rollback=True):
        catalog = _catalog_with(conn, table)
        return [_try(conn, catalog, table, row) for row in rows]


def enforces_unique(conn: psycopg.Connection, table: str, columns: Collection[str]) -> bool:
    """Tell whether a second row with the same values in these columns is refused for them.

    Refused means by a unique constraint or index, or an EXCLUDE, on exactly these columns, for
    every row: one with a predicate over other columns does not count. Where a narrower or another
    unique index refuses the probe row first, that one is dropped, in the rolled-back transaction,
    and the probe made again. Values are never NULL here. Raises CannotActError where the probe
    cannot be made.
    """
    with database_errors(f"try rows in {table}"), conn.transaction(force_rollback=True):
        while True:
            catalog = _catalog_with(conn, table)
            if not set(columns) <= catalog.tables[table].columns.keys():
                return False
            outcome = _try_twin(conn, catalog, table, columns)
            if outcome.ok:
                return False
            shape = catalog.tables[table]
            index = shape.indexes.get(outcome.constraint_name or "")
            if outcome.sqlstate not in REFUSED_AS_EQUAL or index is None:
                raise CannotActError(
                    f"The tutor could not try whether {table} refuses a second row with the same "
                    f"{', '.join(columns)}: {outcome.message}."
                )
            if _covers(index, shape, columns):
                return True
            drop_index(conn, table, outcome.constraint_name or "", index)


def fill_rows(conn: psycopg.Connection, table: str, count: int) -> None:
    """Add `count` rows to a table of a copy, for good. Raises CannotActError.

    Sequences move on behind the new rows, so that later inserts do not collide with them.
    """
    with database_errors(f"fill {table} with rows"), conn.transaction():
        catalog = _catalog_with(conn, table)
        Factory(conn, catalog).add(table, count)
        move_on_sequences(conn, catalog)


def move_on_sequences(conn: psycopg.Connection, catalog: Catalog) -> None:
    """Set each sequence of a column behind the column's largest value."""
    for sequence in catalog.sequences.values():
        if sequence.owner:
            _move_on(conn, sequence.owner)


def _try(
    conn: psycopg.Connection,
    catalog: Catalog,
    table: str,
    row: dict[str, object],
    keep: Collection[str] = (),
) -> Outcome:
    """Insert one row; where it is refused, undo only that and say why."""
    import psycopg  # noqa: PLC0415 - see connect.py

    if unknown := row.keys() - catalog.tables[table].columns.keys():
        words = f"table {table} has no column {', '.join(sorted(unknown))}"
        return Outcome(ok=False, sqlstate=UNDEFINED_COLUMN, message=words)
    try:
        with conn.transaction():
            Factory(conn, catalog).add(table, 1, row, keep=keep)
            conn.execute("SET CONSTRAINTS ALL IMMEDIATE")  # deferred ones speak now
    except psycopg.OperationalError:  # locks, time-outs, a lost connection: no verdict on the row
        raise
    except psycopg.DatabaseError as error:
        return _refused(catalog, error)
    return Outcome(ok=True)


def _try_twin(
    conn: psycopg.Connection, catalog: Catalog, table: str, columns: Collection[str]
) -> Outcome:
    """Insert a second row with the values that a first one has in these columns."""
    factory = Factory(conn, catalog)
    if not factory.has_row(table, columns):
        factory.add(table, 1, renew=columns)
    return _try(conn, catalog, table, {}, keep=columns)


def _refused(catalog: Catalog, error: psycopg.DatabaseError) -> Outcome:
    diagnosis = error.diag
    name = diagnosis.constraint_name or ""
    columns: tuple[str, ...] = ()
    prefix = "" if diagnosis.schema_name in {None, "public"} else f"{diagnosis.schema_name}."
    shape = catalog.tables.get(f"{prefix}{diagnosis.table_name}")
    if shape is not None and name in shape.constraints:
        columns = shape.constraints[name].columns
    elif shape is not None and name in shape.indexes:
        columns = index_columns(shape.indexes[name], shape)
    elif diagnosis.column_name:
        columns = (diagnosis.column_name,)
    return Outcome(
        ok=False,
        sqlstate=error.sqlstate,
        constraint_columns=columns,
        constraint_name=diagnosis.constraint_name,
        message=one_line(error),
    )


def _covers(index: Index, shape: Table, wanted: Collection[str]) -> bool:
    """Tell whether a unique index is about exactly the wanted columns, in every row."""
    conditions = set(tokens(index.where or "")) & shape.columns.keys()
    return set(index_columns(index, shape)) == set(wanted) and conditions <= set(wanted)


def drop_index(conn: psycopg.Connection, table: str, name: str, index: Index) -> None:
    """Drop an index, with the constraint that it exists for, if any."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    if index.constraint:
        statement = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE").format(
            table_name(table), sql.Identifier(index.constraint)
        )
    else:
        schema, dot, _ = table.rpartition(".")
        statement = sql.SQL("DROP INDEX {}").format(table_name(f"{schema}{dot}{name}"))
    conn.execute(statement)


def _catalog_with(conn: psycopg.Connection, table: str) -> Catalog:
    catalog = read_catalog(conn)
    if table not in catalog.tables:
        raise CannotActError(f"There is no table {table} in the database {conn.info.dbname}.")
    return catalog


def _move_on(conn: psycopg.Connection, owner: str) -> None:
    """Set the sequence of a table.column behind the column's largest value."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    table, _, column = owner.rpartition(".")
    conn.execute(
        sql.SQL(
            "SELECT setval(pg_get_serial_sequence({}, {}), top)"
            " FROM (SELECT max({}) AS top FROM {}) AS largest WHERE top IS NOT NULL"
        ).format(
            sql.Literal(table_name(table).as_string(conn)),
            sql.Literal(column),
            sql.Identifier(column),
            table_name(table),
        )
    )
