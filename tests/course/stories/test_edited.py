"""A revision that was applied and edited afterwards: the file is right, the database is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told
from tutor.judge.findings import Status

if TYPE_CHECKING:
    from tests.course.learner import Learner

CASES = [
    pytest.param(step, wrong, id=f"{step}-{wrong}", marks=pytest.mark.xdist_group(step))
    for step, wrong in (("4.3", "values_lost"), ("5.5", "all_zero"))
]


@pytest.mark.parametrize(("step_id", "wrong"), CASES)
def test_mending_only_the_file_does_not_mend_the_rows(
    step_id: str, wrong: str, learner: Learner
) -> None:
    step = COURSE.step(step_id)
    learner.go_to_start(step_id)
    learner.do_quickly(step.mistakes[wrong])
    learner.lay(step.solution)
    verdict = learner.check()
    assert verdict.first_unmet, "accepted, with rows that the wrong revision left"
    assert verdict.first_unmet.code == "rows.live", told(verdict)
    assert "reset --rows" in verdict.first_unmet.next

    learner.run("tutor reset --rows --yes")
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("5.5")
def test_rows_that_the_learner_changed_are_theirs(learner: Learner) -> None:
    step = COURSE.step("5.5")
    learner.go_to_start("5.5")
    learner.do_quickly(step.solution)
    learner.run('tutor psql -c "UPDATE products SET discount_percent = 50 WHERE id = 1"')
    verdict = learner.check()
    assert verdict.passed, told(verdict)
    warnings = [item.code for item in verdict.findings if item.status is Status.WARNING]
    assert warnings == ["rows.live"]
