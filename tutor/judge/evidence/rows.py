"""Which values of a table a step follows from its start to the state that is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.postgres.rows import quote, read_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.course.step import KeptAs, RowsGoal
    from tutor.postgres.catalog.catalog import Catalog

Row = dict[str, str | None]
TableRows = dict[tuple[str, ...], Row]
"""Rows by key, each a value (as text) by the name the column had at the step's start."""

Rows = dict[str, TableRows]


def read(connection: Any, goals: Sequence[RowsGoal], catalog: Catalog) -> Rows:
    """Return the rows that the goals follow, as they are in the database of `connection`."""
    return {
        goal.table: read_values(connection, goal.table, goal.key, _expressions(goal, catalog))
        for goal in goals
        if goal.table in catalog.tables and set(goal.key) <= set(catalog.tables[goal.table].columns)
    }


def counted(number: int) -> str:
    """Return "1 row", "2 rows"."""
    return f"{number} row{'' if number == 1 else 's'}"


def should_be(column: str) -> str:
    """Return the name under which the value that a column should have is read beside it."""
    return f"{column} should be"


def elsewhere(column: str) -> str:
    """Return the name under which a column's new place is read while the column is still there."""
    return f"{column} elsewhere"


def is_right(column: str) -> str:
    """Return the name under which PostgreSQL's comparison of the two is read."""
    return f"{column} is right"


def _expressions(goal: RowsGoal, catalog: Catalog) -> dict[str, str]:
    """Return SQL by label. A renamed column is read under its old name from either state."""
    columns = catalog.tables[goal.table].columns
    expressions = {}
    for column in goal.keep:
        names = (goal.renamed.get(column, column), column)
        source = next((quote(name) for name in names if name in columns), None)
        if source is None and column in goal.kept_as:
            source = _instead(goal.kept_as[column], catalog)
        if source is not None:
            cast = f"::{goal.cast[column]}" if column in goal.cast else ""
            expressions[column] = f"{source}{cast}"
        if column in columns and column in goal.kept_as:
            instead = _instead(goal.kept_as[column], catalog)
            expressions |= {elsewhere(column): instead} if instead else {}
    for column, expression in goal.values.items():
        if column in columns:
            expressions[column] = quote(column)
            expressions[should_be(column)] = expression
            # As JSON, 10 equals 10.00, and a column of a wrong type is unequal, not an error.
            expressions[is_right(column)] = (
                f"to_jsonb({quote(column)}) IS NOT DISTINCT FROM to_jsonb({expression})"
            )
    return expressions


def _instead(kept_as: KeptAs, catalog: Catalog) -> str | None:
    """Return the expression that stands for a dropped column, where what it needs is there."""
    for needed in kept_as.needs:
        table, _, column = needed.rpartition(".")
        if table not in catalog.tables or column not in catalog.tables[table].columns:
            return None
    return kept_as.sql
