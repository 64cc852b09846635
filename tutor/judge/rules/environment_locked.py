"""Nobody holds a lock that keeps everybody else, a migration included, out of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course.step import Level
from tutor.judge.verdict import Finding, Layer, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

PLACE = (Layer.ENVIRONMENT, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield who holds an ACCESS EXCLUSIVE lock in the live database."""
    if evidence.step.level < Level.DRAFT:
        return
    for client in evidence.case.copies.blockers(evidence.case.server.live):
        yield Finding(
            "environment.locked",
            Status.UNMET,
            Layer.ENVIRONMENT,
            f"{client} holds a lock in your database: a migration would wait for it, and so would "
            f"this check",
            expected="no open transaction that has changed a table",
            actual="an ACCESS EXCLUSIVE lock",
            next="End that transaction (COMMIT or ROLLBACK in psql, or close the program), then "
            "check again.",
        )
