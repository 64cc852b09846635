"""The live schema beside what the step wants of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.checks import types
from tutor.checks.structure import has_foreign_key, has_index, has_unique
from tutor.database.catalog import Table, read_catalog, read_versions
from tutor.database.values import count_rows
from tutor.errors import UsageError
from tutor.results.views import SchemaRow, SchemaView, TableView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import ColumnGoal, TableGoal
    from tutor.database.catalog import Column
    from tutor.session.pieces import Pieces

_NO_GOAL, _FITS, _MISSING, _DIFFERS, _TO_GO = "", "as wanted", "missing", "differs", "to go"


def schema(pieces: Pieces, table: str | None) -> SchemaView:
    """Return the live schema beside the step's goal. Raises UsageError for an unknown table."""
    step = pieces.course.step(pieces.progress.current)
    goals = {goal.name: goal for goal in step.tables}
    with pieces.server.connect(pieces.server.live, read_only=True) as connection:
        catalog = read_catalog(connection)
        versions = read_versions(connection)
        counts = {name: count_rows(connection, name) for name in catalog.tables}
    names = sorted({*catalog.tables, *goals})
    if table is not None and table not in names:
        raise UsageError(
            f"There is no table {table} in your database, and step {step.id} wants none.",
            f"The tables are: {', '.join(names) or 'none'}.",
        )
    return SchemaView(
        step_id=step.id,
        versions=None if versions is None else tuple(versions),
        tables=tuple(
            TableView(
                name=name,
                exists=name in catalog.tables,
                rows=counts.get(name, 0),
                lines=tuple(_lines(catalog.tables.get(name, Table()), goals.get(name))),
            )
            for name in names
            if table in {None, name}
        ),
    )


def _lines(table: Table, goal: TableGoal | None) -> Iterator[SchemaRow]:
    wanted = {column.name: column for column in goal.columns} if goal else {}
    gone = goal.gone if goal else ()
    for name in (*table.columns, *(name for name in wanted if name not in table.columns)):
        yield _column(name, table.columns.get(name), wanted.get(name), to_go=name in gone)
    for name, constraint in table.constraints.items():
        yield SchemaRow("constraint", name, constraint.definition, "", _NO_GOAL)
    if goal is not None:
        yield from _wanted_constraints(table, goal)
    for name, index in table.indexes.items():
        if index.constraint is None:
            yield SchemaRow("index", name, index.definition, "", _NO_GOAL)
    for wanted_index in goal.indexes if goal else ():
        condition = f" WHERE {wanted_index.where}" if wanted_index.where else ""
        want = f"({', '.join(wanted_index.columns)}){condition}"
        yield _goal("index", want, has_index(table, wanted_index))


def _column(name: str, live: Column | None, wanted: ColumnGoal | None, *, to_go: bool) -> SchemaRow:
    shown = f"{live.type}{'' if live.nullable else ' NOT NULL'}" if live else ""
    if to_go:
        return SchemaRow("column", name, shown, "(gone)", _TO_GO)
    if wanted is None:
        return SchemaRow("column", name, shown, "", _NO_GOAL)
    want = types.words(wanted.type or "any") + (" NOT NULL" if wanted.nullable is False else "")
    if live is None:
        return SchemaRow("column", name, "", want, _MISSING)
    fits = (wanted.type is None or types.fits(wanted.type, live.type)) and (
        wanted.nullable is None or wanted.nullable == live.nullable
    )
    return SchemaRow("column", name, shown, want, _FITS if fits else _DIFFERS)


def _wanted_constraints(table: Table, goal: TableGoal) -> Iterator[SchemaRow]:
    for columns in goal.unique:
        yield _goal("constraint", f"UNIQUE ({', '.join(columns)})", has_unique(table, columns))
    for key in goal.foreign_keys:
        target = f"{key.table}({', '.join(key.references)})"
        want = f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {target}"
        yield _goal("constraint", want, has_foreign_key(table, key))


def _goal(kind: str, want: str, met: bool) -> SchemaRow:  # noqa: FBT001 - the outcome
    return SchemaRow(kind, want, "", want, _FITS if met else _MISSING)
