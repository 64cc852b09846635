"""Every lesson, as the terminal draws it, fits one screen."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE
from tutor.cli.render.lesson import draw_lesson
from tutor.cli.render.screen import make_screen
from tutor.session.look.lesson import Lesson

if TYPE_CHECKING:
    from tutor.course import Step

COLUMNS = 80
LINES = 50
"""A screen of today; header and footer included."""


@pytest.mark.parametrize("step", list(COURSE.steps()), ids=COURSE.step_ids)
def test_a_lesson_fits_one_screen(step: Step) -> None:
    stream = io.StringIO()
    draw_lesson(make_screen(stream, COLUMNS), lesson_of(step))
    lines = stream.getvalue().splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS


def lesson_of(step: Step) -> Lesson:
    part = COURSE.part_of(step.id)
    return Lesson(
        step_id=step.id,
        title=step.title,
        part_number=part.number,
        part_title=part.title,
        minutes=step.minutes,
        text=step.text,
        questions=len(step.questions),
        done=COURSE.step_ids.index(step.id),
        total=len(COURSE.step_ids),
        passed=False,
        to_come=step.id,
        workspace=Path("fastapi-learn"),
    )
