"""No migration was interrupted outside a transaction, and left an index that is not finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, unmet
from tutor.judge.words.advice import drop_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.APPLIED}
ORDER = (Layer.VERSION, 5)
DESPITE = frozenset({Layer.MODELS, Layer.REVISIONS})


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield each INVALID index of the live database.

    "Building Indexes Concurrently" in the manual: such an index is not used, but is written to.
    The next CREATE INDEX of that name fails, since it exists.
    """
    at_head = set(evidence.live.versions or ()) == set(evidence.history.heads)
    for table, name in evidence.live.catalog.invalid_indexes:
        yield unmet(
            "version.interrupted",
            f"the index {name} on {table} is INVALID: CREATE INDEX CONCURRENTLY was interrupted, "
            f"or refused by a row, after what came before it had been committed",
            expected="every index is finished, or not there",
            actual="an index that no query uses, and whose name is taken",
            next=f"Drop it, with {drop_index(table, name)}; "
            + (
                "then build it again."
                if at_head
                else "when the revision is right, run `python -m alembic upgrade head`."
            ),
        )
