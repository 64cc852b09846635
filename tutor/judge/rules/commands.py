"""The commands that the step names succeed on a copy of the live database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet
from tutor.judge.words.learner_code import foreign_or, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.COMMANDS}
ORDER = (Layer.JOURNAL, 15)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield how each command went; it ran with the learner's files, on a copy of its own."""
    for result in evidence.commands:
        if result.error is None:
            yield met("command.succeeds", f"`{result.goal.run}` succeeds: {result.goal.why}")
        else:
            finding = unmet(
                "command.succeeds",
                f"`{result.goal.run}` fails: {result.goal.why}",
                expected="it succeeds",
                actual=said(result.error),
                next="Run it yourself, and find out what it lacks.",
            )
            yield foreign_or(result.error, finding)
