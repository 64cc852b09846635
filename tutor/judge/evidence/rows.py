"""Read the rows that a check follows, with the expressions that the step's goal adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.judge.values.rows import carried, cast, is_right, should_be
from tutor.postgres.rows import count_rows, quote, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.course import KeptAs
    from tutor.judge.values.rows import FollowedTable, Rows
    from tutor.postgres.catalog.catalog import Catalog


MOST_UNMANAGED_ROWS = 5_000
"""A table that no step of the course has is followed up to this size: a learner may play."""


def read(connection: Any, catalog: Catalog, tables: Iterable[FollowedTable]) -> Rows:
    """Return the rows of the followed tables, as they are in the database of `connection`."""
    return {
        table.name: read_rows(connection, table.name, table.key, _expressions(table, catalog))
        for table in tables
        if table.name in catalog.tables
        and set(table.key) <= catalog.tables[table.name].columns.keys()
        and (table.managed or count_rows(connection, table.name) <= MOST_UNMANAGED_ROWS)
    }


def _expressions(table: FollowedTable, catalog: Catalog) -> dict[str, str]:
    """Return SQL by label, for what a column alone does not tell."""
    goal = table.goal
    columns = catalog.tables[table.name].columns
    expressions = {}
    for column, kind in goal.cast.items():
        name = goal.renamed.get(column, column)
        source = name if name in columns else column
        if source in columns:
            expressions[cast(column)] = f"{quote(source)}::{kind}"
    for column, kept_as in goal.kept_as.items():
        if _has_all(kept_as, catalog):
            expressions[carried(column)] = kept_as.sql
    for column, expression in goal.values.items():
        if column in columns:
            expressions[should_be(column)] = expression
            # As JSON, 10 equals 10.00, and a column of a wrong type is unequal, not an error.
            expressions[is_right(column)] = (
                f"to_jsonb({quote(column)}) IS NOT DISTINCT FROM to_jsonb({expression})"
            )
    return expressions


def _has_all(kept_as: KeptAs, catalog: Catalog) -> bool:
    """Whether the columns that an expression needs are there."""
    for needed in kept_as.needs:
        table, _, column = needed.rpartition(".")
        if table not in catalog.tables or column not in catalog.tables[table].columns:
            return False
    return True
