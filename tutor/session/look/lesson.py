"""A step's lesson and hints, ready to be shown: the learner's own names stand in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.session.context import Context
    from tutor.state.progress import Progress
    from tutor.workspace.folder import Workspace

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")

_UNKNOWN = {
    "head": "<id>",
    "new": "<new id>",
    "new_file": "<your new file>",
    "version": "base",
}
"""What stands for a placeholder while nothing is known; the keys are the placeholders there are."""


@dataclass(frozen=True)
class Lesson:
    """A step's text, ready to be rendered.

    `text` is Markdown with the learner's own names filled in. `news` are sentences about what the
    tutor just did (a server started, rows restored, "a colleague filled in a column"). `to_come` is
    the first step that has not been passed yet, None at the end of the course.
    """

    step_id: str
    title: str
    part_number: int
    part_title: str
    minutes: int
    text: str
    questions: int
    done: int
    total: int
    passed: bool
    to_come: str | None
    workspace: Path
    news: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hint:
    """One hint: its text, its number from 1, and how many there are.

    `question` is the number of the question that it belongs to; None for a hint at the work.
    """

    number: int
    total: int
    text: str
    question: int | None = None


def next_lesson(context: Context) -> Lesson:
    """Begin the current step where it has not begun; return its lesson."""
    go_on(context)
    news: tuple[str, ...] = ()
    if not context.progress.begun:
        from tutor.session.change.begin import begin  # noqa: PLC0415 - few lessons begin a step

        news = begin(context)
    return lesson(context, news=news)


def go_on(context: Context) -> None:
    """Leave the step that passed: from now on a check judges the current one."""
    if context.progress.just_passed is not None:
        context.save(replace(context.progress, just_passed=None))


def lesson(context: Context, step_id: str | None = None, *, news: tuple[str, ...] = ()) -> Lesson:
    """Return a step's lesson, the current one's where none is named."""
    step = context.course.step(step_id or context.progress.current)
    part = context.course.part_of(step.id)
    return Lesson(
        step_id=step.id,
        title=step.title,
        part_number=part.number,
        part_title=part.title,
        minutes=step.minutes,
        text=fill(step.text, context.workspace, context.progress),
        questions=len(step.questions),
        done=len(context.progress.done),
        total=len(context.course.step_ids),
        passed=context.progress.passed(step.id),
        to_come=to_come(context),
        workspace=context.workspace.root,
        news=news,
    )


def hint(context: Context, question: int | None = None) -> Hint:
    """Return one hint more than was seen; the last one stays.

    It belongs to the question of that number. Without one, the hints at the step's work come first,
    and then those of its first open question.
    """
    from tutor.session.check.answering import open_questions  # noqa: PLC0415 - lessons do without

    progress = context.progress.judged
    step = context.course.step(progress.current)
    if question is None and progress.hints.get(step.id, 0) >= len(step.hints):
        question = next(iter(open_questions(context)), None)
        if question is None and not step.hints:
            question = len(step.questions)
    if question is None:
        return _one_more(context, step.id, step.hints, None)
    hints = step.questions[question - 1].hints
    return _one_more(context, f"{step.id} question {question}", hints, question)


def _one_more(context: Context, key: str, hints: tuple[str, ...], question: int | None) -> Hint:
    number = min(context.progress.hints.get(key, 0) + 1, len(hints))
    context.save(context.progress.with_hint(key, number))
    return Hint(number, len(hints), hints[number - 1], question)


def to_come(context: Context) -> str | None:
    """Return the first step that has not been passed yet; None at the end of the course."""
    steps = context.course.step_ids
    return next((step for step in steps if not context.progress.passed(step)), None)


def fill(text: str, workspace: Workspace, progress: Progress) -> str:
    """Replace the placeholders of a lesson; one that nothing is known of stays as <name>."""
    if "{{" not in text:
        return text
    from tutor.workspace.revision_files import read_graph  # noqa: PLC0415 - few texts need it

    graph = read_graph(workspace.managed_files())
    head = next((graph.by_id[head] for head in graph.heads), None)
    new = head if head is not None and head.id not in progress.baseline.versions else None
    values = {
        "workspace": str(workspace.root),
        "head": head.id if head else None,
        "new": new.id if new else None,
        "new_file": new.name if new else None,
        "version": ", ".join(progress.baseline.versions),
    }
    return _PLACEHOLDER.sub(lambda match: values.get(match[1]) or _UNKNOWN[match[1]], text)
