"""A repair leaves no new revision behind: neither a made-up one nor a draft that was only tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet
from tutor.judge.words.advice import loses_rows, take_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.HEALTHY}
ORDER = (Layer.REVISIONS, 12)
ENDS_LAYER = True
"""What a revision builds that should not be there is nobody's business."""


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield the revisions that were not there when the step began."""
    if not evidence.history.usable:
        return
    if not evidence.new:
        yield met("revision.leftover", "no revision is left behind")
        return
    names = ", ".join(evidence.history.name_of(revision.id) for revision in evidence.new)
    applied = evidence.history.graph.lineage(evidence.live.versions or ())
    run = [revision.id for revision in evidence.new if revision.id in applied]
    yield unmet(
        "revision.leftover",
        f"{names} is left behind: this step needs no new revision",
        expected="the revision files with which the step began",
        actual=f"{len(evidence.new)} more"
        + (f"; alembic_version says that {', '.join(run)} has run" if run else ""),
        next=_next(evidence, applied=bool(run)),
    )


def _next(evidence: Evidence, *, applied: bool) -> str:
    if not applied:
        return "Delete the file: it has not run."
    failed = evidence.replay is None or evidence.replay.upgrade is not None
    if failed or loses_rows(evidence):
        return "What it took away no downgrade brings back: `tutor reset` begins the step anew."
    return f"Take it back with {take_back(evidence)}, then delete the file."
