"""Nobody holds a lock that keeps everybody else, a migration included, out of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.DRAFT, Requirement.REHEARSAL}
ORDER = (Layer.ENVIRONMENT, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield who holds an ACCESS EXCLUSIVE lock in the live database."""
    for client in evidence.case.copies.blockers(evidence.case.server.live):
        yield unmet(
            "environment.locked",
            f"{client} holds a lock in your database: a migration would wait for it, and so would "
            f"this check",
            expected="no open transaction that has changed a table",
            actual="an ACCESS EXCLUSIVE lock",
            next="End that transaction (COMMIT or ROLLBACK in psql, or close the program), then "
            "check again.",
        )
