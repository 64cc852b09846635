"""The rows in the learner's database are what the revisions, as they are now, make of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.course.step import Level
from tutor.judge.compare.diagnosis import Fault
from tutor.judge.compare.transitions import moves
from tutor.judge.evidence.rows import counted, is_right
from tutor.judge.verdict import Finding, Layer, Status
from tutor.postgres.sqltext import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course.step import RowsGoal
    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.evidence.rows import Row

PLACE = (Layer.ROWS, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield where rows that the step began with are gone or hold other values, live only.

    A warning where the learner changed rows by hand, for those are theirs, or went down and up
    again. Unmet where they did neither: then a revision was edited after it had run. Unmet also for
    a step that asks for a way down and up again (`journal`): what that costs is what the step is
    about. Rows that were added are nobody's business.
    """
    if evidence.step.level < Level.APPLIED or evidence.replay is None:
        return
    diagnosis = evidence.diagnosis
    if diagnosis is None or diagnosis.fault is not Fault.NONE or diagnosis.claimed is None:
        return
    for goal in evidence.step.rows:
        live = evidence.live.rows.get(goal.table, {})
        mine = evidence.replay.mine.get(goal.table, frozenset())
        replayed = {
            key: row
            for key, row in diagnosis.claimed.rows.get(goal.table, {}).items()
            if key in mine
        }
        gone = [key for key in replayed if key not in live]
        changed = [
            key for key, row in replayed.items() if key in live and _differ(goal, row, live[key])
        ]
        if gone or changed:
            yield _finding(evidence, goal.table, len(replayed), len(gone), len(changed))


def _differ(goal: RowsGoal, replayed: Row, live: Row) -> bool:
    """Whether a followed value is another one, or a new one is right in the replay only."""
    return any(live.get(name) != replayed.get(name) for name in goal.keep) or any(
        replayed.get(is_right(name)) == "true" != live.get(is_right(name)) for name in goal.values
    )


def _finding(evidence: Evidence, table: str, rows: int, gone: int, changed: int) -> Finding:
    finding = Finding(
        "rows.live",
        Status.UNMET,
        Layer.ROWS,
        f"rows of {table} in your database are not those that the step began with",
        expected=f"{counted(rows)}, their values as they were",
        actual=f"{counted(gone)} gone, {counted(changed)} with other values",
        next="`tutor reset --rows` puts them back.",
    )
    theirs = evidence.case.start.differs  # told in an earlier step already
    if evidence.step.journal and not theirs:
        return finding
    # What an older revision, edited since, would do today was never promised.
    older = bool(evidence.history.edited)
    downgraded = any(move.kind == "downgrade" for move in moves(evidence))
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
