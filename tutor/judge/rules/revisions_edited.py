"""No revision was edited after it was applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.diagnosis import Fault
from tutor.judge.compare.differences import listed
from tutor.judge.findings import Finding, Layer, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.APPLIED}
ORDER = (Layer.REVISIONS, 40)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield a revision whose file no longer says what was run on the live database."""
    diagnosis = evidence.diagnosis
    if diagnosis is None or diagnosis.fault is not Fault.EDITED or diagnosis.claimed is None:
        return
    edited = [file.name for file in evidence.history.edited]
    names = ", ".join(edited) or evidence.history.name_of(diagnosis.claimed.revision or "")
    yield unmet(
        "revision.unedited",
        f"{names} was edited after it was applied: the database still has what it said before",
        expected="the live schema is what the file builds",
        actual=listed(diagnosis.differences, "in the file", "in the database"),
        next="Undo the edit and put the change into a new revision."
        if evidence.history.edited  # it ran before this step began
        else "Undo the edit and put the change into a new revision. Or, since nobody else has run "
        "it, undo it, take the revision back (`python -m alembic downgrade -1`), edit, and upgrade "
        "again; `tutor reset --rows` does that in one go, on the rows that the step began with.",
    )
