"""The factory of probe rows: copies of an existing row, or generated ones in an empty table."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError
from tutor.postgres.probe.values import bare_type, fresh_values
from tutor.postgres.rows import table_name
from tutor.postgres.sqltext import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import psycopg
    from psycopg import sql

    from tutor.postgres.catalog.catalog import Catalog, Column, Constraint, Index, Table


class _Default(enum.Enum):
    DEFAULT = "DEFAULT"


# The value of an override that leaves the column out, so that its default applies.
DEFAULT = _Default.DEFAULT


class Factory:
    """Adds rows to the tables of one database, in the transaction that the caller has open."""

    def __init__(self, conn: psycopg.Connection, catalog: Catalog) -> None:
        """Take a connection to a copy, and what the catalog says of it at this moment."""
        self._conn = conn
        self._catalog = catalog
        self._under_way: list[str] = []

    def add(
        self,
        table: str,
        number: int,
        overrides: Mapping[str, object] | None = None,
        *,
        keep: Collection[str] = (),
        renew: Collection[str] = (),
        returning: Sequence[str] = (),
    ) -> list[tuple[Any, ...]]:
        """Insert `number` rows; return the values of the columns `returning`, as text.

        Each row is a copy of an existing one with `overrides` laid over it. In every unique index
        that the overrides do not fill, one column gets fresh values, and each of `renew` does.
        `keep`: columns copied as they are from a row where none of them is NULL. Generated columns
        and GENERATED ALWAYS identities are left to PostgreSQL.
        Raises the driver's error where a row is refused, CannotActError where none can be made up.
        """
        shape = self._catalog.tables[table]
        from psycopg import sql  # noqa: PLC0415 - see connect.py

        given = overrides or {}
        if table in self._under_way:
            raise CannotActError(
                f"The tutor cannot make up a row of {table}: its foreign keys go round in a circle."
            )
        self._under_way.append(table)
        try:
            fresh = [*_to_renew(shape, {*given, *keep, *renew}), *renew]
            values = self._fresh(table, shape, fresh, number)
            copied = self.has_row(table, keep)
            if not copied:
                values |= self._made_up(shape, {*given, *values}, number)
        finally:
            self._under_way.pop()
        query, parameters = self._insert(table, number, given, values, keep if copied else None)
        if returning:
            texts = [sql.SQL("{}::text").format(sql.Identifier(name)) for name in returning]
            query += sql.SQL(" RETURNING ") + _listed(texts)
        cursor = self._conn.execute(query, parameters)
        return cursor.fetchall() if returning else []

    def has_row(self, table: str, keep: Collection[str] = ()) -> bool:
        """Tell whether there is a row to copy: one where none of the columns `keep` is NULL."""
        return self._conn.execute(self._base(table, keep)).fetchone() is not None

    def _insert(
        self,
        table: str,
        number: int,
        given: Mapping[str, object],
        values: Mapping[str, list[str | None]],
        keep: Collection[str] | None,
    ) -> tuple[sql.Composed, list[object]]:
        """Return the INSERT and its parameters.

        `values`: a list for each column, with one value a row; `keep` is None where no row is
        copied.
        """
        from psycopg import sql  # noqa: PLC0415 - see connect.py

        targets: list[sql.Identifier] = []
        sources: list[sql.Composable] = []
        parameters: list[object] = []
        for name, column in self._catalog.tables[table].columns.items():
            if not _writable(column) or given.get(name) is DEFAULT:
                continue
            kind = sql.SQL(bare_type(column.type))
            if name in given:
                sources.append(sql.SQL("CAST(%s AS {})").format(kind))
                parameters.append(_adapted(given[name]))
            elif name in values:
                sources.append(sql.SQL("CAST({} AS {})").format(sql.Identifier("new", name), kind))
            elif keep is not None:
                sources.append(sql.Identifier("base", name))
            else:
                continue
            targets.append(sql.Identifier(name))
        query = sql.SQL(
            "INSERT INTO {} {} SELECT {}"
            " FROM unnest(ARRAY(SELECT generate_series(1, {})){}) AS new({})"
        ).format(
            table_name(table),
            sql.SQL("({})").format(_listed(targets)) if targets else sql.SQL(""),
            _listed(sources),
            sql.Literal(number),
            sql.SQL(", %s::text[]" * len(values)),
            _listed([sql.Identifier("row number"), *map(sql.Identifier, values)]),
        )
        if keep is not None:
            query += sql.SQL(" CROSS JOIN ({}) AS base").format(self._base(table, keep))
        return query, [*parameters, *values.values()]

    def _fresh(
        self, table: str, shape: Table, columns: Collection[str], number: int
    ) -> dict[str, list[str | None]]:
        """Return `number` values for each column, none of them in the table."""
        values: dict[str, list[str | None]] = {}
        for name in columns:
            if name in values or not _writable(shape.columns[name]):
                continue
            if key := _foreign_key(shape, name):
                values |= self._new_targets(key, number)
            else:
                values[name] = list(self._fresh_column(table, name, shape.columns[name], number))
        return values

    def _fresh_column(self, table: str, name: str, column: Column, number: int) -> list[str]:
        from psycopg import sql  # noqa: PLC0415 - see connect.py

        query = sql.SQL("SELECT DISTINCT {0}::text FROM {1} WHERE {0} IS NOT NULL").format(
            sql.Identifier(name), table_name(table)
        )
        present = [text for (text,) in self._conn.execute(query)]
        return fresh_values(column.type, present, self._labels(column), number)

    def _made_up(
        self, shape: Table, settled: Collection[str], number: int
    ) -> dict[str, list[str | None]]:
        """Return values for the columns that an empty table's first rows cannot do without."""
        values: dict[str, list[str | None]] = {}
        for name, column in shape.columns.items():
            optional = column.nullable or column.default or column.identity
            if name in settled or name in values or optional or not _writable(column):
                continue
            if key := _foreign_key(shape, name):
                values |= self._some_target(key, number)
            else:
                value = fresh_values(column.type, (), self._labels(column), 1)
                values[name] = [value[0]] * number
        return values

    def _new_targets(self, key: Constraint, number: int) -> dict[str, list[str | None]]:
        """Add rows to the table that a foreign key points to; return keys that point to them."""
        if key.references is None:
            return {}
        target = key.references
        rows = self.add(target.table, number, returning=target.columns)
        return {name: [row[place] for row in rows] for place, name in enumerate(key.columns)}

    def _some_target(self, key: Constraint, number: int) -> dict[str, list[str | None]]:
        """Return a key that points to an existing row, or to a new one where there is none."""
        if key.references is None:
            return {}
        target = key.references
        rows = self._conn.execute(self._base(target.table, target.columns, text=True)).fetchall()
        rows = rows or self.add(target.table, 1, returning=target.columns)
        return {name: [rows[0][place]] * number for place, name in enumerate(key.columns)}

    def _base(self, table: str, keep: Collection[str], *, text: bool = False) -> sql.Composed:
        """Return the query for the row to copy; with `text`, of the columns `keep`, as text."""
        from psycopg import sql  # noqa: PLC0415 - see connect.py

        kept = [sql.Identifier(name) for name in keep]
        query = sql.SQL("SELECT {} FROM {}").format(
            _listed([sql.SQL("{}::text").format(name) for name in kept]) if text else sql.SQL("*"),
            table_name(table),
        )
        if kept:
            whole = [sql.SQL("{} IS NOT NULL").format(name) for name in kept]
            query += sql.SQL(" WHERE ") + sql.SQL(" AND ").join(whole)
        # Always the same row: the first by primary key, where there is one.
        if order := [sql.Identifier(name) for name in self._catalog.tables[table].primary_key]:
            query += sql.SQL(" ORDER BY ") + _listed(order)
        return query + sql.SQL(" LIMIT 1")

    def _labels(self, column: Column) -> tuple[str, ...]:
        return self._catalog.enums.get(column.type.replace('"', ""), ())


def index_columns(index: Index, shape: Table) -> tuple[str, ...]:
    """Return the columns that an index is about, those within its expressions among them."""
    names = dict.fromkeys(
        word.strip('"') for item in index.columns for word in tokens(item) if word[:1] != "'"
    )
    return tuple(name for name in names if name in shape.columns)


def _to_renew(shape: Table, settled: Collection[str]) -> list[str]:
    """Choose one column of each unique index to get fresh values, none of the `settled` ones.

    Not a foreign key's where another will do: a fresh one needs a new row in another table.
    """
    chosen: list[str] = []
    unique = [index_columns(index, shape) for index in shape.indexes.values() if index.unique]
    for columns in sorted(unique, key=len):  # the column of a narrow index serves a wider one too
        free = [name for name in columns if name not in settled]
        if free and not set(chosen) & set(free):
            chosen.append(min(free, key=lambda name: _foreign_key(shape, name) is not None))
    return chosen


def _foreign_key(shape: Table, column: str) -> Constraint | None:
    for constraint in shape.constraints.values():
        if constraint.kind == "foreign key" and column in constraint.columns:
            return constraint
    return None


def _writable(column: Column) -> bool:
    return column.generated is None and column.identity != "always"


def _adapted(value: object) -> object:
    from psycopg.types.json import Jsonb  # noqa: PLC0415 - see connect.py

    return Jsonb(value) if isinstance(value, dict) else value


def _listed(items: Iterable[sql.Composable]) -> sql.Composed:
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    return sql.SQL("") + sql.SQL(", ").join(items)
