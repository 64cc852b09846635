"""What a check has shown to hold, in words: the findings that are met."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.judge.findings import Layer, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.judge.findings import Finding

_OWN_WORDS = (
    *("rows.kept", "drift.none", "version.applied", "schema.as_migrated"),
    *("app.stores", "command.succeeds", "journal.order"),
)
"""Codes whose findings say by themselves what was shown, in the order in which it is told."""
_DETAIL = re.compile(r", and \d+ made for the check|: `alembic check` has nothing to add")
_NOT_OF_THE_GOAL = {"models", "revision", "drift"}
_WANTED = {
    Layer.REVISIONS: "your revisions build what the step wants",
    Layer.MODELS: "models.py says what the step wants",
}


def proven(findings: Sequence[Finding]) -> list[str]:
    """Return what the met findings show, each as a part of a sentence; most telling first."""
    met = [finding for finding in findings if finding.status is Status.MET]
    told = [*_replayed(met), *_goals(findings), *_in_own_words(met), *_asked(met)]
    return list(dict.fromkeys(told))


def _replayed(met: Sequence[Finding]) -> Iterator[str]:
    codes = {finding.code for finding in met}
    if {"revision.upgrade", "revision.round_trip"} <= codes:
        yield "your revision ran up, down and up again on a copy"
    elif "revision.upgrade" in codes:
        yield "your revision runs on a copy with rows"
    elif {"revision.exists", "revision.round_trip"} <= codes:
        yield "your revision ran up, down and up again on empty tables"


def _goals(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what is as the step wants it: in the revisions where they were judged, else models."""
    for layer, whole in _WANTED.items():
        points = [
            finding
            for finding in findings
            if finding.layer is layer and finding.code.partition(".")[0] not in _NOT_OF_THE_GOAL
        ]
        met = sum(finding.status is Status.MET for finding in points)
        if not met:
            continue
        part = f"{met} of the {len(points)} things that the tables need"
        said = whole if met == len(points) else part
        yield f"{said} on empty tables" if _is_draft(findings, layer) else said
        return


def _is_draft(findings: Sequence[Finding], layer: Layer) -> bool:
    """Whether the revisions were tried on empty tables only."""
    told = {finding.code for finding in findings if finding.status is Status.MET}
    new = layer is Layer.REVISIONS and "revision.exists" in told
    return new and "revision.upgrade" not in told


def _in_own_words(met: Sequence[Finding]) -> Iterator[str]:
    for code in _OWN_WORDS:
        yield from (_DETAIL.sub("", finding.summary) for finding in met if finding.code == code)


def _asked(met: Sequence[Finding]) -> Iterator[str]:
    answered = sum(finding.code == "answers.right" for finding in met)
    if answered:
        yield f"{answered} answer{'s' * (answered > 1)} right"
