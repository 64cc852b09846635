"""Nobody holds a lock that keeps everybody else, a migration included, out of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.postgres.databases.sessions import Waiting

FOR = {Requirement.DRAFT, Requirement.REHEARSAL}
ORDER = (Layer.ENVIRONMENT, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield who waits in the live database and for whom, or who locks a table against reading.

    A migration that waits for an ACCESS EXCLUSIVE lock keeps out whoever comes after it.
    """
    live = evidence.case.server.live
    waiting = [item for item in evidence.case.copies.waiting(live) if item.holders]
    for item in waiting:
        yield _waits(item)
    told = {holder.pid for item in waiting for holder in item.holders}
    for client in evidence.case.copies.blockers(live):
        if client.pid not in told:
            yield unmet(
                "environment.locked",
                f"{client} holds a lock in your database: a migration would wait for it, and so "
                f"would this check",
                expected="no open transaction that has changed a table",
                actual="an ACCESS EXCLUSIVE lock",
                next="End that transaction (COMMIT or ROLLBACK in psql, or close the program), "
                "then check again.",
            )


def _waits(item: Waiting) -> Finding:
    holders = " and ".join(map(str, item.holders))
    return unmet(
        "environment.locked",
        f"{item} waits for a lock that {holders} holds",
        expected="no open transaction in the way of your migration",
        actual=f"waiting for {holders}",
        next=f"End the transaction of {holders}: COMMIT or ROLLBACK in psql, or close the program. "
        f"What waits then goes on by itself; check again when it is through.",
    )
