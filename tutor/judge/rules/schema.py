"""The live schema is what the revisions build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.diagnosis import Fault
from tutor.judge.compare.differences import listed
from tutor.judge.findings import Finding, Layer, met, unmet, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.APPLIED}
ORDER = (Layer.SCHEMA, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what was changed by hand; objects that no revision builds are a warning."""
    diagnosis = evidence.diagnosis
    if diagnosis is None:
        return
    if diagnosis.fault is Fault.BY_HAND:
        yield unmet(
            "schema.as_migrated",
            "the live schema was changed by hand: it is not what your revisions build",
            expected="the schema that the revisions build",
            actual=listed(diagnosis.differences, "in the revisions", "in the database"),
            next="Take the change back in psql, or let a revision make it; `tutor reset --rows` "
            "builds the database anew from your revisions.",
        )
    elif diagnosis.fault is Fault.PARTLY and diagnosis.shown and diagnosis.shown.revision:
        waiting = evidence.history.title_of(diagnosis.shown.revision)
        yield unmet(
            "schema.as_migrated",
            f"part of what {waiting} builds is there already, and the revision still waits: it was "
            f"made by hand, committed before a migration failed (autocommit_block), or left behind "
            f"by a downgrade",
            expected="the schema that the applied revisions build",
            actual=listed(diagnosis.differences, "in the revisions", "in the database"),
            next="Run `tutor reset --rows`, which builds the database anew from the applied "
            "revisions, or undo it in psql; then `python -m alembic upgrade head`.",
        )
    elif diagnosis.fault is Fault.NONE:
        yield met(
            "schema.as_migrated",
            "the live schema is what your revisions build",
        )
    if diagnosis.unmanaged:
        yield warning(
            "schema.own_objects",
            "the database has things that no revision builds",
            actual=listed(diagnosis.unmanaged, "in the revisions", "in the database"),
            next="They do no harm here; another database would not have them.",
        )
