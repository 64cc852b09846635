"""A draft's dangers are found out in the step that is about them, and not told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE
from tutor.judge.findings import Status

if TYPE_CHECKING:
    from tests.course.learner import Learner

SERVER_DEFAULTS = {
    "sku": "gen_random_uuid()",
    "is_active": "true",
    "created_at": "now()",
    "updated_at": "now()",
}


@pytest.mark.parametrize(
    "step_id",
    [
        pytest.param(step_id, marks=pytest.mark.xdist_group(step_id))
        for step_id in ("3.2", "3.3", "4.2")
    ],
)
def test_a_draft_is_told_to_be_one_and_nothing_else(step_id: str, learner: Learner) -> None:
    step = COURSE.step(step_id)
    learner.go_to_start(step_id)
    learner.do_quickly(step.solution)
    verdict = learner.check(step.solution.answers)
    assert verdict.passed
    told = [item.code for item in verdict.findings if item.status is Status.WARNING]
    assert told == ["revision.draft"]


@pytest.mark.xdist_group("4.3")
def test_the_first_rehearsal_of_4_3_tells_what_the_draft_would_lose(learner: Learner) -> None:
    learner.go_to_start("4.3")
    unmet = [item.code for item in learner.check().findings if item.unmet]
    assert unmet == ["revision.downgrade", "rows.kept"]


@pytest.mark.xdist_group("3.3")
def test_a_draft_with_server_defaults_runs_and_reset_takes_it_back(learner: Learner) -> None:
    learner.go_to_start("3.3")
    (draft,) = (learner.root / "migrations" / "versions").glob("*15bd0c9e7a34*")
    text = draft.read_text()
    for column, default in SERVER_DEFAULTS.items():
        line = next(line for line in text.splitlines() if f"sa.Column('{column}'" in line)
        filled = line.replace("nullable=False", f"server_default=sa.text('{default}')")
        text = text.replace(line, filled)
    draft.write_text(text)
    learner.run("python -m alembic upgrade head")
    learner.run("tutor reset --yes")
    assert learner.run("python -m alembic current").split()[-1] == "955bb0742a21"
