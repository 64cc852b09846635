"""Check the current step, and move on where it passes."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from tutor.judge.evidence.evidence import Evidence
from tutor.judge.findings import Finding, in_layer_order, unmet, warning
from tutor.judge.grade import grade
from tutor.judge.verdict import Verdict
from tutor.session.check.answering import case_of, keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.course import Part, Step
    from tutor.judge.evidence.case import Ask
    from tutor.judge.values.answers import Answered
    from tutor.session.context import Context


def check(
    context: Context,
    ask: Ask,
    working: Callable[[str], None] = lambda _: None,
    *,
    right: Callable[[Answered], None] = lambda _: None,
    in_terminal: bool = False,
) -> Verdict:
    """Judge the current step; until `tutor next` goes on, the one that has just passed.

    On a pass, it is done and the next one is the current. `working` gets a sentence before what
    takes seconds, `right` each right answer as soon as it is given; it is kept before that.
    `in_terminal` says whether questions are asked in a terminal.
    """
    progress = context.progress.judged
    step = context.course.step(progress.current)
    if not progress.begun:
        return _verdict(context, step, (_not_begun(step.id),))

    def keep(answered: Answered) -> None:
        keep_answer(context, step.id, answered)
        right(answered)

    context.copies.sweep(context.snapshots.databases())
    context.journal.update()
    before = context.journal.last()
    case = replace(case_of(context), ask=ask, keep=keep, in_terminal=in_terminal, working=working)
    with Evidence(case) as evidence:
        findings = grade(evidence)
        if evidence.code.ran:
            context.journal.update()
            if context.journal.last() != before:
                findings = in_layer_order([*findings, _touched()])
        verdict = _noted(context, _verdict(context, step, findings))
        if verdict.passed:
            from tutor.session.check.passing import move_on  # noqa: PLC0415 - most do not pass

            move_on(context, evidence)
            verdict = _verdict(context, step, findings)
    return verdict


def _noted(context: Context, verdict: Verdict) -> Verdict:
    """Keep the digest of files that did not pass; say whether they did not pass before either."""
    if verdict.passed:
        return verdict
    digest = sha256(verdict.step.encode())
    for name, content in sorted(context.workspace.managed_files().items()):
        digest.update(name.encode() + b"\0" + content + b"\0")
    told = digest.hexdigest()
    if context.progress.unmet_files == told:
        return replace(verdict, unchanged=True)
    context.save(replace(context.progress, unmet_files=told))
    return verdict


def praise(context: Context, verdict: Verdict) -> tuple[str, str | None]:
    """Return what a passed step taught, and "3.6 Title" of the one that follows, if any."""
    following = context.course.after(verdict.step)
    title = f"{following} {context.course.step(following).title}" if following else None
    return context.course.step(verdict.step).learnt, title


def part_end(context: Context, verdict: Verdict) -> Part | None:
    """Return the part whose last step was passed, where it has something to say at its end."""
    part = context.course.part_of(verdict.step)
    ended = verdict.passed and verdict.step == part.step_ids[-1] and bool(part.can)
    return part if ended else None


def _verdict(context: Context, step: Step, findings: tuple[Finding, ...]) -> Verdict:
    done, total = len(context.progress.done), len(context.course.step_ids)
    return Verdict(step.id, step.title, findings, done, total)


def _not_begun(step_id: str) -> Finding:
    return unmet(
        "environment.begun",
        f"step {step_id} has not begun: `tutor next` prepares your workspace for it",
        expected="`tutor next`, which begins it",
        actual="not begun",
        next="Run `tutor next`.",
    )


def _touched() -> Finding:
    return warning(
        "environment.untouched",
        "something changed your database while the check ran",
        expected="the check leaves your database alone",
        actual="a transaction was committed in it",
        next="If that was not you in another terminal, your code connects around SQLAlchemy's "
        "engine: let it use the one in database.py.",
    )
