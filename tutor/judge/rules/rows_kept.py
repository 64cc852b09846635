"""The rows survive the migration, and hold the values that it should give them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer
from tutor.judge.words.advice import fix_and_run_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.REHEARSAL}
ORDER = (Layer.ROWS, 10)
DESPITE = frozenset({Layer.REVISIONS, Layer.VERSION, Layer.SCHEMA})
"""A rehearsal tells of lost rows while the revision can still be fixed, and while its downgrade
fails: nothing brings the rows back then."""


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what the replay lost or changed, where it built what the step asks for."""
    if evidence.replay is None or any(item.unmet for item in evidence.replay.judged.goal):
        return
    for finding in evidence.preservation:
        if not finding.unmet:
            yield finding
        elif finding.code == "rows.brought_back":
            yield finding  # about downgrade(): what the upgrade did may stay
        else:
            yield replace(finding, next=fix_and_run_again(evidence, finding.next))
