"""The questions of the step that a check judges: which are open, and one answer at a time.

A check asks all of them in order; here one is answered by itself, whatever screen it was typed at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.evidence.case import Case
from tutor.judge.values.database import Baseline

if TYPE_CHECKING:
    from tutor.course import Question
    from tutor.judge.values.answers import Answered
    from tutor.session.context import Context


def questions(context: Context) -> tuple[Question, ...]:
    """Return the questions of the step that a check judges, answered or not."""
    return context.course.step(context.progress.judged.current).questions


def open_questions(context: Context) -> dict[int, Question]:
    """Return the questions that are not answered rightly yet, by their number from 1."""
    progress = context.progress.judged
    known = progress.answers.get(progress.current, {})
    return {
        number: question
        for number, question in enumerate(questions(context), start=1)
        if question.ask not in known
    }


def answer(context: Context, number: int, given: str) -> Answered:
    """Judge an answer to the question of that number; a right one is kept."""
    from tutor.judge.evidence.evidence import Evidence  # noqa: PLC0415 - few commands judge
    from tutor.judge.questions.ask import judge_answer  # noqa: PLC0415

    context.journal.update()
    with Evidence(case_of(context)) as evidence:
        answered = judge_answer(evidence, number, given)
    if answered.right:
        keep_answer(context, evidence.step.id, answered)
    return answered


def keep_answer(context: Context, step_id: str, answered: Answered) -> None:
    """Write down a right answer: its question is not asked again in this step."""
    context.save(context.progress.with_answer(step_id, answered.question.ask, answered.given))


def case_of(context: Context) -> Case:
    """Return the case of the step that a check judges; nobody is asked in it."""
    progress = context.progress.judged
    step = context.course.step(progress.current)
    return Case(
        step=step,
        workspace=context.workspace,
        server=context.server,
        copies=context.copies,
        journal=context.journal,
        baseline=Baseline(progress.baseline.database, progress.baseline.versions),
        baseline_files=context.files_of(progress.baseline),
        began_at=progress.reset_point.versions,
        since=progress.event,
        rows_differ=progress.rows_differ,
        unmanaged=frozenset(progress.unmanaged),
        later=lambda: context.course.later(step.id),
        ask=lambda *_: None,
        kept=progress.answers.get(step.id, {}),
        keep=lambda _: None,
        in_terminal=False,
        working=lambda _: None,
    )
