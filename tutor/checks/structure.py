"""What a table's catalog shows of keys and indexes, without trying a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.database.sqltext import normal_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.course.step import ForeignKeyGoal, IndexGoal
    from tutor.database.catalog import Table


def has_unique(table: Table, columns: Sequence[str]) -> bool:
    """Whether a whole-table unique index is on exactly these columns, in any order."""
    return any(
        index.unique and index.valid and index.where is None and set(index.columns) == set(columns)
        for index in table.indexes.values()
    )


def has_foreign_key(table: Table, wanted: ForeignKeyGoal) -> bool:
    """Whether a validated foreign key leads from the columns to those that are wanted."""
    return any(
        key.kind == "foreign key"
        and key.columns == wanted.columns
        and key.references is not None
        and key.references.table == wanted.table
        and key.references.columns == wanted.references
        and key.validated
        for key in table.constraints.values()
    )


def has_index(table: Table, wanted: IndexGoal) -> bool:
    """Whether a valid index is on these columns, in this order, for these rows."""
    return any(
        index.columns == wanted.columns
        and index.valid
        and _predicate(index.where) == _predicate(wanted.where)
        for index in table.indexes.values()
    )


def _predicate(where: str | None) -> str | None:
    """Return a predicate in normal form; `x = true` and `x IS TRUE` are the same rows as `x`."""
    if where is None:
        return None
    plain = normal_form(where).lower().replace("(", " ").replace(")", " ")
    words = " ".join(plain.split())
    return words.removesuffix("= true").removesuffix("is true").strip()
