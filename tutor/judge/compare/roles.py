"""Bind a goal's roles to the names that the learner chose.

A goal with `points_to` speaks of any table with a foreign key to each of the tables named; a column
that begins with "@" is the one that points to that table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.course import TableGoal
    from tutor.postgres.catalog.catalog import Catalog, Table

_ROLE = "@"


def bind(goals: Iterable[TableGoal], catalog: Catalog) -> tuple[TableGoal, ...]:
    """Return the goals with the learner's names in the place of roles.

    A goal whose table is not there stays as it is: then no table of that name is found either.
    """
    return tuple(_bind(goal, catalog) if goal.points_to else goal for goal in goals)


def _bind(goal: TableGoal, catalog: Catalog) -> TableGoal:
    for name, table in catalog.tables.items():
        columns = _pointing(table)
        if set(goal.points_to) <= columns.keys():
            return _renamed(goal, name, columns)
    return goal


def _pointing(table: Table) -> dict[str, str]:
    """Return the column that points to each table: of the foreign keys with one column."""
    return {
        key.references.table: key.columns[0]
        for key in table.constraints.values()
        if key.references is not None and len(key.columns) == 1
    }


def _renamed(goal: TableGoal, table: str, columns: Mapping[str, str]) -> TableGoal:
    def name(column: str) -> str:
        return columns.get(column.removeprefix(_ROLE), column) if column[:1] == _ROLE else column

    def names(listed: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(name, listed))

    def row(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name(column): value for column, value in values.items()}

    return replace(
        goal,
        name=table,
        columns=tuple(replace(column, name=name(column.name)) for column in goal.columns),
        primary_key=names(goal.primary_key),
        unique=tuple(map(names, goal.unique)),
        foreign_keys=tuple(replace(key, columns=names(key.columns)) for key in goal.foreign_keys),
        indexes=tuple(replace(index, columns=names(index.columns)) for index in goal.indexes),
        probes=tuple(replace(probe, row=row(probe.row)) for probe in goal.probes),
    )
