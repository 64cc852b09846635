"""The judge has room for what comes: a fault, a branch with its merge, names of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.drafts import lessons_with_drafts
from tests.course.learner import Learner, told
from tutor.course import Course
from tutor.postgres.rows import versions_of
from tutor.session.look.lesson import next_lesson
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from collections.abc import Iterator

DRAFTS = ("7.1", "7.2", "10.2")

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
    """Return "7.1 name" for each patch of a kind."""
    known: dict[str, dict[str, tuple[str, ...]]] = {
        "mistakes": {
            "7.1": ("stamped_too_low", "built_anew"),
            "7.2": ("both_applied", "file_deleted"),
            "10.2": ("often", "points_nowhere"),
        },
        "alternatives": {
            "7.1": ("by_hand",),
            "7.2": ("follows_the_head",),
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


def test_the_baseline_is_healthy_and_the_reset_point_broken(learner: Learner) -> None:
    learner.go_to_start("7.1")
    learner.run("python -m alembic stamp head")
    learner.run("tutor reset --yes")
    with open_context(learner.root, reading=True) as context:
        progress, server = context.progress, context.server
        assert versions_of(server, progress.baseline.database) == ("48ac9e0d7f13",)
        assert versions_of(server, progress.reset_point.database) is None
        assert versions_of(server, server.live) is None
    learner.moved_on()


def test_a_pass_leads_to_the_fault_of_the_next_step(course: Course, learner: Learner) -> None:
    learner.go_to_start("6.3")
    learner.do_quickly(course.step("6.3").solution)
    assert learner.check().passed
    with open_context(learner.root) as context:
        assert not context.progress.begun
    first = learner.check().first_unmet
    assert first is not None
    assert first.code == "environment.begun"
    news = next_news(learner)
    assert "alembic_version is gone." in news
    verdict = learner.check()
    assert verdict.first_unmet is not None
    assert verdict.first_unmet.code == "version.applied", told(verdict)
    learner.do_quickly(course.step("7.1").solution)
    assert learner.check().passed
    assert "A colleague pushed a revision." in next_news(learner)
    learner.do_quickly(course.step("7.2").solution)
    verdict = learner.check()
    assert verdict.passed, told(verdict)


def next_news(learner: Learner) -> tuple[str, ...]:

    with open_context(learner.root) as context:
        return next_lesson(context).news
