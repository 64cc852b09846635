"""Which later steps a state has reached: whoever went on is judged where each step ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.compare.goal import compare_goal
from tutor.judge.findings import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.judge.values.observation import Observation


def reached(observations: Mapping[str, Observation]) -> frozenset[str]:
    """Return the ids of the steps whose goal is met by what was seen of a copy."""
    return frozenset(
        step_id
        for step_id, observation in observations.items()
        if not any(finding.unmet for finding in compare_goal(observation, Layer.REVISIONS))
    )
