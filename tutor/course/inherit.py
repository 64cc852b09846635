"""A step's goal: what earlier steps established, and what its own front matter adds.

Tables: columns are merged by name, and what is said anew wins. `gone` and `optional` take an
inherited column out, and every inherited key, index and probe that mentions it. Unique constraints,
foreign keys, indexes and probes add up. `default` and `value` of a column concern only the step
that says them.

Rows: until a step requires its revisions to be applied, they are still those of the steps before,
so everything is inherited. From the next step on nothing is: the rows are what they have become.

App: path, table, body (field by field) and `refused` are inherited; `shows`, `delicate` and
`fills` are not.

What a step says itself comes first, so that findings on it are told first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from tutor.course.goals import AppGoal, ColumnGoal, Goal, RowsGoal, TableGoal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_ROLE = "@"

_Item = TypeVar("_Item")


def inherit(before: Goal, own: Goal, *, applied: bool) -> Goal:
    """Return the goal of a step; `applied`: whether the step before required its revisions to be.

    Raises ValueError for a goal that is incomplete, or that uses a role without naming it.
    """
    lost = {(table.name, name) for table in own.tables for name in (*table.gone, *table.optional)}
    tables = _by_name(before.tables)
    added = _by_name(own.tables)
    rows = {} if applied else {goal.table: goal for goal in before.rows}
    asked = {goal.table: goal for goal in own.rows}
    result = Goal(
        tables=tuple(
            _table(tables.get(name, TableGoal(name)), added.get(name, TableGoal(name)), lost)
            for name in {**added, **tables}
        ),
        rows=tuple(
            _rows(rows.get(name, RowsGoal(name)), asked.get(name, RowsGoal(name)))
            for name in {**asked, **rows}
        ),
        app=_app(before.app, own.app),
    )
    for table in result.tables:
        if unnamed := set(_roles(table)) - set(table.points_to):
            raise ValueError(f"goal.{table.name} does not say points_to {', '.join(unnamed)}")
    return result


def _by_name(tables: Iterable[TableGoal]) -> dict[str, TableGoal]:
    return {table.name: table for table in tables}


def _table(old: TableGoal, new: TableGoal, lost: set[tuple[str, str]]) -> TableGoal:
    def stays(*columns: str, table: str = old.name) -> bool:
        return not any((table, column) in lost for column in columns)

    said = {column.name: column for column in new.columns}
    kept = {column.name: column for column in old.columns if stays(column.name)}
    return TableGoal(
        name=new.name,
        points_to=new.points_to or old.points_to,
        columns=tuple(_column(name, kept.get(name), said.get(name)) for name in {**said, **kept}),
        gone=_joined(new.gone, old.gone, lambda name: name not in said),
        optional=_joined(new.optional, old.optional, lambda name: name not in said),
        primary_key=new.primary_key or (old.primary_key if stays(*old.primary_key) else ()),
        unique=_joined(new.unique, old.unique, lambda columns: stays(*columns)),
        foreign_keys=_joined(
            new.foreign_keys,
            old.foreign_keys,
            lambda key: stays(*key.columns) and stays(*key.references, table=key.table),
        ),
        indexes=_joined(
            new.indexes,
            old.indexes,
            lambda index: stays(*index.columns, *re.findall(r"\w+", index.where or "")),
        ),
        probes=_joined(new.probes, old.probes, lambda probe: stays(*probe.row)),
    )


def _joined(
    new: tuple[_Item, ...], old: tuple[_Item, ...], stays: Callable[[_Item], bool]
) -> tuple[_Item, ...]:
    """Return what a step adds, and what stays of what it inherits, each thing once."""
    return (*new, *(item for item in old if item not in new and stays(item)))


def _column(name: str, old: ColumnGoal | None, new: ColumnGoal | None) -> ColumnGoal:
    old, new = old or ColumnGoal(name), new or ColumnGoal(name)
    return ColumnGoal(
        name,
        new.type or old.type,
        old.nullable if new.nullable is None else new.nullable,
        new.default,
        new.onupdate or old.onupdate,
        new.value,
    )


def _rows(old: RowsGoal, new: RowsGoal) -> RowsGoal:
    return RowsGoal(
        table=new.table,
        renamed={**old.renamed, **new.renamed},
        cast={**old.cast, **new.cast},
        kept_as={**old.kept_as, **new.kept_as},
        values={**old.values, **new.values},
        many=new.many or old.many,
        prepare=new.prepare or old.prepare,
    )


def _app(old: AppGoal | None, new: AppGoal | None) -> AppGoal | None:
    if old is None and new is None:
        return None
    old, new = old or AppGoal(), new or AppGoal()
    app = AppGoal(
        path=new.path or old.path,
        table=new.table or old.table,
        body={**old.body, **new.body},
        refused=_joined(new.refused, old.refused, lambda _: True),
        shows=new.shows,
        delicate=new.delicate,
        fills=new.fills,
    )
    if not (app.path and app.table):
        raise ValueError("app needs path and table")
    return app


def _roles(table: TableGoal) -> Iterator[str]:
    """Yield the tables for which a column name of the goal stands: `users` for "@users"."""
    names = [*(column.name for column in table.columns), *table.primary_key]
    names += [name for columns in table.unique for name in columns]
    names += [name for key in table.foreign_keys for name in key.columns]
    names += [name for index in table.indexes for name in index.columns]
    names += [name for probe in table.probes for name in probe.row]
    return (name.removeprefix(_ROLE) for name in names if name.startswith(_ROLE))
