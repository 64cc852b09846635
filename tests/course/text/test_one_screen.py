"""Every lesson, as the terminal draws it, is short; its end alone says what to do now."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE
from tests.course.text.texts import Said
from tutor.cli.render.lesson import draw_hint, draw_lesson, draw_part_end
from tutor.cli.render.markdown import draw_markdown
from tutor.cli.render.screen import make_screen
from tutor.session.look.lesson import Hint, Lesson

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from tutor.course import Part, Step

COLUMNS = 80
LINES = 24
"""A terminal of the smallest kind that is still common."""
TEXT_LINES = 40
PROMPT_LINES = 1
CAN_LINES = 5
STEPS = list(COURSE.steps())

_NOW = re.compile(r"^```now\n(?P<moves>.*?)^```$", re.MULTILINE | re.DOTALL)


def drawn(draw: Callable[[Console], None]) -> list[str]:
    stream = io.StringIO()
    draw(make_screen(stream, COLUMNS))
    return stream.getvalue().splitlines()


def moves(step: Step) -> str:
    """Return what a lesson's end says to do now."""
    (block,) = _NOW.finditer(step.text)
    return block["moves"]


@pytest.mark.parametrize("step", STEPS, ids=COURSE.step_ids)
def test_a_lesson_is_short(step: Step) -> None:
    lines = drawn(lambda console: draw_markdown(console, step.text, Path("fastapi-learn")))
    assert len(lines) <= TEXT_LINES
    assert max(map(len, lines)) <= COLUMNS


@pytest.mark.parametrize("step", STEPS, ids=COURSE.step_ids)
def test_a_lesson_ends_with_what_to_do_now_and_that_fits_a_small_terminal(step: Step) -> None:
    assert step.text.endswith(f"```now\n{moves(step)}```\n")
    lines = drawn(lambda console: draw_lesson(console, lesson_of(step)))
    end = lines[lines.index("Now") :]
    said = step.start.about if step.start is not None else ""
    assert len(end) + len(said) // COLUMNS + 2 <= LINES - PROMPT_LINES
    assert moves(step).rstrip().endswith("$ tutor check")


@pytest.mark.parametrize("step", STEPS, ids=COURSE.step_ids)
def test_the_end_names_every_command_and_every_file_that_the_step_takes(step: Step) -> None:
    """Whoever sees only the end of the screen can still do the whole step.

    Where a step breaks something, how to repair it is what the learner has to find.
    """
    now = moves(step)
    if step.fault is not None:
        assert step.fault.run or step.fault.files or step.fault.edits
        return
    typed = Said("now", f"```now\n{now}```\n").commands
    assert not set(step.solution.run) - set(typed)
    edited = {name for name in step.solution.files if not name.startswith("migrations/versions/")}
    assert not [name for name in edited if name not in now]


@pytest.mark.parametrize("step", STEPS, ids=COURSE.step_ids)
def test_a_hint_is_as_wide_as_the_screen_and_its_code_is_not_wrapped(step: Step) -> None:
    for number, text in enumerate(step.hints, start=1):
        hint = Hint(number, len(step.hints), text)
        lines = drawn(lambda console, hint=hint: draw_hint(console, hint, Path("fastapi-learn")))  # type: ignore[misc]
        assert max(map(len, lines)) <= COLUMNS
        shown = "\n".join(lines)
        code = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert all(line.strip() in shown for block in code for line in block.splitlines())


@pytest.mark.parametrize("part", COURSE.parts, ids=lambda part: str(part.number))
def test_a_part_ends_with_what_the_learner_can_do_and_what_comes_next(part: Part) -> None:
    assert 1 <= len(part.can) <= CAN_LINES
    assert part.then
    title, *lines = drawn(lambda console: draw_part_end(console, part))[1:]
    assert f"Part {part.number}" in title
    assert len(lines) <= CAN_LINES + 2, "each is one line, and what comes next two"


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
