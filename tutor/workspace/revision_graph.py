"""The graph of revisions: one representation, whether the files were parsed or loaded by Alembic.

Terms as in Alembic's documentation ("Working with Branches"): a revision's `down` are the revisions
that it revises, none at the base and several for a merge; `depends_on` are revisions of another
branch that have to run before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class Node(Protocol):
    """What the graph needs to know of a revision."""

    @property
    def id(self) -> str:
        """The revision's id."""

    @property
    def down(self) -> tuple[str, ...]:
        """The ids of the revisions that it revises."""

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The ids of the revisions that it depends on."""


AnyNode = TypeVar("AnyNode", bound=Node)


@dataclass(frozen=True)
class RevisionGraph(Generic[AnyNode]):
    """Revisions by id, in the order in which they were given."""

    by_id: dict[str, AnyNode]

    @classmethod
    def of(cls, revisions: Iterable[AnyNode]) -> RevisionGraph[AnyNode]:
        """Return the graph of some revisions; of two with the same id the last one counts."""
        return cls({revision.id: revision for revision in revisions})

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that no other one revises."""
        revised = {down for revision in self.by_id.values() for down in revision.down}
        return tuple(revision for revision in self.by_id if revision not in revised)

    def lineage(self, versions: Iterable[str]) -> frozenset[str]:
        """Return the given revisions and all that run before them; unknown ids are left out."""
        found: set[str] = set()
        waiting = [version for version in versions if version in self.by_id]
        while waiting:
            revision = waiting.pop()
            if revision not in found:
                found.add(revision)
                waiting += [before for before in self._before(revision) if before in self.by_id]
        return frozenset(found)

    def ancestors(self, revision: str) -> frozenset[str]:
        """Return all revisions that run before the given one."""
        return self.lineage([revision]) - {revision}

    def tips(self, applied: Iterable[str]) -> frozenset[str]:
        """Return those of the given revisions that none of the others needs."""
        known = set(applied)
        needed = {before for revision in known for before in self._before(revision)}
        return frozenset(known - needed)

    def after(self, versions: Iterable[str]) -> tuple[AnyNode, ...]:
        """Return the revisions that are not applied at these versions, each after those it needs.

        Revisions of which neither needs the other stay in the order in which they were given.
        Where revisions go round in a circle, which Alembic refuses too, all are in that order.
        """
        applied = self.lineage(versions)
        waiting = {
            revision: {down for down in self._before(revision) if down in self.by_id} - applied
            for revision in self.by_id
            if revision not in applied
        }
        try:
            order = list(TopologicalSorter(waiting).static_order())
        except CycleError:
            order = list(waiting)
        return tuple(self.by_id[revision] for revision in order)

    def following(self, revision: str) -> tuple[str, ...]:
        """Return the revisions that directly revise one."""
        return tuple(item.id for item in self.by_id.values() if revision in item.down)

    def _before(self, revision: str) -> tuple[str, ...]:
        node = self.by_id[revision]
        return (*node.down, *node.depends_on)
