"""The new revisions run on a copy with rows, and build what the step asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.checks.finding import Finding, Layer, Status
from tutor.checks.learner_code import at, foreign_or, line_of, said
from tutor.course.step import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.checks.evidence import Evidence
    from tutor.checks.replay import Failure

PLACE = (Layer.REVISIONS, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield how the rehearsal went, then the goal's findings on what it built.

    A draft is judged on empty tables; what would happen to rows is a warning there.
    """
    if evidence.step.level < Level.DRAFT or evidence.replay is None:
        return
    if not evidence.new:
        if evidence.replay.start.reached:
            yield from evidence.replay.start.goal
        return
    judged = evidence.replay_empty if evidence.draft else evidence.replay
    if judged is None:
        return
    if evidence.replay.upgrade is not None:
        failure = evidence.replay.upgrade
        finding = foreign_or(failure.error, _failed(evidence, failure))
        tolerated = evidence.draft and judged.upgrade is None
        yield replace(finding, status=Status.WARNING) if tolerated else finding
    else:
        yield Finding(
            "revision.upgrade",
            Status.MET,
            Layer.REVISIONS,
            "the upgrade runs on a copy of your database, rows included",
        )
    if judged.upgrade is None or judged.reached is not None:
        yield from judged.judged.goal


def _failed(evidence: Evidence, failure: Failure) -> Finding:
    name = evidence.history.title_of(failure.revision)
    error = failure.error
    if error.kind == "hang":
        summary = f"upgrade() of {name} does not end"
        then = f"Take out of {name} whatever waits or loops."
    else:
        summary = f"upgrade() of {name} fails on a copy of your database{at(line_of(error))}"
        then = _advice(error.sqlstate, error.statement)
    return Finding(
        "revision.upgrade",
        Status.UNMET,
        Layer.REVISIONS,
        summary,
        expected="the upgrade runs where there are rows",
        actual=said(error),
        next=then,
    )


def _advice(sqlstate: str | None, statement: str | None) -> str:
    match sqlstate:
        case "23502":
            return (
                "Rows that are there have no value for the new column: add it as nullable, fill it "
                "with an UPDATE, then make it NOT NULL (or give it a server_default)."
            )
        case "23505":
            return (
                "Several rows have the same value: give each its own before the constraint is "
                "created."
            )
        case "23514":
            return "Rows that are there break the rule: mend their values first."
        case "42701" | "42P07" | "42710":
            return "It is there already: a revision may only add what those before it did not."
        case None:
            return "Mend that, then run `tutor check` again: nothing was applied to your database."
        case _:
            refused = f" (`{' '.join(statement.split())[:160]}`)" if statement else ""
            return f"Mend the statement that PostgreSQL refused{refused}, then check again."
