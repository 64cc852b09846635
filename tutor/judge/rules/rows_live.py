"""The rows in the learner's database are what the revisions, as they are now, make of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.diagnosis import Fault
from tutor.judge.compare.preservation import value_of
from tutor.judge.findings import Finding, Layer, Status, unmet
from tutor.judge.values.rows import counted, is_right
from tutor.postgres.sqltext import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.values.rows import FollowedTable, Row

FOR = {Requirement.APPLIED}
ORDER = (Layer.ROWS, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield where rows that the step began with are gone or hold other values, live only.

    A warning where the learner changed rows by hand, for those are theirs, or went down and up
    again. Unmet where they did neither: then a revision was edited after it had run. Unmet also for
    a step that requires the rows as they were. Rows that were added are nobody's business.
    """
    replay, diagnosis = evidence.replay, evidence.diagnosis
    if replay is None or diagnosis is None or diagnosis.claimed is None:
        return
    if diagnosis.fault is not Fault.NONE:
        return
    for table in replay.tables:
        if not table.managed:
            continue
        live = evidence.live.rows.get(table.name, {})
        learner_keys = replay.learner_keys.get(table.name, frozenset())
        replayed = {
            key: row
            for key, row in diagnosis.claimed.rows.get(table.name, {}).items()
            if key in learner_keys
        }
        gone = [key for key in replayed if key not in live]
        changed = [
            key for key, row in replayed.items() if key in live and _differ(table, row, live[key])
        ]
        if gone or changed:
            yield _finding(evidence, table.name, len(replayed), len(gone), len(changed))


def _differ(table: FollowedTable, replayed: Row, live: Row) -> bool:
    """Whether a value of the baseline is another one, or a new one is right in the replay only."""
    return any(
        value_of(table, live, column) != value_of(table, replayed, column)
        for column in table.columns
    ) or any(
        replayed.get(is_right(column)) is True is not live.get(is_right(column))
        for column in table.goal.values
    )


def _finding(evidence: Evidence, table: str, rows: int, gone: int, changed: int) -> Finding:
    finding = unmet(
        "rows.live",
        f"rows of {table} in your database are not those that the step began with",
        expected=f"{counted(rows)}, their values as they were",
        actual=f"{counted(gone)} gone, {counted(changed)} with other values",
        next="`tutor reset --rows` puts them back.",
    )
    theirs = evidence.case.rows_differ  # told in an earlier step already
    if evidence.requires(Requirement.ROWS) and not theirs:
        return finding
    # What an older revision, edited since, would do today was never promised.
    older = bool(evidence.history.edited)
    downgraded = any(item.kind == "downgrade" for item in evidence.transitions)
    if theirs or older or downgraded or _changed_by_hand(evidence, table):
        return replace(
            finding,
            status=Status.WARNING,
            next=f"That does not count against you. {finding.next}",
        )
    return replace(
        finding,
        summary=f"rows of {table} in your database are not what your revisions make of them: a "
        f"revision was edited after it ran",
        expected=f"{counted(rows)}, as upgrade() says now",
        next="`tutor reset --rows` puts back the rows that the step began with, and runs your "
        "revisions on them as they are now; your files stay.",
    )


def _changed_by_hand(evidence: Evidence, table: str) -> bool:
    """Whether rows of a table were changed or removed outside a migration since the step began."""
    for event in evidence.events:
        if event.kind != "rows":
            continue
        for statement in event.statements:
            words = list(tokens(statement))
            # A DELETE or a TRUNCATE may cascade.
            if words[:1] in (["delete"], ["truncate"]) or (
                words[:1] != ["insert"] and {table, f'"{table}"'} & set(words)
            ):
                return True
    return False
