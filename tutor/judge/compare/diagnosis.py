"""Why the live database is not what the revisions build: which link of the chain broke."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tutor.postgres.sqltext import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.evidence.replay import Replay, Stage
    from tutor.postgres.catalog.difference import Difference
    from tutor.postgres.journal.journal import Event


class Fault(StrEnum):
    """What is the matter between revision files and the live database."""

    NONE = "none"
    UNKNOWN_VERSION = "unknown version"
    """alembic_version names a revision that no file has."""
    OVERLAPPING = "overlapping"
    """alembic_version names a revision beside one that follows it."""
    LOST = "lost"
    """alembic_version names nothing, or less than the schema shows."""
    BEHIND = "behind"
    """A revision that the step needs has not been applied."""
    STAMPED = "stamped"
    """alembic_version was moved without running the revisions."""
    BY_HAND = "by hand"
    """Somebody changed the schema outside a migration."""
    PARTLY = "partly"
    """Part of what a waiting revision builds is there already."""
    EDITED = "edited"
    """A revision file was edited after it was applied."""


@dataclass(frozen=True)
class Diagnosis:
    """The fault, the stage at which the live database claims to be, and what differs from it.

    Differences read from the stage ("here") to the live database ("there"). `own` are objects of
    the learner's own, which do no harm. `shown` is an earlier stage whose schema the database has,
    or a later one of which it has a part. `waiting`: whether a revision that the step needs has not
    been applied, whatever else is the matter.
    """

    fault: Fault
    claimed: Stage | None = None
    differences: tuple[Difference, ...] = ()
    own: tuple[Difference, ...] = ()
    shown: Stage | None = None
    waiting: bool = False


def diagnose(evidence: Evidence, replay: Replay) -> Diagnosis:
    """Compare the live database with the stage of the replay at which it claims to be."""
    live = evidence.live
    versions = live.versions or ()
    known = {revision.id for revision in evidence.history.revisions}
    if not set(versions) <= known:
        return Diagnosis(Fault.UNKNOWN_VERSION)
    if any(set(versions) & evidence.history.ancestors(version) for version in versions):
        return Diagnosis(Fault.OVERLAPPING)
    claimed = _claimed_stage(evidence, replay)
    if claimed is None:  # further back than the step's start, or so it says
        shown = _shown_stage(evidence, replay.stages)
        return Diagnosis(Fault.BEHIND if shown is None else Fault.LOST, shown)
    needed = replay.judged.revision
    waiting = needed is not None and needed not in evidence.history.lineage(versions)
    own, harmful = _differences(evidence, claimed)
    if harmful:
        shown = _shown_stage(evidence, replay.stages[: replay.stages.index(claimed)])
        fault = Fault.STAMPED if shown else _cause(evidence, harmful)
        if fault is Fault.BY_HAND and (later := _begun_stage(evidence, claimed, harmful, replay)):
            fault, shown = Fault.PARTLY, later
        return Diagnosis(fault, claimed, harmful, own, shown, waiting)
    return Diagnosis(Fault.BEHIND if waiting else Fault.NONE, claimed, (), own)


def _claimed_stage(evidence: Evidence, replay: Replay) -> Stage | None:
    """Return the stage after exactly the revisions that alembic_version says were applied."""
    applied = evidence.history.lineage(evidence.live.versions or ())
    if applied == evidence.history.lineage(evidence.baseline.versions):
        return replay.start
    return next(
        (
            stage
            for stage in replay.stages[1:]
            if stage.revision and evidence.history.lineage([stage.revision]) == applied
        ),
        None,
    )


def _shown_stage(evidence: Evidence, stages: Sequence[Stage]) -> Stage | None:
    """Return the first of the stages whose schema the live database has."""
    return next((stage for stage in stages if not _differences(evidence, stage)[1]), None)


def _begun_stage(
    evidence: Evidence, claimed: Stage, harmful: Sequence[Difference], replay: Replay
) -> Stage | None:
    """Return the first later stage that has all of the differences: they are a part of it.

    A migration that fails behind an autocommit_block leaves such, and so does a downgrade that
    forgets something. In the server's log both look like a change by hand.
    """
    found = {object_name(difference) for difference in harmful}
    for stage in replay.stages[replay.stages.index(claimed) + 1 :]:
        if not found & {object_name(item) for item in _differences(evidence, stage)[1]}:
            return stage
    return None


def _differences(
    evidence: Evidence, stage: Stage
) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """Return in what the live database differs from a stage: by objects of its own, and else."""
    mine = set(evidence.case.start.own)
    found = [
        difference
        for difference in stage.catalog.difference(evidence.live.catalog)
        if object_name(difference) not in mine  # theirs to change and to drop
    ]
    own = tuple(difference for difference in found if _harmless(difference))
    return own, tuple(difference for difference in found if not _harmless(difference))


def _cause(evidence: Evidence, differences: tuple[Difference, ...]) -> Fault:
    """Tell a stamp, a change by hand and an edited revision apart.

    The server's log says who changed the schema: a transaction with DDL on what differs, of a
    session that never changed alembic_version, was nobody's migration; and whether the version that
    the database is at now was reached by running a revision, whatever was stamped before.
    """
    migrating = {event.session for event in evidence.events if event.changes}
    concerned = {name for item in differences for name in (item.table, item.name) if name}
    if any(
        event.kind == "ddl" and event.session not in migrating and _names(event, concerned)
        for event in evidence.events
    ):
        return Fault.BY_HAND
    moved = [event.kind for event in evidence.events if event.changes]
    if moved and moved[-1] == "stamp":
        return Fault.STAMPED
    return Fault.EDITED if moved or evidence.history.edited else Fault.BY_HAND


def _names(event: Event, concerned: set[str]) -> bool:
    """Whether a transaction's statements name one of the objects, as `x` or as `"x"`."""
    words = {word.strip('"') for text in event.statements for word in tokens(text)}
    return bool(words & concerned)


def object_name(difference: Difference) -> str:
    """Return what names the object of a difference; a column and its default have two names."""
    named = f"{difference.table}.{difference.name}" if difference.table else difference.name
    kind = "default" if difference.aspect == "default" else difference.kind
    return f"{kind} {named}"


def _harmless(difference: Difference) -> bool:
    """Whether a difference is the learner's own business: a table or a default only they have.

    "missing" is what the stage lacks and the live database has.
    """
    if difference.aspect == "missing":
        return difference.table is None
    return difference.aspect == "default" and difference.here is None
