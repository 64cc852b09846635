"""The live database is at the revision that the step needs, and got there by running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.diagnosis import Fault
from tutor.judge.compare.differences import listed
from tutor.judge.findings import Finding, Layer, met, unmet, warning
from tutor.judge.words.advice import has_run, loses_rows
from tutor.judge.words.learner_code import said
from tutor.postgres.catalog.difference import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tutor.judge.compare.diagnosis import Diagnosis
    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.DRAFT, Requirement.APPLIED}
ORDER = (Layer.VERSION, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield where alembic_version stands against the revision files."""
    if evidence.requires(Requirement.DRAFT):
        if _draft_stamped(evidence):
            yield _stamped_draft(evidence)
        elif has_run(evidence) and loses_rows(evidence):
            yield _draft_ran(evidence)
        return
    diagnosis = evidence.diagnosis
    if diagnosis is None:
        return
    tell = _FAULTS.get(diagnosis.fault, _applied)
    found = tell(evidence, diagnosis)
    if found is not None:
        yield found


def _draft_stamped(evidence: Evidence) -> bool:
    """Whether alembic_version names a new revision, and the schema is still that of the start."""
    versions = set(evidence.live.versions or ())
    return (
        bool(versions & {revision.id for revision in evidence.new})
        and evidence.replay is not None
        and not compare(evidence.replay.start.catalog, evidence.live.catalog)
    )


def _stamped_draft(evidence: Evidence) -> Finding:
    return unmet(
        "version.stamped",
        f"alembic_version says {evidence.live.at}, but the database does not have what that "
        f"revision builds: it was stamped",
        expected=f"the database at {evidence.baseline.at}: a draft is not applied yet",
        actual=evidence.live.at,
        next=f"Stamp it back: `python -m alembic stamp --purge {evidence.baseline.at}`. Then "
        "delete the drafts that you do not want, and generate anew if need be.",
    )


def _draft_ran(evidence: Evidence) -> Finding:
    return warning(
        "version.applied",
        "your database has run the draft already",
        actual=", ".join(evidence.live.versions or ()),
        next="What it loses is lost there. `tutor reset` puts files, schema and rows back to "
        "the step's start; then generate the draft once more.",
    )


def _applied(evidence: Evidence, diagnosis: Diagnosis) -> Finding | None:
    """Return that the version is right, unless a revision waits beside another fault."""
    if diagnosis.waiting:
        return None
    at = evidence.live.at
    return met("version.applied", f"the database is at {at}")


def _overlapping(evidence: Evidence, _: Diagnosis) -> Finding:
    head = ", ".join(evidence.history.heads)
    return unmet(
        "version.single",
        "alembic_version names a revision beside one that follows it",
        expected=f"one row: {head}",
        actual=evidence.live.at,
        next=f"Let it hold one row again: `python -m alembic stamp --purge {head}`.",
    )


def _version_lost(evidence: Evidence, diagnosis: Diagnosis) -> Finding:
    shown = diagnosis.claimed.revision if diagnosis.claimed else None
    at = shown or evidence.baseline.at
    no_table = evidence.live.versions is None
    there = "there is no such table" if no_table else f"it says {evidence.live.at}"
    return unmet(
        "version.applied",
        f"the schema is that of {at}, but alembic_version does not say so: {there}",
        expected=f"alembic_version at {at}",
        actual="no such table" if no_table else evidence.live.at,
        next=f"Nothing has to be run again: record what is there, with `python -m alembic stamp "
        f"{'' if no_table else '--purge '}{at}`.",
    )


def _behind(evidence: Evidence, _: Diagnosis) -> Finding | None:
    if evidence.live.catalog.invalid_indexes:
        return None  # what is to be done first is said there
    history = evidence.history
    head = ", ".join(history.heads)
    waiting = ", ".join(item.id for item in history.graph.after(evidence.live.versions or ()))
    return unmet(
        "version.applied",
        f"the revision files go up to {head}, but the database is still at {evidence.live.at}",
        expected=f"the database at {head}",
        actual=f"{evidence.live.at}; waiting: {waiting}",
        next=_before_upgrade(evidence),
    )


def _before_upgrade(evidence: Evidence) -> str:
    """Return the next move of a database that is behind."""
    replay = evidence.replay
    if replay is not None and not evidence.live.versions:
        left = evidence.live.catalog.tables.keys() & replay.start.catalog.tables.keys()
        if left:
            return (
                f"Neither an upgrade nor a stamp is right: {', '.join(sorted(left))} is there, and "
                f"the rest is not. `tutor reset` begins the step anew."
            )
    upgrade = "`python -m alembic upgrade head`"
    if loses_rows(evidence):
        return (
            "Do not upgrade yet: rows would be lost, or hold wrong values (below). Fix the "
            f"revision first; then run {upgrade}."
        )
    error = evidence.upgrade_of_live_rows
    if error is not None:
        return (
            f"Rows that you made or changed since the step began are in the way: {said(error)}. "
            f"Let upgrade() fix them, or put the step's rows back with `tutor reset --rows`; then "
            f"run {upgrade}."
        )
    return f"{_in_the_way(evidence)}Run {upgrade}."


def _stamped(evidence: Evidence, diagnosis: Diagnosis) -> Finding:
    return unmet(
        "version.stamped",
        f"alembic_version says {evidence.live.at}, but the database does not have what that "
        f"revision builds: it was stamped, or filled in after it ran",
        expected="alembic_version and the schema say the same",
        actual=listed(diagnosis.differences, "in the revisions", "in the database"),
        next=f"Stamp it back (`python -m alembic stamp {_stamp_back(evidence)}`), then run "
        f"`python -m alembic upgrade head`.",
    )


def _in_the_way(evidence: Evidence) -> str:
    """Return whose open transaction an upgrade may have to wait for, as a sentence; or nothing."""
    names = " and ".join(map(str, evidence.idle_clients))
    if not names:
        return ""
    return f"First end the transaction of {names}: an upgrade has to wait for it. "


def _stamp_back(evidence: Evidence) -> str:
    """Return the revision whose schema the database has: that of the step's start, if unknown."""
    shown = evidence.diagnosis.shown if evidence.diagnosis else None
    if shown is not None and shown.revision is not None:
        return shown.revision
    return evidence.baseline.at


_FAULTS: dict[Fault, Callable[[Evidence, Diagnosis], Finding | None]] = {
    Fault.UNKNOWN_VERSION: lambda evidence, _: evidence.unknown_version,
    Fault.OVERLAPPING: _overlapping,
    Fault.VERSION_LOST: _version_lost,
    Fault.BEHIND: _behind,
    Fault.STAMPED: _stamped,
}
