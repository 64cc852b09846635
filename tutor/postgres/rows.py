"""Read what rows hold: whole tables as typed values, keys and counts.

Connections are psycopg's; every function issues one statement for each table it is asked about.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tutor.postgres.connect import database_errors, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg
    from psycopg import sql

    from tutor.postgres.catalog.catalog import Catalog
    from tutor.postgres.server import Server

Key = tuple[str, ...]


def quote(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def table_name(table: str) -> sql.Identifier:
    """Return a table's quoted name; it is given as in the catalog: `name` or `schema.name`."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    schema, _, name = table.rpartition(".")
    return sql.Identifier(schema or "public", name)


def read_rows(
    connection: psycopg.Connection,
    table: str,
    key: Sequence[str],
    expressions: Mapping[str, str],
) -> dict[Key, dict[str, Any]]:
    """Return all rows by key, every column as a JSON value, and each labelled SQL expression.

    Numbers compare as values: 849 equals 849.00, and 19.99 is the same as FLOAT and as NUMERIC.
    Where PostgreSQL refuses an expression (a value cannot be cast), what it said stands in its
    place. Equal rows without a key are told apart by a number.
    """
    import psycopg  # noqa: PLC0415 - see connect.py

    sources = list(expressions.values())
    try:
        rows = _select_json(connection, sources, table)
    except (psycopg.DataError, psycopg.ProgrammingError):
        sources = [_or_complaint(connection, source, table) for source in sources]
        rows = _select_json(connection, sources, table)
    found: dict[Key, dict[str, Any]] = {}
    for whole, *values in rows:
        row = json.loads(whole, parse_float=Decimal)
        row |= {
            label: None if value is None else json.loads(value, parse_float=Decimal)
            for label, value in zip(expressions, values, strict=True)
        }
        name = tuple(str(row[column]) for column in key) or (whole,)
        while name in found:  # only without a primary key
            name = (*name, "again")
        found[name] = row
    return found


def _select_json(
    connection: psycopg.Connection, expressions: Sequence[str], table: str
) -> list[tuple[str, ...]]:
    listed = "".join(f", to_jsonb({item})::text" for item in expressions)
    source = table_name(table).as_string(connection)
    query = f"SELECT to_jsonb({source}.*)::text{listed} FROM {source}"  # noqa: S608 - see _select
    with connection.transaction():
        return connection.execute(query.encode()).fetchall()


def read_keys(connection: psycopg.Connection, catalog: Catalog, table: str) -> set[Key]:
    """Return the primary keys of a table's rows; whole rows where it has no primary key.

    Raises CannotActError.
    """
    key = primary_key(catalog, table) or tuple(catalog.tables[table].columns)
    with database_errors(f"read the rows of {table}"):
        return {tuple(map(str, row)) for row in _select(connection, map(quote, key), table)}


def read_row(connection: psycopg.Connection, catalog: Catalog, table: str, key: Key) -> str:
    """Return the row with a primary key, as the text of a JSON object. Raises CannotActError."""
    columns = primary_key(catalog, table) or tuple(catalog.tables[table].columns)
    condition = " AND ".join(f"{quote(column)}::text = %s" for column in columns)
    source = table_name(table).as_string(connection)
    with database_errors(f"read a row of {table}"):
        row = connection.execute(
            f"SELECT to_jsonb(it)::text FROM {source} AS it WHERE {condition}".encode(),  # noqa: S608
            key,
        ).fetchone()
    return row[0] if row else "{}"


def all_keys(connection: psycopg.Connection, catalog: Catalog) -> dict[str, set[Key]]:
    """Return the primary keys of all rows, by table."""
    return {table: read_keys(connection, catalog, table) for table in catalog.tables}


def count_rows(connection: psycopg.Connection, table: str) -> int:
    """Return how many rows a table has. Raises CannotActError."""
    with database_errors(f"count the rows of {table}"):
        ((count,),) = _select(connection, ["count(*)"], table)
    return int(count or 0)


def primary_key(catalog: Catalog, table: str) -> tuple[str, ...]:
    """Return the columns of a table's primary key; empty where it has none."""
    constraints = catalog.tables[table].constraints.values()
    return next((tuple(item.columns) for item in constraints if item.kind == "primary key"), ())


def versions_of(server: Server, database: str) -> tuple[str, ...] | None:
    """Return what alembic_version holds in a database; None where there is no such table."""
    from tutor.postgres.catalog.catalog import read_versions  # noqa: PLC0415 - views may not need it

    with server.connect(database, read_only=True) as connection:
        versions = read_versions(connection)
    return None if versions is None else tuple(versions)


def empty_tables(connection: psycopg.Connection) -> None:
    """Take all rows out of a copy, but for those of alembic_version."""
    from tutor.postgres.catalog.catalog import version_table  # noqa: PLC0415 - views may not need it

    found = connection.execute(
        "SELECT string_agg(format('%%I.%%I', schemaname, tablename), ', ') FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
        "AND (schemaname, tablename) <> (%s, %s)",
        version_table(connection) or ("", ""),
    ).fetchone()
    if found and found[0]:
        connection.execute(f"TRUNCATE {found[0]} CASCADE".encode())


def _or_complaint(connection: psycopg.Connection, expression: str, table: str) -> str:
    """Return the expression where it can be evaluated over the table, else why not, as SQL."""
    import psycopg  # noqa: PLC0415 - see connect.py
    from psycopg import sql  # noqa: PLC0415

    try:
        _select_apart(connection, [expression], table)
    except (psycopg.DataError, psycopg.ProgrammingError) as error:
        return sql.Literal(f"({one_line(error)})").as_string(connection)
    return expression


def _select_apart(
    connection: psycopg.Connection, columns: Sequence[str], table: str
) -> list[tuple[str | None, ...]]:
    """Select so that a failure leaves the connection's transaction usable."""
    with connection.transaction():
        return _select(connection, columns, table)


def _select(
    connection: psycopg.Connection, columns: Sequence[str] | map[str], table: str
) -> list[tuple[str | None, ...]]:
    listed = ", ".join(f"({column})::text" for column in columns)
    # Identifiers are quoted, expressions come from the course's own front matter.
    source = table_name(table).as_string(connection)
    return connection.execute(f"SELECT {listed} FROM {source}".encode()).fetchall()  # noqa: S608
