"""Version transitions: how the learner moved along the history, as the server's log tells it.

And what they wrote in between, where a step is about values that a downgrade loses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.postgres.sqltext import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.judge.values.history import History
    from tutor.postgres.journal.journal import Event

WRITE = "write"
"""The kind of a change of rows, and with a column's name behind it what a step asks for."""

_EVERY = "*"
"""A journal's word for all rows, as `DELETE FROM alembic_version` takes them."""


@dataclass(frozen=True)
class Transition:
    """One committed change of alembic_version. `kind` is "upgrade", "downgrade" or "stamp".

    Or a change of rows outside a migration: then `kind` is "write", and `words` are those of its
    statements.
    """

    kind: str
    before: frozenset[str]
    after: frozenset[str]
    at_head: bool
    words: frozenset[str] = frozenset()

    def is_a(self, wanted: str) -> bool:
        """Whether this is the transition that a step names: "downgrade", "downgrade base", …"""
        kind, _, target = wanted.partition(" ")
        if kind != self.kind:
            return False
        if kind == WRITE:
            return target in self.words
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


def transitions(
    events: Iterable[Event], start: Iterable[str], history: History
) -> tuple[Transition, ...]:
    """Return the transitions in order; `start` is what alembic_version held before the events."""
    heads = frozenset(history.heads)
    at = frozenset(start)
    found = []
    for event in events:
        if event.kind == "rows":
            words = frozenset(word.strip('"') for text in event.statements for word in tokens(text))
            found.append(Transition(WRITE, at, at, at == heads, words))
        if not event.changes:
            continue
        after = _after(at, event)
        found.append(Transition(_kind(history, event, at, after), at, after, after == heads))
        at = after
    return tuple(found)


def _after(at: frozenset[str], event: Event) -> frozenset[str]:
    versions = set(at)
    for old, new in event.changes:
        if old == _EVERY:
            versions.clear()
        elif old is not None:
            versions.discard(old)
        if new is not None:
            versions.add(new)
    return frozenset(versions)


def _kind(history: History, event: Event, at: frozenset[str], after: frozenset[str]) -> str:
    if event.kind == "stamp":
        return "stamp"
    forward = history.graph.lineage(after) - history.graph.lineage(at)
    return "upgrade" if forward else "downgrade"
