"""No revision was edited after it was applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.diagnosis import Fault
from tutor.judge.compare.differences import listed
from tutor.judge.findings import Finding, Layer, unmet
from tutor.judge.words.learner_code import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.APPLIED}
ORDER = (Layer.REVISIONS, 40)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield a revision whose file no longer says what was run on the live database.

    An edit after which the revisions build the same and keep the same rows is no fault.
    """
    yield from _no_longer_works(evidence)
    diagnosis = evidence.diagnosis
    if diagnosis is None or diagnosis.fault is not Fault.EDITED or diagnosis.claimed is None:
        return
    names = _names(evidence) or evidence.history.name_of(diagnosis.claimed.revision or "")
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


def _no_longer_works(evidence: Evidence) -> Iterator[Finding]:
    """Yield where an edited revision fails or loses rows when the history is run from there."""
    error, tables = evidence.baseline.edited_fails, evidence.baseline.edited_loses
    if error is not None:
        problem, actual = "does not run any more", said(error)
    elif tables:
        problem, actual = "loses rows now", f"rows of {', '.join(tables)} are gone after it"
    else:
        return
    yield unmet(
        "revision.unedited",
        f"{_names(evidence)} was edited after it was applied, and {problem}",
        expected="a database that is built anew gets there as well",
        actual=actual,
        next="Undo the edit, or correct it: a colleague's database still has to run that file.",
    )


def _names(evidence: Evidence) -> str:
    return ", ".join(file.name for file in evidence.history.edited)
