"""No revision was edited after it was applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.checks.diagnosis import Fault
from tutor.checks.finding import Finding, Layer, Status
from tutor.course.step import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.checks.evidence import Evidence

PLACE = (Layer.REVISIONS, 40)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield revisions whose file no longer says what was run."""
    if evidence.step.level < Level.APPLIED or evidence.replay is None:
        return
    for file in evidence.history.edited:
        yield Finding(
            "revision.unedited",
            Status.UNMET,
            Layer.REVISIONS,
            f"{file.name} was changed after it was applied",
            expected="an applied revision stays as it was run",
            actual="its operations are others than when this step began",
            next="Undo the edit (`tutor reset` has the file as it was), and put the change into a "
            "new revision.",
        )
    diagnosis = evidence.diagnosis
    if diagnosis is not None and diagnosis.fault is Fault.EDITED and diagnosis.claimed:
        name = evidence.history.name_of(diagnosis.claimed.revision or "")
        yield Finding(
            "revision.unedited",
            Status.UNMET,
            Layer.REVISIONS,
            f"{name} was edited after it was applied: the database still has what it said before",
            expected="the live schema is what the file builds",
            actual="; ".join(
                item.describe("by the file", "in the database") for item in diagnosis.differences
            ),
            next="Take it back and apply it as it is now: `python -m alembic downgrade -1`, then "
            "`python -m alembic upgrade head`. If that fails: `tutor reset`.",
        )
