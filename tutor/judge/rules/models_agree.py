"""Once applied, models.py still says what the step asks for, also where autogenerate is blind.

Autogenerate compares neither precision nor partial predicates nor CHECKs (FACTS: "Where Alembic
says nothing"), so the schema that models.py describes is built and judged by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.goal import compare_goal
from tutor.judge.findings import Finding, Layer, Status
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.APPLIED}
ORDER = (Layer.MODELS, 30)

_BLIND = {"column.type", "index.exists"}
"""What autogenerate does not see, and would come out otherwise in a database made anew."""


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield where models.py falls short of what the revisions build.

    Not asked of a learner who went on to later steps: their models.py is about those.
    """
    models = evidence.models
    if isinstance(models, LearnerCodeError):
        return  # before the replay: a models.py that hangs would hang there as long again
    replay = evidence.replay
    if replay is None or replay.reached is not replay.end or replay.drift:
        return  # further on than this step, or autogenerate sees the difference and tells it
    for finding in compare_goal(models.observation, Layer.MODELS):
        if not finding.unmet:
            continue
        if finding.code in _BLIND:
            yield finding
        elif finding.code.startswith("trial."):
            yield replace(
                finding,
                status=Status.WARNING,
                next="Autogenerate does not compare this; let models.py say it too, for whoever "
                "reads it and for tests that create the tables from it.",
            )
