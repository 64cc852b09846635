"""models.py describes what the step asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course.step import Level
from tutor.judge.verdict import Finding, Layer
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

PLACE = (Layer.MODELS, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield the goal's findings on the schema that models.py describes.

    Above the models' own step, models.py is judged by drift. A learner who ran ahead has a
    models.py that is further on; there, revisions that reach the goal speak for it.
    """
    if evidence.step.level is not Level.MODELS:
        return
    models = evidence.models
    if isinstance(models, LearnerCodeError):
        return
    findings: list[Finding] = evidence.judge_goal(models, evidence.models_database, Layer.MODELS)
    ahead = bool(
        any(finding.unmet for finding in findings)
        and evidence.new
        and evidence.replay
        and evidence.replay.reached
        and not evidence.replay.drift
    )
    if not ahead:
        yield from findings
