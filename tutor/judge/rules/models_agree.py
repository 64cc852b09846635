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
from tutor.judge.words.advice import fix_and_run_again
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.values.database import Models
    from tutor.judge.values.replay import Replay

FOR = {Requirement.REHEARSAL, Requirement.APPLIED}
ORDER = (Layer.MODELS, 30)

_BLIND = {"column.type", "index.exists"}
"""What autogenerate does not see, and would come out otherwise in a database made anew."""


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield where models.py falls short of what the revisions build, or both of the goal.

    Not asked of a learner who went on to later steps: their models.py is about those.
    """
    models = evidence.models
    if isinstance(models, LearnerCodeError):
        return  # before the replay: a models.py that hangs would hang there as long again
    replay = evidence.replay
    if replay is None or replay.drift:
        return  # autogenerate sees the difference and tells it
    if replay.reached is None and replay.drift is not None:
        yield from _both_miss(evidence, models, replay)
        return
    if replay.reached is not replay.end or not evidence.requires(Requirement.APPLIED):
        return  # further on than this step
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


def _both_miss(evidence: Evidence, models: Models, replay: Replay) -> Iterator[Finding]:
    """Yield what models.py misses of the goal just as the new revisions do: it is mended first.

    A revision alone would be mended into a drift: models.py is what the next one is made from.
    """
    missed = {finding.code for finding in replay.judged.goal if finding.unmet}
    for finding in compare_goal(models.observation, Layer.MODELS):
        if evidence.new and finding.unmet and finding.code in missed:
            yield replace(
                finding,
                next=f"{finding.next} The revision builds the same. "
                f"{fix_and_run_again(evidence, 'Correct that, too.')}",
            )
