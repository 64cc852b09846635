"""Autogenerate sees the models: env.py hands over their metadata, and hides none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.REHEARSAL}
ORDER = (Layer.REVISIONS, 45)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield the tables of models.py that autogenerate does not know of."""
    if evidence.unseen:
        yield unmet(
            "drift.sees",
            f"autogenerate does not see what models.py describes: {', '.join(evidence.unseen)}",
            expected="it compares the database with the tables of models.py",
            actual="it would drop them, or would not build them",
            next="Look in migrations/env.py where `target_metadata` comes from, and what is handed "
            "to `context.configure`.",
        )
    elif evidence.requires(Requirement.HEALTHY) and evidence.replay and evidence.replay.drift == []:
        yield met("drift.sees", "autogenerate sees the tables of models.py")
