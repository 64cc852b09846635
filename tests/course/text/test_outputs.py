"""Law 4: what a lesson shows on a screen is what the screen shows (DESIGN, section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, Learner
from tests.course.text.console import START, Shown, Sitting, first_unlike, sittings
from tutor.session.look.lesson import fill
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from tutor.course import Patch, Step

STEPS = [step for step in COURSE.steps() if sittings(step.text)]


@pytest.mark.parametrize(
    "step",
    [pytest.param(step, id=step.id, marks=pytest.mark.xdist_group(step.id)) for step in STEPS],
)
def test_commands_print_what_the_lesson_shows(step: Step, learner: Learner) -> None:
    for sitting in sittings(step.text):
        learner.go_to_start(step.id)
        if sitting.state != START:
            learner.do_quickly(patch_of(step, sitting))
        for shown in sitting.commands:
            try_out(shown, learner)
    learner.moved_on()  # a command such as `tutor check` may have gone on to the next step


def patch_of(step: Step, sitting: Sitting) -> Patch:
    """Return the patch that leads from the step's start to the state of a sitting."""
    if sitting.state == "solution":
        return step.solution
    kind, _, name = sitting.state.partition("/")
    patches = {"mistakes": step.mistakes, "alternatives": step.alternatives}
    return patches[kind][name]


def try_out(shown: Shown, learner: Learner) -> None:
    """Run a command as the learner sees it, and compare what it prints."""
    # It must not start a server that the command before has stopped.
    with open_context(learner.root, reading=True, server="if running") as context:
        command = fill(shown.command, context.workspace, context.progress)
    result = learner.shell(command)
    if not shown.output:
        assert result.returncode == 0, f"$ {command}\n{result.stdout}"
        return
    index = first_unlike(shown.output, result.stdout)
    assert index is None, told(shown, index, result.stdout)


def told(shown: Shown, index: int, printed: str) -> str:
    """Return both screens, the first line that differs marked."""
    wanted = [*shown.output, "(the end)"]
    marked = [f"{'>' if line == index else ' '} {text}" for line, text in enumerate(wanted)]
    return "\n".join(
        [f"$ {shown.command}", "-- the lesson shows:", *marked, "-- it printed:", printed]
    )


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (["a", "…", "d"], "a\nb\nc\nd\n\n"),
        (["a", "…", "b"], "a  \nb\n"),
        (["… Running {{new}} -> …"], "INFO Running 15bd -> head\n"),
        (["…", "b", "…", "b"], "a\nb\nb\n"),
    ],
)
def test_the_comparison_allows_what_the_lesson_leaves_open(shown: list[str], printed: str) -> None:
    assert first_unlike(shown, printed) is None


@pytest.mark.parametrize(
    ("shown", "printed", "index"),
    [
        (["a", "b"], "a\nc\n", 1),
        (["a"], "a\nb\n", 1),
        (["a", "…", "d"], "a\nb\n", 2),
        (["a.c"], "abc\n", 0),
        (["a"], "", 0),
    ],
)
def test_the_comparison_finds_the_line_that_differs(
    shown: list[str], printed: str, index: int
) -> None:
    assert first_unlike(shown, printed) == index
