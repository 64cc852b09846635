"""The laws of the course (DESIGN, section 4), held against every folder under lessons/."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, Learner, told
from tutor.course import Requirement
from tutor.judge.findings import codes
from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.rows import all_keys
from tutor.session.look.lesson import next_lesson
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

    from tutor.course import Part, Step

STEPS = list(COURSE.steps())


def each_step() -> list[ParameterSet]:
    return [
        pytest.param(step, id=step.id, marks=pytest.mark.xdist_group(step.id)) for step in STEPS
    ]


def each_patch(kind: str) -> list[ParameterSet]:
    """Return every patch of a kind, but for the links of chains: test_chains walks those.

    From Part 5 on a chain's alternative builds on what the chain did before, and not on the
    references: the guide's dates have no zone, say.
    """
    return [
        pytest.param(step, name, id=f"{step.id}-{name}", marks=pytest.mark.xdist_group(step.id))
        for step in STEPS
        for name in getattr(step, kind)
        if kind != "alternatives" or name not in COURSE.part_of(step.id).chains
    ]


@pytest.mark.parametrize("step", each_step())
def test_the_start_state_is_rejected(step: Step, learner: Learner) -> None:
    learner.go_to_start(step.id)
    verdict = learner.check()
    assert not verdict.passed
    assert verdict.first_unmet, told(verdict)


@pytest.mark.parametrize("step", each_step())
def test_the_reference_is_accepted_and_leads_to_the_next_start(
    step: Step, learner: Learner
) -> None:
    learner.go_to_start(step.id)
    learner.do_quickly(step.solution)
    verdict = learner.check(step.solution.answers)
    assert verdict.passed, told(verdict)
    following = COURSE.after(step.id)
    if following is None:
        return
    with open_context(learner.root) as context:
        assert next_lesson(context).step_id == following
    walked = state_of(learner)
    learner.go_to_start(following)
    assert walked == state_of(learner)


def state_of(learner: Learner) -> object:
    """Return the managed files, the live schema, and the keys of all rows."""
    with open_context(learner.root) as context:
        server = context.server
        with server.connect(server.live, read_only=True) as connection:
            catalog = read_catalog(connection)
            return context.workspace.managed_files(), catalog, all_keys(connection, catalog)


@pytest.mark.parametrize(("step", "name"), each_patch("mistakes"))
def test_a_mistake_gets_its_finding_first(step: Step, name: str, learner: Learner) -> None:
    mistake = step.mistakes[name]
    learner.go_to_start(step.id)
    learner.do_quickly(mistake)
    verdict = learner.check(mistake.answers or step.solution.answers)
    assert verdict.first_unmet, f"accepted, where {mistake.expect} was expected"
    assert verdict.first_unmet.code == mistake.expect, told(verdict)
    assert verdict.first_unmet.next, "a finding says what to do next"


@pytest.mark.parametrize(("step", "name"), each_patch("alternatives"))
def test_an_alternative_is_accepted(step: Step, name: str, learner: Learner) -> None:
    alternative = step.alternatives[name]
    learner.go_to_start(step.id)
    learner.do_quickly(alternative)
    verdict = learner.check(alternative.answers or step.solution.answers)
    assert verdict.passed, told(verdict)


@pytest.mark.parametrize("step", each_step())
def test_every_step_is_whole(step: Step) -> None:
    questions_only = step.requires == {Requirement.ANSWERS}
    assert questions_only or len(step.hints) >= 2
    assert all(len(question.hints) >= 2 for question in step.questions)
    assert 1 <= step.minutes <= 5
    assert step.learnt
    assert questions_only or len(step.mistakes) >= 2
    for name, mistake in step.mistakes.items():
        assert mistake.about, name
        assert mistake.expect in codes(), name
    for name, alternative in step.alternatives.items():
        assert alternative.about, name
        assert alternative.expect is None, name


@pytest.mark.parametrize("part", [part for part in COURSE.parts if part.number >= 3])
def test_steps_from_part_three_on_have_an_alternative(part: Part) -> None:
    steps = [step for step in STEPS if step.id in part.step_ids]
    lacking = [
        step.id
        for step in steps
        if not step.alternatives and (step.builds or Requirement.MODELS in step.requires)
    ]
    assert not lacking
