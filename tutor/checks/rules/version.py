"""The live database is at the revision that the step needs, and got there by running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.checks.advice import has_run, loses_rows
from tutor.checks.diagnosis import Fault
from tutor.checks.finding import Finding, Layer, Status
from tutor.course.step import Level
from tutor.database.catalog import read_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.checks.evidence import Evidence

PLACE = (Layer.VERSION, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield where alembic_version stands against the revision files."""
    if evidence.draft and has_run(evidence) and loses_rows(evidence):
        yield Finding(
            "version.applied",
            Status.WARNING,
            Layer.VERSION,
            "your database has run the draft already",
            actual=", ".join(evidence.live.versions or ()),
            next="What it loses is lost there. `tutor reset` puts files, schema and rows back to "
            "the step's start; then generate the draft once more.",
        )
    if evidence.step.level < Level.APPLIED:
        return
    diagnosis = evidence.diagnosis
    if diagnosis is None:
        return
    versions = ", ".join(evidence.live.versions or ()) or "base (no revision)"
    head = ", ".join(evidence.history.heads)
    match diagnosis.fault:
        case Fault.UNKNOWN_VERSION:
            found = unknown(evidence)
            if found is not None:
                yield found
        case Fault.OVERLAPPING:
            yield Finding(
                "version.single",
                Status.UNMET,
                Layer.VERSION,
                "alembic_version names a revision beside one that follows it",
                expected=f"one row: {head}",
                actual=versions,
                next=f"Let it hold one row again: `python -m alembic stamp --purge {head}`.",
            )
        case Fault.LOST:
            shown = diagnosis.claimed.revision if diagnosis.claimed else None
            at = shown or ", ".join(evidence.baseline.versions)
            yield Finding(
                "version.applied",
                Status.UNMET,
                Layer.VERSION,
                f"the schema is that of {at}, but alembic_version says {versions}",
                expected=f"alembic_version at {at}",
                actual=versions,
                next=f"Nothing has to be run again: `python -m alembic stamp --purge {at}` writes "
                f"down what is there.",
            )
        case Fault.BEHIND:
            waiting = [
                revision.id
                for revision in evidence.history.revisions
                if revision.id not in evidence.history.lineage(evidence.live.versions or ())
            ]
            yield Finding(
                "version.applied",
                Status.UNMET,
                Layer.VERSION,
                f"the revision files go up to {head}, but the database is still at {versions}",
                expected=f"the database at {head}",
                actual=f"{versions}; waiting: {', '.join(waiting)}",
                next="Do not upgrade yet: rows would be lost, or hold wrong values (below). Mend "
                "the revision first; then run `python -m alembic upgrade head`."
                if loses_rows(evidence)
                else "Run `python -m alembic upgrade head`.",
            )
        case Fault.STAMPED:
            yield Finding(
                "version.stamped",
                Status.UNMET,
                Layer.VERSION,
                f"alembic_version says {versions}, but the database does not have what that "
                f"revision builds: it was stamped, or filled in after it ran",
                expected="alembic_version and the schema say the same",
                actual="; ".join(
                    item.describe("by the revisions", "in the database")
                    for item in diagnosis.differences
                ),
                next=f"Stamp it back (`python -m alembic stamp {_stamp_back(evidence)}`), then run "
                f"`python -m alembic upgrade head`.",
            )
        case _:
            yield Finding(
                "version.applied", Status.MET, Layer.VERSION, f"the database is at {versions}"
            )


def _stamp_back(evidence: Evidence) -> str:
    """Return the revision whose schema the database has: that of the step's start, if unknown."""
    shown = evidence.diagnosis.shown if evidence.diagnosis else None
    if shown is not None and shown.revision is not None:
        return shown.revision
    return ", ".join(evidence.baseline.versions) or "base"


def unknown(evidence: Evidence) -> Finding | None:
    """Return the finding where alembic_version names a revision that no file has.

    Alembic then refuses every command ("Can't locate revision"), `revision --autogenerate` too. The
    usual reason is a file that was deleted after it had been applied.
    """
    known = {revision.id for revision in evidence.history.revisions}
    lost = ", ".join(sorted(set(evidence.live.versions or ()) - known))
    if not lost:
        return None
    start = evidence.baseline
    with evidence.case.server.connect(start.database, read_only=True) as connection:
        unchanged = not read_catalog(connection).difference(evidence.live.catalog)
    right = ", ".join(start.versions if unchanged else evidence.history.heads) or "base"
    return Finding(
        "version.known",
        Status.UNMET,
        Layer.VERSION,
        f"the database says it is at {lost}, and no revision file has that id",
        expected=f"one of the revisions in migrations/versions, such as {right}",
        actual=", ".join(evidence.live.versions or ()),
        next=f"The schema is that of {right}: write that down, with `python -m alembic stamp "
        f"--purge {right}`."
        if unchanged
        else f"Bring that revision's file back; or, where the schema is that of another one, write "
        f"that one down (`python -m alembic stamp --purge {right}`); or begin the step anew with "
        f"`tutor reset`.",
    )
