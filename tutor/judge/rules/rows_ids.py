"""The live sequences have not gone back behind the rows that the step began with."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.ids import next_id_works
from tutor.judge.findings import Finding, Layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.ROWS}
ORDER = (Layer.ROWS, 30)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield the tables whose next id is one that they had when the step began.

    Tables that were built anew and filled with the old rows have such a sequence. One that is
    behind because of the learner's own later rows is theirs.
    """
    for table, found in evidence.live_ids.items():
        keys = (key for key, *_ in evidence.baseline_keys.get(table, ()))
        known = [int(key) for key in keys if re.fullmatch(r"-?\d+", key)]
        if found.value is None or not known or found.value > max(known):
            continue
        follow = f"SELECT setval(pg_get_serial_sequence('{table}', '{found.column}'), max("
        for finding in next_id_works(table, found, Layer.ROWS):
            yield replace(
                finding,
                next=f"The table was built anew, and its ids begin again: `{follow}{found.column}))"
                f" FROM {table}` lets the sequence follow.",
            )
