"""Rows as values, and the labels of the expressions that are read beside their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.course import RowsGoal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import Step, TableGoal
    from tutor.postgres.catalog.catalog import Catalog

Key = tuple[str, ...]
Row = dict[str, Any]
"""A row's values by column, and by label for the expressions that a step's goal adds."""

TableRows = dict[Key, Row]
Rows = dict[str, TableRows]


def counted(number: int) -> str:
    """Return "1 row", "2 rows"."""
    return f"{number} row{'' if number == 1 else 's'}"


def cast(column: str) -> str:
    """Return the label of a column's value in the type in which the step compares it."""
    return f"{column} cast"


def carried(column: str) -> str:
    """Return the label of a dropped column's value, read from its new place."""
    return f"{column} carried"


def should_be(column: str) -> str:
    """Return the label of the value that a column should have."""
    return f"{column} should be"


def is_right(column: str) -> str:
    """Return the label of PostgreSQL's own comparison of a column with what it should be."""
    return f"{column} is right"


@dataclass(frozen=True)
class FollowedTable:
    """A table whose rows are followed from the baseline through the replay.

    `key` are the columns by which its rows are known (none: whole rows), `columns` those whose
    values have to survive. `managed` is False for a table that no step of the course has.
    """

    goal: RowsGoal
    key: tuple[str, ...]
    columns: tuple[str, ...]
    managed: bool

    @property
    def name(self) -> str:
        """The table's name."""
        return self.goal.table


def followed_tables(step: Step, catalog: Catalog) -> tuple[FollowedTable, ...]:
    """Return the tables of a baseline, and those of which the step says what rows must hold.

    Every column has to survive but those that the step takes away without saying where to, and
    those that note when a row was changed (`onupdate`): a migration that changes rows changes them.
    """
    goals = {goal.table: goal for goal in step.rows}
    tables = {goal.name: goal for goal in step.tables}
    return tuple(
        FollowedTable(
            goal=goals.get(name) or RowsGoal(table=name),
            key=catalog.tables[name].primary_key if name in catalog.tables else (),
            columns=tuple(_surviving(name, goals.get(name), tables.get(name), catalog)),
            managed=name in tables,
        )
        for name in dict.fromkeys((*catalog.tables, *goals))
    )


def _surviving(
    name: str, goal: RowsGoal | None, table: TableGoal | None, catalog: Catalog
) -> Iterator[str]:
    present = catalog.tables[name].columns if name in catalog.tables else ()
    moved = {*goal.renamed, *goal.kept_as} if goal else set()
    changing = {column.name for column in table.columns if column.onupdate} if table else set()
    gone = set(table.gone) if table else set()
    for column in present:
        if column in moved or column not in gone | changing:
            yield column
