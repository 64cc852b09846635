"""Which indexes serve a question: their conditions are tried on values, their use on the planner.

For copies of a database only: what is dropped for a try comes back with the transaction.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError
from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.connect import database_errors
from tutor.postgres.probe.probe import drop_index
from tutor.postgres.probe.values import bare_type, fresh_values
from tutor.postgres.rows import quote, table_name
from tutor.postgres.sqltext import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import psycopg
    from psycopg import sql

    from tutor.postgres.catalog.catalog import Catalog, Table

MOST_COLUMNS = 5
"""A condition on more columns is not tried: there would be too many combinations of values."""

_NUMBERS = {"smallint", "integer", "bigint", "numeric", "real", "double precision"}
_EXISTING = 3
"""So many values of a column that are there are tried, beside those made up."""


def serving_indexes(
    conn: psycopg.Connection, table: str, columns: Sequence[str], where: str | None
) -> frozenset[str]:
    """Return the names of the valid indexes that serve one question about a table.

    The question: the rows with certain values in the columns, and with the condition `where`. Such
    an index begins with the columns, in this order (further ones do no harm), holds exactly the
    rows for which the condition is true, and PostgreSQL's planner searches it by the columns where
    it is the table's only one. Raises CannotActError where the server fails, or there is no such
    table.
    """
    with database_errors(f"try the indexes of {table}"), conn.transaction(force_rollback=True):
        catalog = read_catalog(conn)
        shape = catalog.tables[table]
        first = tuple(map(_as_printed, columns))
        conn.execute("SET LOCAL enable_seqscan = off")
        return frozenset(
            name
            for name, index in shape.indexes.items()
            if index.valid
            and index.columns[: len(first)] == first
            and _same_rows(conn, catalog, table, index.where, where)
            and _is_searched(conn, shape, table, name, columns)
        )


def _as_printed(column: str) -> str:
    """Return a column's name as an index definition has it: in quotation marks where needed."""
    return column if column.islower() and column.isidentifier() else quote(column)


def _is_searched(
    conn: psycopg.Connection, shape: Table, table: str, name: str, columns: Sequence[str]
) -> bool:
    """Ask the planner, once the table's other indexes are gone, whether it searches this one.

    It is asked in the words of the index's own condition, since PostgreSQL compares conditions by
    their form: an index WHERE x IS TRUE is not found for WHERE x.
    """
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    # A subquery's value is not known to the planner: it plans for any.
    conditions: list[sql.Composable] = [
        sql.SQL("{} = (SELECT CAST(NULL AS {}))").format(
            sql.Identifier(column), sql.SQL(bare_type(shape.columns[column].type))
        )
        for column in columns
    ]
    conditions.append(_expression(shape.indexes[name].where))
    query = sql.SQL("EXPLAIN (FORMAT JSON) SELECT * FROM {} WHERE {}").format(
        table_name(table), sql.SQL(" AND ").join(conditions)
    )
    with conn.transaction(force_rollback=True):
        for other, its in shape.indexes.items():
            if other != name:
                drop_index(conn, table, other, its)
        row = conn.execute(query).fetchone()
    return row is not None and any(
        set(columns) <= {word.strip('"') for word in tokens(node.get("Index Cond", ""))}
        for node in _nodes(row[0][0]["Plan"])
        if node.get("Index Name") == name
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _same_rows(
    conn: psycopg.Connection, catalog: Catalog, table: str, one: str | None, two: str | None
) -> bool:
    """Tell whether two conditions are true for the same rows, among those that the table may hold.

    They are tried on every combination of values of the columns that they name.
    """
    if one == two:
        return True
    import psycopg  # noqa: PLC0415 - see connect.py
    from psycopg import sql  # noqa: PLC0415

    shape = catalog.tables[table]
    words = {word.strip('"') for word in chain(tokens(one or ""), tokens(two or ""))}
    named = sorted(words & shape.columns.keys())
    if len(named) > MOST_COLUMNS:
        return False
    tried = sql.SQL(
        "SELECT FROM (SELECT * FROM {}) AS {} WHERE ({} IS TRUE) <> ({} IS TRUE) AND {} LIMIT 1"
    ).format(
        sql.SQL(" CROSS JOIN ").join(
            [sql.SQL("(SELECT) AS one"), *(_values(conn, catalog, table, name) for name in named)]
        ),
        sql.Identifier(table.rpartition(".")[2]),
        _expression(one),
        _expression(two),
        sql.SQL(" AND ").join([sql.SQL("true"), *_rules(shape, named)]),
    )
    try:
        with conn.transaction():
            return conn.execute(tried).fetchone() is None
    except psycopg.OperationalError:  # locks, time-outs, a lost connection: no verdict
        raise
    except psycopg.DatabaseError:  # a condition that fails for some values is not the one wanted
        return False


def _values(conn: psycopg.Connection, catalog: Catalog, table: str, name: str) -> sql.Composed:
    """Return a FROM item with one column: values to try, NULL among them where it is possible."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    column = catalog.tables[table].columns[name]
    there = conn.execute(
        sql.SQL("SELECT DISTINCT {0}::text FROM {1} WHERE {0} IS NOT NULL LIMIT {2}").format(
            sql.Identifier(name), table_name(table), sql.Literal(_EXISTING)
        )
    ).fetchall()
    kind = bare_type(column.type)
    labels = catalog.enums.get(column.type.replace('"', ""), ())
    try:
        made = fresh_values(column.type, (), labels, 2)
    except CannotActError:  # a type that the tutor has no values for
        made = []
    numbers = ("-1", "0") if kind in _NUMBERS else ()
    values: list[str | None] = [*dict.fromkeys((*chain.from_iterable(there), *made, *numbers))]
    if column.nullable:
        values.append(None)
    return sql.SQL("(SELECT CAST(unnest({}::text[]) AS {}) AS {}) AS {}").format(
        sql.Literal(values), sql.SQL(kind), sql.Identifier(name), sql.Identifier(f"of {name}")
    )


def _rules(shape: Table, named: Collection[str]) -> Iterator[sql.Composable]:
    """Yield the table's CHECKs on these columns alone: a row that breaks one cannot be there."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    for rule in shape.constraints.values():
        text = rule.definition.removeprefix("CHECK ")
        if rule.kind == "check" and rule.validated and set(rule.columns) <= set(named):
            yield sql.SQL("({}) IS NOT FALSE").format(_sql(text.removesuffix(" NO INHERIT")))


def _expression(condition: str | None) -> sql.SQL:
    """Return a condition as SQL: one of the catalog's own, or of the course's."""
    return _sql(f"({condition or 'true'})")


def _sql(text: str) -> sql.SQL:
    """Return text that PostgreSQL printed as a part of a statement."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    return sql.SQL(text.replace("{", "{{").replace("}", "}}"))
