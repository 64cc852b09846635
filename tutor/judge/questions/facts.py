"""What questions ask for, looked up in the learner's own files and database.

Each fact is a function of the evidence and the question's argument; it returns every spelling that
is right.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.errors import CannotActError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.course.step import Question
    from tutor.judge.evidence.evidence import Evidence
    from tutor.postgres.catalog.catalog import Column, Table

_NONE = ("none", "null", "nothing", "empty", "base", "<base>")


def right_answers(question: Question, evidence: Evidence) -> tuple[str, ...]:
    """Return the right answers to a question: those written down, and those looked up."""
    if question.fact is None:
        return question.answers
    return question.answers + FACTS[question.fact](evidence, question.argument or "")


def current_revision(evidence: Evidence, _: str) -> tuple[str, ...]:
    """Return what `python -m alembic current` prints."""
    return evidence.live_versions or _NONE


def head_revision(evidence: Evidence, _: str) -> tuple[str, ...]:
    """Return what `python -m alembic heads` prints."""
    return evidence.history.heads


def new_revision(evidence: Evidence, _: str) -> tuple[str, ...]:
    """Return the newest revision file's id."""
    return evidence.history.heads


def _before_head(evidence: Evidence) -> tuple[str, ...]:
    graph = evidence.history.graph
    return next((graph.by_id[head].down for head in graph.heads), ()) or _NONE


def rolled_back_to(evidence: Evidence, _: str) -> tuple[str, ...]:
    """Return where the learner's downgrades led; before the first one, where `-1` will lead."""
    seen = [
        version
        for transition in evidence.transitions
        if transition.kind == "downgrade"
        for version in transition.after or _NONE
    ]
    return tuple(seen) or _before_head(evidence)


def revision_after(evidence: Evidence, revision: str) -> tuple[str, ...]:
    """Return the revisions that follow directly on one: any of them will do."""
    return evidence.history.graph.following(revision)


def revision_count(evidence: Evidence, _: str) -> tuple[str, ...]:
    """Return how many revisions there are."""
    return (str(len(evidence.history.graph.by_id)),)


def row_count(evidence: Evidence, table: str) -> tuple[str, ...]:
    """Return how many rows a table has live."""
    return (str(evidence.count_rows(table)),)


def column_count(evidence: Evidence, table: str) -> tuple[str, ...]:
    """Return how many columns a table has live."""
    return (str(len(_table(evidence, table).columns)),)


def data_type(evidence: Evidence, column: str) -> tuple[str, ...]:
    """Return what information_schema calls a column's live type: in full, without a length."""
    return (re.sub(r"\(\d+(,\d+)?\)", "", _column(evidence, column).type),)


def is_nullable(evidence: Evidence, column: str) -> tuple[str, ...]:
    """Say whether a live column allows NULL."""
    return ("YES", "y", "true") if _column(evidence, column).nullable else ("NO", "n", "false")


def unique_name(evidence: Evidence, column: str) -> tuple[str, ...]:
    """Return the names of what keeps a live column unique: constraints and indexes."""
    table, _, name = column.partition(".")
    return tuple(
        found
        for found, index in _table(evidence, table).indexes.items()
        if index.unique and index.columns == (name,)
    )


def index_names(evidence: Evidence, table: str) -> tuple[str, ...]:
    """Return the names of a live table's indexes: any of them will do."""
    return tuple(_table(evidence, table).indexes)


FACTS: dict[str, Callable[[Evidence, str], tuple[str, ...]]] = {
    function.__name__: function
    for function in (
        current_revision,
        head_revision,
        new_revision,
        rolled_back_to,
        revision_after,
        revision_count,
        row_count,
        column_count,
        data_type,
        is_nullable,
        unique_name,
        index_names,
    )
}


def _table(evidence: Evidence, name: str) -> Table:
    try:
        return evidence.live.catalog.tables[name]
    except KeyError:
        raise CannotActError(
            f"Your database has no table {name}, which the question is about.",
            "Run `python -m alembic upgrade head`, or `tutor reset`.",
        ) from None


def _column(evidence: Evidence, dotted: str) -> Column:
    table, _, name = dotted.partition(".")
    try:
        return _table(evidence, table).columns[name]
    except KeyError:
        raise CannotActError(
            f"Your table {table} has no column {name}, which the question is about.",
            "Run `python -m alembic upgrade head`, or `tutor reset`.",
        ) from None
