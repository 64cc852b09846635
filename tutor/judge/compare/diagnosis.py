"""Why the live database is not what the revisions build: which layer disagrees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tutor.postgres.catalog.difference import compare
from tutor.postgres.sqltext import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.judge.values.database import Live
    from tutor.judge.values.history import History
    from tutor.judge.values.replay import Replay, Stage
    from tutor.postgres.catalog.difference import Difference
    from tutor.postgres.journal.journal import Event


class Fault(StrEnum):
    """What is wrong between revision files and the live database."""

    NONE = "none"
    UNKNOWN_VERSION = "unknown version"
    """alembic_version names a revision that no file has."""
    OVERLAPPING = "overlapping"
    """alembic_version names a revision beside one that follows it."""
    VERSION_LOST = "version lost"
    """alembic_version names nothing, or less than the schema shows."""
    BEHIND = "behind"
    """A revision that the step needs has not been applied."""
    STAMPED = "stamped"
    """alembic_version was changed without running the revisions."""
    BY_HAND = "by hand"
    """Somebody changed the schema outside a migration."""
    PARTLY = "partly"
    """Part of what a waiting revision builds is there already."""
    EDITED = "edited"
    """A revision file was edited after it was applied."""


@dataclass(frozen=True)
class Diagnosis:
    """The fault, the stage at which the live database claims to be, and what differs from it.

    Differences read from the stage ("here") to the live database ("there"). `unmanaged` are objects
    that no revision builds, which do no harm. `shown` is an earlier stage whose schema the database
    has, or a later one of which it has a part. `waiting`: whether a revision that the step needs
    has not been applied, whatever else is wrong.
    """

    fault: Fault
    claimed: Stage | None = None
    differences: tuple[Difference, ...] = ()
    unmanaged: tuple[Difference, ...] = ()
    shown: Stage | None = None
    waiting: bool = False


@dataclass(frozen=True)
class Comparison:
    """What a diagnosis looks at. `known` are unmanaged objects of earlier steps."""

    history: History
    replay: Replay
    live: Live
    events: Sequence[Event]
    known: frozenset[str]

    def differences(self, stage: Stage) -> tuple[list[Difference], list[Difference]]:
        """Return how the live database differs from a stage: by unmanaged objects, and else."""
        found = [
            difference
            for difference in compare(stage.catalog, self.live.catalog)
            if object_name(difference) not in self.known  # the learner's to change and to drop
            and not self._is_invalid_index(difference)  # told of by a rule of its own
        ]
        unmanaged = [difference for difference in found if _is_unmanaged(difference)]
        return unmanaged, [difference for difference in found if not _is_unmanaged(difference)]

    def _is_invalid_index(self, difference: Difference) -> bool:
        index = (difference.table, difference.name)
        return difference.kind == "index" and index in self.live.catalog.invalid_indexes

    def shown(self, stages: Sequence[Stage]) -> Stage | None:
        """Return the first of the stages whose schema the live database has."""
        return next((stage for stage in stages if not self.differences(stage)[1]), None)


def diagnose(seen: Comparison) -> Diagnosis:
    """Compare the live database with the stage of the replay at which it claims to be."""
    graph, stages = seen.history.graph, seen.replay.stages
    versions = set(seen.live.versions or ())
    if not versions <= graph.by_id.keys():
        return Diagnosis(Fault.UNKNOWN_VERSION)
    if any(versions & graph.ancestors(version) for version in versions):
        return Diagnosis(Fault.OVERLAPPING)
    applied = graph.lineage(versions)
    claimed = next((stage for stage in stages if stage.applied == applied), None)
    if claimed is None:  # further back than the baseline, or so it says
        shown = seen.shown(stages)
        return Diagnosis(Fault.BEHIND if shown is None else Fault.VERSION_LOST, shown)
    needed = seen.replay.judged.revision
    waiting = needed is not None and needed not in applied
    unmanaged, harmful = map(tuple, seen.differences(claimed))
    if not harmful:
        return Diagnosis(Fault.BEHIND if waiting else Fault.NONE, claimed, (), unmanaged)
    place = stages.index(claimed)
    earlier = seen.shown(stages[:place])
    fault = Fault.STAMPED if earlier else _cause(seen, harmful)
    later = _begun_stage(seen, stages[place + 1 :], harmful) if fault is Fault.BY_HAND else None
    if later is not None:
        return Diagnosis(Fault.PARTLY, claimed, harmful, unmanaged, later, waiting)
    return Diagnosis(fault, claimed, harmful, unmanaged, earlier, waiting)


def _begun_stage(
    seen: Comparison, later: Sequence[Stage], harmful: Sequence[Difference]
) -> Stage | None:
    """Return the first later stage that has all of the differences: they are a part of it.

    A migration that fails after an autocommit_block leaves such, and so does a downgrade that
    forgets something. In the server's log both look like a change by hand.
    """
    found = {object_name(difference) for difference in harmful}
    for stage in later:
        if not found & {object_name(item) for item in seen.differences(stage)[1]}:
            return stage
    return None


def _cause(seen: Comparison, differences: Sequence[Difference]) -> Fault:
    """Tell a stamp, a change by hand and an edited revision apart.

    The server's log says who changed the schema: a transaction with DDL on what differs, of a
    session that never changed alembic_version, was nobody's migration. It also says whether the
    present version was reached by running a revision, whatever was stamped before.
    """
    migrating = {event.session for event in seen.events if event.changes}
    concerned = {name for item in differences for name in (item.table, item.name) if name}
    if any(
        event.kind == "ddl" and event.session not in migrating and _names(event, concerned)
        for event in seen.events
    ):
        return Fault.BY_HAND
    changes = [event.kind for event in seen.events if event.changes]
    if changes and changes[-1] == "stamp":
        return Fault.STAMPED
    return Fault.EDITED if changes or seen.history.edited else Fault.BY_HAND


def _names(event: Event, concerned: set[str]) -> bool:
    """Whether a transaction's statements name one of the objects, as `x` or as `"x"`."""
    words = {word.strip('"') for text in event.statements for word in tokens(text)}
    return bool(words & concerned)


def object_name(difference: Difference) -> str:
    """Return what names the object of a difference; a column and its default have two names."""
    named = f"{difference.table}.{difference.name}" if difference.table else difference.name
    kind = "default" if difference.aspect == "default" else difference.kind
    return f"{kind} {named}"


def _is_unmanaged(difference: Difference) -> bool:
    """Whether a difference is harmless: a table or a default that only the live database has.

    "missing" is what the stage lacks and the live database has.
    """
    if difference.aspect == "missing":
        return difference.table is None
    return difference.aspect == "default" and difference.here is None
