"""The judge has room for what comes: a branch with its merge, names of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.drafts import lessons_with_drafts
from tests.course.learner import Learner, told
from tutor.course import Course

if TYPE_CHECKING:
    from collections.abc import Iterator

DRAFTS = ("10.1", "10.2")

pytestmark = pytest.mark.xdist_group("drafts")


@pytest.fixture(scope="module", autouse=True)
def course(tmp_path_factory: pytest.TempPathFactory, learner: Learner) -> Iterator[Course]:
    """Put a course with the drafts in the place of the real one."""
    learner.leave()
    folder = lessons_with_drafts(tmp_path_factory.mktemp("course") / "lessons")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tutor.course.load.lessons_folder", lambda: folder)
        yield Course(folder)
        learner.leave()


def cases(kind: str) -> list[str]:
    """Return "10.1 name" for each patch of a kind."""
    known: dict[str, dict[str, tuple[str, ...]]] = {
        "mistakes": {
            "10.1": ("both_applied", "file_deleted"),
            "10.2": ("often", "points_nowhere"),
        },
        "alternatives": {
            "10.1": ("follows_the_head",),
            "10.2": ("other_names",),
        },
    }
    return [f"{step} {name}" for step, names in known[kind].items() for name in names]


@pytest.mark.parametrize("step_id", DRAFTS)
def test_the_start_is_rejected_and_the_reference_accepted(
    step_id: str, course: Course, learner: Learner
) -> None:
    learner.go_to_start(step_id)
    verdict = learner.check()
    assert verdict.step == step_id
    assert verdict.first_unmet, told(verdict)
    learner.do_quickly(course.step(step_id).solution)
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.parametrize("case", cases("mistakes"))
def test_a_mistake_gets_its_finding_first(case: str, course: Course, learner: Learner) -> None:
    step_id, name = case.split(" ")
    mistake = course.step(step_id).mistakes[name]
    learner.go_to_start(step_id)
    learner.do_quickly(mistake)
    verdict = learner.check()
    assert verdict.first_unmet, f"accepted, where {mistake.expect} was expected"
    assert verdict.first_unmet.code == mistake.expect, told(verdict)


@pytest.mark.parametrize("case", cases("alternatives"))
def test_an_alternative_is_accepted(case: str, course: Course, learner: Learner) -> None:
    step_id, name = case.split(" ")
    learner.go_to_start(step_id)
    learner.do_quickly(course.step(step_id).alternatives[name])
    verdict = learner.check()
    assert verdict.passed, told(verdict)
