"""The live schema beside what the step wants of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.errors import UsageError
from tutor.judge.compare import types
from tutor.judge.compare.structure import foreign_keys, indexes, unique_indexes
from tutor.postgres.catalog.catalog import Table, read_catalog, read_versions
from tutor.postgres.rows import count_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import ColumnGoal, TableGoal
    from tutor.postgres.catalog.catalog import Column
    from tutor.session.context import Context

_NO_GOAL, _FITS, _MISSING, _DIFFERS, _TO_DROP = "", "as wanted", "missing", "differs", "to drop"
_UNTRIED = "untried"


@dataclass(frozen=True)
class SchemaRow:
    """One line of `tutor schema`: what there is beside what the step wants.

    `kind` is "column", "constraint", "index" or "probe insert": one that a check tries on a copy.
    `state` is "as wanted", "missing" (without a name, but for a column), "differs", "to drop",
    "untried", or "" where the step asks nothing of it.
    """

    kind: str
    name: str
    live: str
    wanted: str
    state: str


@dataclass(frozen=True)
class TableView:
    """A table of the live schema (`exists` False: only wanted) with its row count."""

    name: str
    exists: bool
    rows: int
    lines: tuple[SchemaRow, ...]


@dataclass(frozen=True)
class SchemaView:
    """`tutor schema`: the live database's version and its tables beside the step's goal.

    `later`: the step leaves the database alone, and what is missing comes with a later one.
    """

    step_id: str
    versions: tuple[str, ...] | None
    tables: tuple[TableView, ...]
    later: bool = False


def schema(context: Context, table: str | None) -> SchemaView:
    """Return the live schema beside the step's goal. Raises UsageError for an unknown table."""
    step = context.course.step(context.progress.current)
    goals = {goal.name: goal for goal in step.tables}
    with context.server.connect(context.server.live, read_only=True) as connection:
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
        later=Requirement.APPLIED not in step.requires,
    )


def _lines(table: Table, goal: TableGoal | None) -> Iterator[SchemaRow]:
    wanted = {column.name: column for column in goal.columns} if goal else {}
    gone = goal.gone if goal else ()
    for name in (*table.columns, *(name for name in wanted if name not in table.columns)):
        yield _column(name, table.columns.get(name), wanted.get(name), to_drop=name in gone)
    asked = list(_asked(table, goal)) if goal else []
    serving = {name for _, _, names in asked for name in names}
    live = [("constraint", name, item.definition) for name, item in table.constraints.items()]
    live += [
        ("index", name, index.definition if index.valid else f"INVALID: {index.definition}")
        for name, index in table.indexes.items()
        if index.constraint is None
    ]
    for kind in ("constraint", "index"):
        for found, name, definition in live:
            if found == kind:
                state = _FITS if name in serving else _NO_GOAL
                yield SchemaRow(kind, name, definition, "", state)
        for found, want, names in asked:
            if found == kind and not names:
                yield SchemaRow(kind, "", "", want, _MISSING)
    for probe in goal.probes if goal else ():
        outcome = "to be accepted" if probe.refused_with is None else "to be refused"
        yield SchemaRow("probe insert", probe.why, "", outcome, _UNTRIED)


def _asked(table: Table, goal: TableGoal) -> Iterator[tuple[str, str, set[str]]]:
    """Yield the keys and indexes that the step wants: kind, definition, names of what serves."""
    for columns in goal.unique:
        yield "constraint", f"UNIQUE ({', '.join(columns)})", unique_indexes(table, columns)
    for key in goal.foreign_keys:
        target = f"{key.table}({', '.join(key.references)})"
        want = f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {target}"
        yield "constraint", want, foreign_keys(table, key)
    for index in goal.indexes:
        condition = f" WHERE {index.where}" if index.where else ""
        yield "index", f"({', '.join(index.columns)}){condition}", indexes(table, index)


def _column(
    name: str, live: Column | None, wanted: ColumnGoal | None, *, to_drop: bool
) -> SchemaRow:
    shown = f"{live.type}{'' if live.nullable else ' NOT NULL'}" if live else ""
    if to_drop:
        return SchemaRow("column", name, shown, "", _TO_DROP)
    if wanted is None:
        return SchemaRow("column", name, shown, "", _NO_GOAL)
    want = types.words(wanted.type or "any") + (" NOT NULL" if wanted.nullable is False else "")
    if live is None:
        return SchemaRow("column", name, "", want, _MISSING)
    fits = (wanted.type is None or types.fits(wanted.type, live.type)) and (
        wanted.nullable is None or wanted.nullable == live.nullable
    )
    return SchemaRow("column", name, shown, want, _FITS if fits else _DIFFERS)
