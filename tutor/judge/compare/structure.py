"""What a table's catalog shows of keys and indexes, without trying a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.postgres.sqltext import normal_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.course import ForeignKeyGoal, IndexGoal
    from tutor.postgres.catalog.catalog import Table


_TRUE = r"(?P<before>\w+) (= true|is true|< > false|is not false)|(true =|false < >) (?P<after>\w+)"


def unique_indexes(table: Table, columns: Sequence[str]) -> set[str]:
    """Return the names of the whole-table unique indexes on just these columns, in any order."""
    return {
        name
        for name, index in table.indexes.items()
        if index.unique and index.valid and index.where is None
        if set(index.columns) == set(columns)
    }


def foreign_keys(table: Table, wanted: ForeignKeyGoal) -> set[str]:
    """Return the names of the validated foreign keys from the columns to those wanted."""
    return {
        name
        for name, key in table.constraints.items()
        if key.kind == "foreign key"
        and key.columns == wanted.columns
        and key.references is not None
        and key.references.table == wanted.table
        and key.references.columns == wanted.references
        and key.validated
    }


def indexes(table: Table, wanted: IndexGoal) -> set[str]:
    """Return the names of the valid indexes that begin with these columns, for these rows.

    By the catalog alone: a copy can be asked for more, see `serving_indexes`.
    """
    return {
        name
        for name, index in table.indexes.items()
        if index.columns[: len(wanted.columns)] == wanted.columns
        and index.valid
        and _predicate(index.where) == _predicate(wanted.where)
    }


def _predicate(where: str | None) -> str | None:
    """Return a predicate in normal form; for a NOT NULL x each of `_TRUE` is the same rows as x."""
    if where is None:
        return None
    plain = normal_form(where).lower().replace("(", " ").replace(")", " ")
    words = " ".join(plain.split())
    found = re.fullmatch(_TRUE, words)
    return found["after"] or found["before"] if found else words
