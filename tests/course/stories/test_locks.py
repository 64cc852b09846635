"""What a rehearsal tells of locks and of rewritten tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told
from tutor.judge.findings import Status

if TYPE_CHECKING:
    from tests.course.learner import Learner
    from tutor.judge.findings import Finding


def locks(learner: Learner) -> Finding:
    verdict = learner.check()
    (found,) = (item for item in verdict.findings if item.code == "revision.locks")
    assert not found.unmet, told(verdict)
    return found


@pytest.mark.xdist_group("5.2")
def test_a_change_of_type_rewrites_the_table_and_is_told_until_it_is_applied(
    learner: Learner,
) -> None:
    learner.go_to_start("5.2")
    learner.lay(COURSE.step("5.2").solution)
    found = locks(learner)
    assert found.status is Status.WARNING
    assert "products is locked (ACCESS EXCLUSIVE) and rewritten: nobody reads" in found.summary
    learner.run("python -m alembic upgrade head")
    assert locks(learner).status is Status.MET


@pytest.mark.xdist_group("5.4")
def test_a_plain_index_keeps_writers_out_and_rewrites_nothing(learner: Learner) -> None:
    learner.go_to_start("5.4")
    learner.lay(COURSE.step("5.4").solution)
    found = locks(learner)
    assert "products is locked (SHARE): nobody writes" in found.summary
    assert "rewritten" not in found.summary
