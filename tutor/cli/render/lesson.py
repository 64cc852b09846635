"""The lesson's screen: where the learner is, the text, and the commands that come next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tutor.cli.render.screen import (
    GOOD,
    HERE,
    bar,
    draw_hanging,
    draw_marked,
    draw_rule,
    inline,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from tutor.course import Part
    from tutor.session.look.lesson import Hint, Lesson

_GAP = 2


def draw_lesson(console: Console, lesson: Lesson, *, current: bool = True) -> None:
    """Draw a step's text; `current` is False for a step that is only read again.

    A screen is read from its end: what the tutor has just done stands beside what to do now.
    """
    from tutor.cli.render.markdown import NOW, draw_markdown

    part = Text(f"Part {lesson.part_number} · {lesson.part_title}", "quiet")
    _draw_ends(console, part, bar(lesson.done, lesson.total))
    title = Text.assemble((f"{lesson.step_id} {lesson.title}", "title"))
    _draw_ends(console, title, Text(_facts(lesson), "quiet"))
    draw_rule(console)
    text, fence, moves = lesson.text.partition(f"```{NOW}\n")
    draw_markdown(console, text, lesson.workspace)
    if lesson.news:
        console.print()
    for sentence in lesson.news:
        draw_marked(console, HERE, sentence)
    if fence:
        console.print()
        draw_markdown(console, fence + moves, lesson.workspace)
    if current:
        draw_rule(console)
        draw_hanging(console, Text(), inline(console, _next_commands(lesson)))


def draw_hint(console: Console, hint: Hint, folder: Path, *, asked: bool = False) -> None:
    """Draw one hint and how many there are; `asked`: at its question, where `?` gives the next."""
    from tutor.cli.render.markdown import draw_markdown

    whose = f"Question {hint.question}, hint" if hint.question else "Hint"
    draw_hanging(console, Text(), Text(f"{whose} {hint.number} of {hint.total}", "title"))
    draw_markdown(console, hint.text, folder)
    if asked:
        return
    more = (
        "`tutor hint` says more."
        if hint.number < hint.total
        else "That was the last one. `tutor solution` shows the reference."
    )
    console.print()
    draw_hanging(console, Text(), inline(console, more))


def draw_part_end(console: Console, part: Part) -> None:
    """Draw what the learner can do at the end of a part, and what comes next."""
    console.print()
    draw_hanging(
        console, Text(), Text(f"Part {part.number}, {part.title}: done. You can now", "title")
    )
    for line in part.can:
        draw_marked(console, GOOD, line)
    if part.then:
        draw_marked(console, HERE, part.then)


def _facts(lesson: Lesson) -> str:
    facts = [f"{lesson.minutes} min"]
    if lesson.questions:
        facts.append(f"{lesson.questions} question{'s' * (lesson.questions > 1)}")
    if lesson.passed:
        facts.append(f"{GOOD} passed")
    return " · ".join(facts)


def _next_commands(lesson: Lesson) -> str:
    if lesson.passed and lesson.to_come is None:
        return (
            f"You are through all {lesson.total} steps · `tutor goto 3.4` begins any of them anew"
        )
    if lesson.passed:
        again = "Passed before: `tutor check` judges it again"
        return f"{again} · to go on: `tutor goto {lesson.to_come}`"
    asks = " and asks you" if lesson.questions else ""
    return f"`tutor check` judges it{asks} · `tutor hint` helps"


def _draw_ends(console: Console, left: Text, right: Text) -> None:
    """Draw two texts at the two ends of a line, or below each other where it is too short."""
    room = console.width - cell_len(left.plain) - cell_len(right.plain)
    if room >= _GAP:
        console.print(Text.assemble(left, " " * room, right))
    else:
        draw_hanging(console, Text(), left)
        draw_hanging(console, Text(), right)
