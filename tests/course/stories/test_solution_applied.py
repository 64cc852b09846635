"""`tutor solution --apply`, for every step for real: it leads to a pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told

if TYPE_CHECKING:
    from tests.course.learner import Learner
    from tutor.course import Step

STEPS = [
    pytest.param(step, id=step.id, marks=pytest.mark.xdist_group(step.id))
    for step in COURSE.steps()
]


@pytest.mark.parametrize("step", STEPS)
def test_the_applied_solution_passes(step: Step, learner: Learner) -> None:
    learner.go_to_start(step.id)
    learner.run("tutor solution --apply --yes")
    learner.moved_on()
    verdict = learner.check(step.solution.answers)
    assert verdict.step == step.id
    assert verdict.passed, told(verdict)
