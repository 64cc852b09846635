"""Whole ways through the course: the references, and every chain of alternatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, Learner, told
from tutor.database.catalog import read_catalog
from tutor.database.values import all_keys
from tutor.session import Session

if TYPE_CHECKING:
    from tutor.course import Patch

CHAINS = sorted({name for part in COURSE.parts for name in part.chains})


def patch_of(step_id: str, chain: str) -> Patch:
    step = COURSE.step(step_id)
    return step.alternatives.get(chain, step.solution)


@pytest.mark.parametrize("chain", ["reference", *CHAINS])
def test_a_chain_runs_through_to_the_end(chain: str, learner: Learner) -> None:
    learner.leave()
    learner.go_to_start(COURSE.step_ids[0])
    for step_id in COURSE.step_ids:
        with Session.open(learner.root) as session:
            lesson = session.next()
        assert lesson.step_id == step_id
        patch = patch_of(step_id, chain)
        learner.do(patch)
        verdict = learner.check(patch.answers or COURSE.step(step_id).solution.answers)
        assert verdict.passed, f"{step_id}: {told(verdict)}"


@pytest.mark.parametrize("step_id", COURSE.step_ids[:-1])
def test_replaying_a_reference_gives_the_next_start(step_id: str, learner: Learner) -> None:
    following = COURSE.after(step_id)
    assert following
    learner.leave()
    learner.go_to_start(step_id)
    learner.do(COURSE.step(step_id).solution)
    verdict = learner.check(COURSE.step(step_id).solution.answers)
    assert verdict.passed, told(verdict)
    with Session.open(learner.root) as session:
        assert session.next().step_id == following
    walked = state_of(learner)
    learner.go_to_start(following)
    assert walked == state_of(learner)


def state_of(learner: Learner) -> object:
    with Session.open(learner.root) as session:
        server = session.pieces.server
        with server.connect(server.live, read_only=True) as connection:
            catalog = read_catalog(connection)
            return session.workspace.managed_files(), catalog, all_keys(connection, catalog)


def test_a_learner_who_ran_ahead_passes_one_check_after_the_other(learner: Learner) -> None:
    learner.leave()
    learner.go_to_start("3.1")
    for step_id in ("3.1", "3.2", "3.3", "3.4", "3.5"):
        learner.do(COURSE.step(step_id).solution)
    for step_id in ("3.1", "3.2", "3.3", "3.4", "3.5"):
        verdict = learner.check(COURSE.step(step_id).solution.answers)
        assert verdict.step == step_id
        assert verdict.passed, f"{step_id}: {told(verdict)}"
