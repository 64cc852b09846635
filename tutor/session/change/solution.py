"""The reference solution of the current step: as a diff, and applied."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.session.change.build import Built, apply_patch, build, workbench
from tutor.session.change.swap import BACKED_UP, Change, begin_step, swap_in
from tutor.session.check.answering import case_of

if TYPE_CHECKING:
    from tutor.course import Step
    from tutor.session.context import Context


@dataclass(frozen=True)
class FileDiff:
    """A unified diff that leads from the learner's file to the reference."""

    path: str
    diff: str


@dataclass(frozen=True)
class Solution:
    """The reference solution of a step against the learner's files."""

    step_id: str
    diffs: tuple[FileDiff, ...]
    commands: tuple[str, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Answer:
    """A question, and its right answer in the learner's own project."""

    question: str
    right: str


def solution(context: Context) -> Solution:
    """Return the reference of the current step as diffs against the learner's present files."""
    step = context.course.step(context.progress.judged.current)
    present = context.workspace.managed_files()
    wanted = step.solution.change(present)
    names = sorted(name for name in {*present, *wanted} if present.get(name) != wanted.get(name))
    return Solution(
        step_id=step.id,
        diffs=tuple(FileDiff(name, _diff(name, present, wanted)) for name in names),
        commands=step.solution.run,
        answers=_answers(context, step),
    )


def _answers(context: Context, step: Step) -> tuple[Answer, ...]:
    """Return each question beside its answer; the reference's where it cannot be looked up yet."""
    from tutor.judge.evidence.evidence import Evidence  # noqa: PLC0415 - few steps ask
    from tutor.judge.questions.facts import right_answers  # noqa: PLC0415

    told = []
    with Evidence(case_of(context)) as evidence:
        for question, reference in zip(step.questions, step.solution.answers, strict=True):
            try:
                right = next(iter(right_answers(question, evidence).answers), reference)
            except CannotActError:
                right = reference
            choice = question.choices.get(right)
            told.append(Answer(question.ask, f"{right}) {choice}" if choice else right))
    return tuple(told)


def _diff(name: str, present: dict[str, bytes], wanted: dict[str, bytes]) -> str:
    before, after = (
        files.get(name, b"").decode("utf-8", "replace").splitlines(keepends=True)
        for files in (present, wanted)
    )
    return "".join(difflib.unified_diff(before, after, f"yours/{name}", f"reference/{name}"))


def apply_solution(context: Context) -> Change:
    """Go to the current step's end: its start, built from the references, and its solution.

    The solution runs on a copy first, so nothing is changed where it fails.
    """
    step = context.course.step(context.progress.judged.current)
    healthy = build(context, step.id, context.sound_env())
    started, progress = begin_step(context, step, healthy)
    ended = apply_patch(context, started, step.solution)
    before = "`tutor solution --apply`"
    if step.journal:
        clients = swap_in(context, Built(ended.files, started.database), progress, before)
        _run_live(context, step, ended.files)
    else:
        clients = swap_in(context, ended, progress, before)
    return Change(
        step.id,
        (
            f"The reference solution of step {step.id} is in place, on the reference of the steps "
            f"before it. `tutor check` judges it.",
            BACKED_UP,
            *clients,
        ),
    )


def _run_live(context: Context, step: Step, files: dict[str, bytes]) -> None:
    """Run a solution's commands on the live database: the step wants to see them in its log.

    Where one fails there, although it ran on a copy, the state before comes back.
    """
    try:
        with workbench(context, files, context.server.live) as (bench, runner):
            bench.apply([step.solution], runner)
    except BaseException:
        backup = context.snapshots.backup()
        context.snapshots.restore(backup, backup.files)
        context.reload()
        raise
