"""The new revisions run on a copy with rows, and build what the step asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, Status, met, unmet
from tutor.judge.values.replay import Varied
from tutor.judge.words.advice import fix_and_run_again
from tutor.judge.words.learner_code import at, foreign_or, line_of, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.values.replay import Failure, Replay
    from tutor.workspace.code.error import LearnerCodeError

FOR = {Requirement.DRAFT, Requirement.REHEARSAL}
ORDER = (Layer.REVISIONS, 20)

_CHECK_VIOLATION = "23514"
_TOO_LONG = "22001"
_SEVERAL = "cannot insert multiple commands into a prepared statement"
_EXISTS = "It is there already: a revision may only add what those before it did not."
_ADVICE = {
    "23502": "Rows that are there have no value for the new column: add it as nullable, fill it "
    "with an UPDATE, then make it NOT NULL (or give it a server_default).",
    "23505": "Several rows have the same value: give each its own in upgrade(), before the "
    "constraint is created.",
    "23514": "Rows that are there break the rule: fix their values in upgrade(), with an UPDATE "
    "before the constraint. Changed in psql they would be right in this database only.",
    "42701": _EXISTS,
    "42P07": _EXISTS,
    "25001": "Alembic's transaction must be closed for it: put it into `with "
    "op.get_context().autocommit_block():`.",
    "42703": "No such column is there at that moment: look at what the lines and the revisions "
    "before it have added, renamed or dropped.",
    "42710": _EXISTS,
}
"""What to do about a refused statement, by SQLSTATE (PostgreSQL, appendix A)."""

_ADVICE_ON_INSERT = {
    "23502": "The INSERT leaves out a column that must not be NULL: give it a value there (a "
    "`default=` in models.py is Python's, SQL does not know it).",
    "23505": "The INSERT writes the same value twice, or one that is there already: SELECT "
    "DISTINCT takes each once.",
}


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield how the rehearsal went, then the goal's findings on what it built.

    A draft is judged on empty tables: what would happen to rows is a later step's to show.
    """
    if evidence.replay is None:
        return
    if not evidence.new:
        if evidence.replay.start.reached:
            yield from evidence.replay.start.goal
        return
    draft = evidence.requires(Requirement.DRAFT)
    judged = evidence.replay_empty if draft else evidence.replay
    if judged is None:
        return
    if not draft or judged.upgrade is not None:
        yield _rehearsed(evidence, judged)
    if evidence.history.empty(evidence.new) and judged.reached is None:
        return  # that is said already
    if judged.upgrade is None or judged.reached is not None:
        for finding in judged.judged.goal:
            if finding.unmet:
                yield replace(finding, next=fix_and_run_again(evidence, finding.next))
            else:
                yield finding


def _rehearsed(evidence: Evidence, replay: Replay) -> Finding:
    """Return how the upgrade went on a copy with rows."""
    if replay.upgrade is not None:
        return foreign_or(replay.upgrade.error, _failed(evidence, replay.upgrade))
    if replay.failed_on_made is not None and replay.reached is not None:
        return _fails_on_made(evidence, replay, replay.failed_on_made)
    return met("revision.upgrade", "the upgrade runs on a copy of your database, rows included")


def _failed(evidence: Evidence, failure: Failure) -> Finding:
    name = evidence.history.title_of(failure.revision)
    error = failure.error
    if error.kind == "hang":
        summary = f"upgrade() of {name} does not end"
        then = f"Take out of {name} whatever waits or loops."
    else:
        summary = f"upgrade() of {name} fails on a copy of your database{at(line_of(error))}"
        then = _advice(error)
    return unmet(
        "revision.upgrade",
        summary,
        expected="the upgrade runs where there are rows",
        actual=said(error),
        next=then,
    )


def _fails_on_made(evidence: Evidence, replay: Replay, failure: Failure) -> Finding:
    """Return the finding where only rows that were made for the check stop the upgrade.

    Where it runs with rows that differ in all but NULL, it refuses NULL aloud and loses nothing: a
    warning, and so is a CHECK of the learner's own that such a row breaks.
    """
    finding = replace(
        _failed(evidence, failure),
        summary=f"upgrade() of {evidence.history.title_of(failure.revision)} runs with your rows, "
        f"and fails with others that the tables may hold{at(line_of(failure.error))}",
        expected="the upgrade runs whatever rows the tables hold: NULL, new names, other ids",
    )
    on_null = replay.varied is Varied.WITHOUT_NULL
    own_rule = failure.error.sqlstate == _CHECK_VIOLATION
    return replace(finding, status=Status.WARNING) if on_null or own_rule else finding


def _advice(error: LearnerCodeError) -> str:
    sqlstate, statement = error.sqlstate, error.statement
    if sqlstate == _TOO_LONG and "version_num" in (statement or ""):
        return (
            "alembic_version holds 32 characters: give the file a shorter `revision`. A "
            "colleague's revision that follows it has to name the new one."
        )
    if _SEVERAL in error.message:
        return "Give each statement an `op.execute` of its own: asyncpg sends one at a time."
    if sqlstate is None:
        return "Fix that, then run `tutor check` again: it tried the revision on a copy."
    inserting = (statement or "").lstrip().upper().startswith("INSERT")
    column = error.detail.get("column")
    if inserting and column in _insert_columns(statement or ""):
        return (
            f"The INSERT brings a NULL for {column}: leave such rows out (WHERE … IS NOT NULL), "
            "or give a value in its place (coalesce)."
        )
    advice = (_ADVICE_ON_INSERT if inserting else _ADVICE).get(sqlstate)
    if advice is not None:
        return advice
    return "Fix the statement that PostgreSQL refused, then check again."


def _insert_columns(statement: str) -> set[str]:
    """Return the columns that an INSERT lists behind its table."""
    listed = re.search(r"\(([^()]*)\)", statement)
    return {name.strip(' "\n\t') for name in listed[1].split(",")} if listed else set()
