"""What questions ask for, looked up in the learner's own files and database.

Each fact is a function of the evidence and the question's argument; it returns what is right.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.judge.values.answers import Right

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tutor.course.step import Question
    from tutor.judge.evidence.evidence import Evidence
    from tutor.postgres.catalog.catalog import Column, Table

_NONE = ("none", "null", "nothing", "empty", "base", "<base>")

_NAME_LINES = (
    "{} UNIQUE CONSTRAINT, btree (…",  # \d
    "{} UNIQUE CONSTRAINT",
    "{} UNIQUE, btree (…",
    "{} btree (…",
    "{} (UNIQUE…",
    "…| {} | index |…",  # \di
    "CREATE INDEX {} ON …",  # pg_indexes
    "CREATE UNIQUE INDEX {} ON …",
    "CONSTRAINT {} UNIQUE (…",
    "op.create_unique_constraint({}, …",
    "op.create_index({}, …",
    "…UniqueConstraint(…, name={})",
)
"""Lines that show an index or a unique constraint, by its name."""


def right_answers(question: Question, evidence: Evidence) -> Right:
    """Return what is right for a question: what is written down, and what is looked up."""
    if question.fact is None:
        return Right(question.answers, question.shown)
    found = FACTS[question.fact](evidence, question.argument or "")
    return Right(question.answers + found.answers, question.shown + found.shown)


def current_revision(evidence: Evidence, _: str) -> Right:
    """Return what `python -m alembic current` prints."""
    return Right(evidence.live_versions or _NONE)


def head_revision(evidence: Evidence, _: str) -> Right:
    """Return what `python -m alembic heads` prints."""
    return Right(evidence.history.heads)


def new_revision(evidence: Evidence, _: str) -> Right:
    """Return the newest revision file's id."""
    return Right(evidence.history.heads)


def _before_head(evidence: Evidence) -> tuple[str, ...]:
    graph = evidence.history.graph
    return next((graph.by_id[head].down for head in graph.heads), ()) or _NONE


def rolled_back_to(evidence: Evidence, _: str) -> Right:
    """Return where the learner's downgrades led; before the first one, where `-1` will lead."""
    seen = [
        version
        for transition in evidence.transitions
        if transition.kind == "downgrade"
        for version in transition.after or _NONE
    ]
    return Right(tuple(seen) or _before_head(evidence))


def revision_after(evidence: Evidence, revision: str) -> Right:
    """Return the revisions that follow directly on one: any of them will do."""
    following = evidence.history.graph.following(revision)
    return Right(following, tuple(f"{revision} -> {found}…" for found in following))


def revision_count(evidence: Evidence, _: str) -> Right:
    """Return how many revisions there are."""
    return Right((str(len(evidence.history.graph.by_id)),))


def row_count(evidence: Evidence, table: str) -> Right:
    """Return how many rows a table has live."""
    return Right((str(evidence.count_rows(table)),))


def column_count(evidence: Evidence, table: str) -> Right:
    """Return how many columns a table has live."""
    return Right((str(len(_table(evidence, table).columns)),))


def data_type(evidence: Evidence, column: str) -> Right:
    r"""Return what information_schema calls a column's live type: in full, without a length.

    `\d` shows it with its length, in the row of the column.
    """
    full = _column(evidence, column).type
    name = re.sub(r"\(\d+(,\d+)?\)", "", full)
    own = column.rpartition(".")[2]
    rows = [f"{start}{own} | {said}{rest}" for start in ("", "…| ") for said in (name, full)
            for rest in ("", " |…")]  # fmt: skip
    return Right((name, full), (*rows, f"data_type | {name}"))


def is_nullable(evidence: Evidence, column: str) -> Right:
    """Say whether a live column allows NULL."""
    nullable = _column(evidence, column).nullable
    return Right(("YES", "y", "true") if nullable else ("NO", "n", "false"))


def unique_name(evidence: Evidence, column: str) -> Right:
    """Return the names of what keeps a live column unique: constraints and indexes."""
    table, _, name = column.partition(".")
    return _names(
        found
        for found, index in _table(evidence, table).indexes.items()
        if index.unique and index.columns == (name,)
    )


def index_names(evidence: Evidence, table: str) -> Right:
    """Return the names of a live table's indexes: any of them will do."""
    return _names(_table(evidence, table).indexes)


def _names(names: Iterable[str]) -> Right:
    """Return names of indexes, with the lines in which psql and revisions show them."""
    found = tuple(names)
    return Right(found, tuple(line.format(name) for line in _NAME_LINES for name in found))


FACTS: dict[str, Callable[[Evidence, str], Right]] = {
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
