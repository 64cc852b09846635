"""The server's log shows the migrations that the step asks for, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.compare.transitions import Move, moves
from tutor.judge.verdict import Finding, Layer, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

PLACE = (Layer.JOURNAL, 10)
IN_SPITE_OF = frozenset({Layer.ANSWERS})
"""What is still to be done is told beside what is still to be answered."""


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield whether the moves that the step asks for were made, one after the other."""
    wanted = evidence.step.journal
    if not wanted:
        return
    made = moves(evidence)
    position = 0
    for move in made:
        if position < len(wanted) and move.is_a(wanted[position]):
            position += 1
    listed = ", then ".join(wanted)
    if position == len(wanted):
        yield Finding(
            "journal.order", Status.MET, Layer.JOURNAL, f"the server's log shows it: {listed}"
        )
        return
    yield Finding(
        "journal.order",
        Status.UNMET,
        Layer.JOURNAL,
        f"the server's log does not show it yet: {wanted[position]}",
        expected=listed,
        actual=_told(made) + _lost(evidence),
        next=f"Run `python -m alembic {_command(wanted[position])}`.",
    )


def _told(made: list[Move]) -> str:
    return ", then ".join(str(move) for move in made) or "no migration since the step began"


def _lost(evidence: Evidence) -> str:
    """Say where the tutor's own record of the log was lost in between, so what came before is."""
    lost = evidence.case.journal.lost_since(evidence.case.start.event)
    return "; the tutor's record of earlier ones was damaged: run them again" if lost else ""


def _command(move: str) -> str:
    return {"downgrade": "downgrade -1", "upgrade": "upgrade head"}.get(move, move)
