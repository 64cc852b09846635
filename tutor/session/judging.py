"""Check the current step, and move on where it passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.evidence.case import Case
from tutor.judge.evidence.evidence import Evidence
from tutor.judge.findings import Finding, in_layer_order, unmet, warning
from tutor.judge.grade import grade
from tutor.judge.values.database import Baseline
from tutor.judge.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.judge.evidence.case import Ask
    from tutor.session.context import Pieces


def check(pieces: Pieces, ask: Ask, working: Callable[[str], None]) -> Verdict:
    """Judge the current step. On a pass, it is done and the next one is the current."""
    step = pieces.course.step(pieces.progress.current)
    if not pieces.progress.begun:
        return _verdict(pieces, step.id, (_not_begun(step.id),))
    start = pieces.progress.start
    case = Case(
        step=step,
        workspace=pieces.workspace,
        server=pieces.server,
        copies=pieces.copies,
        journal=pieces.journal,
        baseline=Baseline(start.database, start.versions),
        baseline_files=pieces.start_files,
        since=start.event,
        rows_differ=start.differs,
        unmanaged=frozenset(start.own),
        later=lambda: pieces.course.later(step.id),
        ask=ask,
        working=working,
    )
    pieces.copies.sweep(pieces.snapshots.databases())
    pieces.journal.update()
    before = pieces.journal.last()
    with Evidence(case) as evidence:
        findings = grade(evidence)
        if evidence.ran_code:
            pieces.journal.update()
            if pieces.journal.last() != before:
                findings = in_layer_order([*findings, _touched()])
        verdict = _verdict(pieces, step.id, findings)
        if verdict.passed:
            from tutor.session.passing import move_on  # noqa: PLC0415 - most checks do not pass

            move_on(pieces, evidence)
            verdict = _verdict(pieces, step.id, findings)
    return verdict


def _verdict(pieces: Pieces, step_id: str, findings: tuple[Finding, ...]) -> Verdict:
    return Verdict(
        step=step_id,
        title=pieces.course.step(step_id).title,
        findings=findings,
        done=len(pieces.progress.done),
        total=len(pieces.course.step_ids),
    )


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
