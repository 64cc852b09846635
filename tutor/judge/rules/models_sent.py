"""A row of each mapped class can be sent to the database that the revisions build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, unmet
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.REHEARSAL, Requirement.APPLIED}
ORDER = (Layer.MODELS, 35)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield the classes whose values the app's driver refuses, by trying a row.

    The schema may be right and models.py beside it wrong: DateTime() over a column with a time
    zone makes asyncpg refuse an aware datetime (asyncpg, "Type Conversion").
    """
    if isinstance(evidence.models, LearnerCodeError):
        return  # before the replay: a models.py that hangs would hang there as long again
    if evidence.replay is None:
        return
    for item in evidence.replay.unsent:
        yield unmet(
            "models.sent",
            f"a row of {item.model} cannot be sent to the database: its {item.action} fails",
            expected="models.py and the database hold the same kinds of values",
            actual=item.message,
            next="Look at the types in models.py and at what their defaults give. For a time: "
            "DateTime(timezone=True), with datetime.now(timezone.utc).",
        )
