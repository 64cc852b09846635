"""The server's log shows the migrations that the step asks for, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.transitions import WRITE
from tutor.judge.findings import Finding, Layer, met, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.judge.compare.transitions import Transition
    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.JOURNAL}
ORDER = (Layer.JOURNAL, 10)
DESPITE = frozenset({Layer.ANSWERS})
"""What is still to be done is told beside what is still to be answered."""


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield whether the version transitions that the step asks for were made, in order."""
    wanted = evidence.step.journal
    made = evidence.transitions
    position = 0
    for transition in made:
        if position < len(wanted) and transition.is_a(wanted[position]):
            position += 1
    listed = ", then ".join(map(_named, wanted))
    if position == len(wanted):
        yield met("journal.order", f"the server's log shows it: {listed}")
        return
    yield unmet(
        "journal.order",
        f"the server's log does not show it yet: {_named(wanted[position])}",
        expected=listed,
        actual=_told(made) + _lost(evidence),
        next=_move(wanted, position),
    )


def _told(made: Sequence[Transition]) -> str:
    moves = [str(transition) for transition in made if transition.kind != WRITE]
    return ", then ".join(moves) or "no migration since the step began"


def _lost(evidence: Evidence) -> str:
    """Say where the tutor's own record of the log was lost in between, so what came before is."""
    lost = evidence.case.journal.lost_since(evidence.case.since)
    return "; the tutor's record of earlier ones was damaged: run them again" if lost else ""


def _named(wanted: str) -> str:
    kind, _, column = wanted.partition(" ")
    return f"a value of yours in {column}" if kind == WRITE else wanted


def _move(wanted: Sequence[str], position: int) -> str:
    """Return what to do for the first transition that is lacking, and for those after it."""
    moves = [item for item in wanted[position:] if _kind(item) != WRITE]
    commands = [f"`python -m alembic {_command(item)}`" for item in moves]
    if _kind(wanted[position]) == WRITE:
        column = wanted[position].partition(" ")[2]
        return (
            f"Give {column} a value of your own first (the lesson has the UPDATE), then run "
            f"{' and '.join(commands)}."
        )
    return f"Run {commands[0]}."


def _kind(wanted: str) -> str:
    return wanted.partition(" ")[0]


def _command(wanted: str) -> str:
    return {"downgrade": "downgrade -1", "upgrade": "upgrade head"}.get(wanted, wanted)
