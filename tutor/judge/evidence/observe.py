"""Look at a database with a step's goals in mind: its catalog, and probe inserts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError
from tutor.judge.compare.goal import has_columns
from tutor.judge.compare.roles import bind
from tutor.judge.compare.structure import unique_indexes
from tutor.judge.values.observation import Observation
from tutor.postgres.probe.ids import next_id
from tutor.postgres.probe.indexes import serving_indexes
from tutor.postgres.probe.probe import enforces_unique, try_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tutor.course import ProbeGoal, TableGoal
    from tutor.postgres.catalog.catalog import Catalog, Table
    from tutor.postgres.probe.ids import NextId
    from tutor.postgres.probe.probe import Outcome


def observe(connection: Any, catalog: Catalog, goals: Iterable[TableGoal]) -> Observation:
    """Return what a goal needs to know of a database; probe inserts are rolled back.

    `connection` leads to a copy, which `catalog` describes. Raises CannotActError where the server
    fails.
    """
    bound = bind(goals, catalog)
    ready = [
        (goal, catalog.tables[goal.name])
        for goal in bound
        if goal.name in catalog.tables and has_columns(goal, catalog.tables[goal.name])
    ]
    return Observation(
        catalog=catalog,
        goals=bound,
        unique={
            (goal.name, columns): _refuses_twin(connection, goal.name, columns, table)
            for goal, table in ready
            for columns in goal.unique
        },
        probes={
            goal.name: tuple(_outcomes(connection, goal.name, goal.probes)) for goal, _ in ready
        },
        serving={
            (goal.name, index): serving_indexes(connection, goal.name, index.columns, index.where)
            for goal, _ in ready
            for index in goal.indexes
        },
        next_ids=next_ids(connection, {goal.name: table for goal, table in ready}),
    )


def next_ids(connection: Any, tables: Mapping[str, Table]) -> dict[str, NextId]:
    """Return where the next row's id comes from, by table, for those with such a key."""
    return {
        name: found
        for name, table in tables.items()
        if (found := next_id(connection, name, table)) is not None
    }


def _refuses_twin(connection: Any, name: str, columns: tuple[str, ...], table: Table) -> bool:
    """Try a second row; where no row can be made (a CHECK refuses it), read the catalog."""
    try:
        return enforces_unique(connection, name, columns)
    except CannotActError:
        return bool(unique_indexes(table, columns))


def _outcomes(connection: Any, name: str, probes: Sequence[ProbeGoal]) -> Iterable[Outcome | None]:
    for probe in probes:
        try:
            (outcome,) = try_rows(connection, name, [dict(probe.row)])
        except CannotActError:
            yield None
        else:
            yield outcome
