"""models.py describes what the step asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.goal import compare_goal
from tutor.judge.findings import Finding, Layer
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.MODELS}
ORDER = (Layer.MODELS, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield the goal's findings on the schema that models.py describes.

    Above the models' own step, models.py is judged by drift. A learner who went on to later
    steps has a models.py that is further on; there, revisions that reach the goal speak for it.
    """
    models = evidence.models
    if isinstance(models, LearnerCodeError):
        return
    findings = compare_goal(models.observation, Layer.MODELS)
    went_on = bool(
        any(finding.unmet for finding in findings)
        and evidence.new
        and evidence.replay
        and evidence.replay.reached
        and not evidence.replay.drift
    )
    if not went_on:
        yield from findings
