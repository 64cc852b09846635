"""The live schema is what the revisions build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.checks.diagnosis import Fault
from tutor.checks.finding import Finding, Layer, Status
from tutor.course.step import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.checks.evidence import Evidence

PLACE = (Layer.SCHEMA, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what was changed by hand; the learner's own objects are a warning."""
    if evidence.step.level < Level.APPLIED or evidence.diagnosis is None:
        return
    diagnosis = evidence.diagnosis
    if diagnosis.fault is Fault.BY_HAND:
        yield Finding(
            "schema.as_migrated",
            Status.UNMET,
            Layer.SCHEMA,
            "the live schema was changed by hand: it is not what your revisions build",
            expected="the schema that the revisions build",
            actual="; ".join(
                item.describe("by the revisions", "in the database")
                for item in diagnosis.differences
            ),
            next="Take the change back in psql, or let a revision make it; `tutor reset --rows` "
            "builds the database anew from your revisions.",
        )
    elif diagnosis.fault is Fault.NONE:
        yield Finding(
            "schema.as_migrated",
            Status.MET,
            Layer.SCHEMA,
            "the live schema is what your revisions build",
        )
    if diagnosis.own:
        yield Finding(
            "schema.own_objects",
            Status.WARNING,
            Layer.SCHEMA,
            "the database has things that no revision builds",
            actual="; ".join(
                item.describe("by the revisions", "in the database") for item in diagnosis.own
            ),
            next="They do no harm here; another database would not have them.",
        )
