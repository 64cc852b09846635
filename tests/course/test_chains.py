"""Whole ways through the course: every chain of alternatives, and one check after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, Learner, told
from tutor.session.look.lesson import next_lesson
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from tutor.course import Patch

CHAINS = sorted({name for part in COURSE.parts for name in part.chains})


def patch_of(step_id: str, chain: str) -> Patch:
    step = COURSE.step(step_id)
    return step.alternatives.get(chain, step.solution)


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_runs_through_to_the_end(chain: str, learner: Learner) -> None:
    learner.leave()
    first = next(step.id for step in COURSE.steps() if chain in step.alternatives)
    learner.go_to_start(first)
    for step_id in COURSE.step_ids[COURSE.step_ids.index(first) :]:
        with open_context(learner.root) as context:
            lesson = next_lesson(context)
        assert lesson.step_id == step_id
        patch = patch_of(step_id, chain)
        learner.do_quickly(patch)
        verdict = learner.check(patch.answers or COURSE.step(step_id).solution.answers)
        assert verdict.passed, f"{step_id}: {told(verdict)}"


@pytest.mark.parametrize(
    "steps",
    [("3.1", "3.2", "3.3", "3.4", "3.5"), ("5.1", "5.2", "5.3", "5.4", "5.5")],
    ids=["3", "5"],
)
def test_a_learner_who_ran_ahead_passes_one_check_after_the_other(
    steps: tuple[str, ...], learner: Learner
) -> None:
    learner.leave()
    learner.go_to_start(steps[0])
    for step_id in steps:
        learner.do_quickly(COURSE.step(step_id).solution)
    for step_id in steps:
        verdict = learner.check(COURSE.step(step_id).solution.answers)
        assert verdict.step == step_id
        assert verdict.passed, f"{step_id}: {told(verdict)}"


@pytest.mark.xdist_group("4.3")
def test_what_a_later_revision_carries_over_is_the_next_step_s_start(learner: Learner) -> None:
    learner.go_to_start("4.3")
    learner.do_quickly(COURSE.step("4.3").alternatives["carried_in_the_second"])
    assert learner.check().passed
    learner.do_quickly(COURSE.step("5.1").solution)
    verdict = learner.check()
    assert verdict.step == "5.1"
    assert verdict.passed, told(verdict)
