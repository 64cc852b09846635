"""What the new revisions do to others while they run: locks that they hold, tables they rewrite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.values.replay import Stage

FOR = {Requirement.REHEARSAL}
ORDER = (Layer.REVISIONS, 60)

_MEANWHILE = {
    "ShareLock": "nobody writes to it meanwhile",
    "ShareRowExclusiveLock": "nobody writes to it meanwhile",
    "ExclusiveLock": "nobody writes to it meanwhile",
    "AccessExclusiveLock": "nobody reads or writes it meanwhile",
}
"""What others cannot do, by the lock's mode (PostgreSQL, "Table-Level Locks")."""


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield, for each new revision, which tables it locks until its end, and which it rewrites.

    Told as worth knowing while the revision is not applied yet: then it can still be changed.
    """
    replay = evidence.replay
    if replay is None or replay.upgrade is not None:
        return
    applied = evidence.history.graph.lineage(evidence.live_versions or ())
    for stage in replay.stages[1:]:
        if not stage.locks:
            continue
        summary = f"{evidence.history.title_of(str(stage.revision))}: {_told(stage)}"
        if stage.revision in applied:
            yield met("revision.locks", summary)
        else:
            yield warning("revision.locks", summary, next=_advice(stage))


def _told(stage: Stage) -> str:
    return "; ".join(
        f"{table} is locked ({_words(mode)})"
        f"{' and rewritten' if table in stage.rewritten else ''}: {_MEANWHILE[mode]}"
        for table, mode in sorted(stage.locks.items())
    )


def _advice(stage: Stage) -> str:
    if stage.rewritten:
        return "A few rows take no time. On a big table that is an outage."
    return "That takes no time here. On a busy table, a long transaction makes others wait."


def _words(mode: str) -> str:
    """Return "ACCESS EXCLUSIVE" for "AccessExclusiveLock", as the documentation writes it."""
    name = mode.removesuffix("Lock")
    return "".join(f" {sign}" if sign.isupper() else sign for sign in name).strip().upper()
