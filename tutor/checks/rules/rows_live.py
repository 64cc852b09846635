"""The learner's own rows: what they changed in psql is theirs, and told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.checks.diagnosis import Fault
from tutor.checks.finding import Finding, Layer, Status
from tutor.course.step import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.checks.evidence import Evidence

PLACE = (Layer.ROWS, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield where rows that the step began with are gone or changed live only.

    A warning, but for a step that asks for a way down and up again (`journal`): what that costs is
    what the step is about. Rows that were added are nobody's business.
    """
    if evidence.step.level < Level.APPLIED or evidence.replay is None:
        return
    if evidence.diagnosis is None or evidence.diagnosis.fault is not Fault.NONE:
        return
    counts = bool(evidence.step.journal)
    for goal in evidence.step.rows:
        stage = evidence.diagnosis.claimed
        replayed = stage.rows.get(goal.table, {}) if stage else {}
        live = evidence.live.rows.get(goal.table, {})
        gone = [key for key in replayed if key not in live]
        changed = [
            key
            for key, row in replayed.items()
            if key in live and any(live[key].get(name) != row.get(name) for name in goal.keep)
        ]
        if gone or changed:
            yield Finding(
                "rows.live",
                Status.UNMET if counts else Status.WARNING,
                Layer.ROWS,
                f"rows of {goal.table} in your database are not those that the step began with",
                expected=f"{len(replayed)} rows, their values as they were",
                actual=f"{len(gone)} are gone, {len(changed)} have other values",
                next="`tutor reset --rows` puts them back."
                if counts
                else "That does not count against you. `tutor reset --rows` puts them back.",
            )
