"""The learner's moves along the history, read from what the server logged as committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Evidence
    from tutor.postgres.journal.journal import Event


@dataclass(frozen=True)
class Move:
    """One committed change of alembic_version. `kind` is "upgrade", "downgrade" or "stamp"."""

    kind: str
    before: frozenset[str]
    after: frozenset[str]
    at_head: bool

    def is_a(self, wanted: str) -> bool:
        """Whether this is the move that a step names: "downgrade", "downgrade base", …"""
        kind, _, target = wanted.partition(" ")
        if kind != self.kind:
            return False
        match target:
            case "base":
                return not self.after
            case "head":
                return self.at_head
            case _:
                return True

    def __str__(self) -> str:
        target = ", ".join(sorted(self.after)) or "base"
        return f"{self.kind} to {target}"


def moves(evidence: Evidence) -> list[Move]:
    """Return the moves since the step began, in order."""
    heads = frozenset(evidence.history.heads)
    at = frozenset(evidence.case.start.versions)
    found = []
    for event in evidence.events:
        if not event.changes:
            continue
        after = _after(at, event)
        found.append(Move(_kind(evidence, event, at, after), at, after, after == heads))
        at = after
    return found


def _after(at: frozenset[str], event: Event) -> frozenset[str]:
    versions = set(at)
    for old, new in event.changes:
        if old == "*":  # every row, as `DELETE FROM alembic_version` takes them
            versions.clear()
        elif old is not None:
            versions.discard(old)
        if new is not None:
            versions.add(new)
    return frozenset(versions)


def _kind(evidence: Evidence, event: Event, at: frozenset[str], after: frozenset[str]) -> str:
    if event.kind == "stamp":
        return "stamp"
    forward = evidence.history.lineage(after) - evidence.history.lineage(at)
    return "upgrade" if forward else "downgrade"
