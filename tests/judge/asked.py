"""Ask one rule on evidence that is written down, and what two revisions build in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.judge.given import (
    BASE,
    HEAD,
    catalog,
    evidence,
    replayed,
    stage,
    table,
)
from tutor.course import ColumnGoal, Requirement, TableGoal
from tutor.judge.findings import Status
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.judge.findings import Finding

GOAL = (TableGoal("products", columns=(ColumnGoal("sku"),)),)
BEFORE = catalog(products=table())
AFTER = catalog(products=table(sku="text"))
START = stage(None, [BASE], BEFORE, GOAL)
END = stage(HEAD, [BASE, HEAD], AFTER, GOAL)
REPLAY = replayed(START, END)
NULLS = LearnerCodeError(
    "database",
    "contains null values",
    f"migrations/versions/{HEAD}.py",
    25,
    sqlstate="23502",
    statement="ALTER TABLE products ADD sku text NOT NULL",
)
APPLIED = (Requirement.REHEARSAL, Requirement.APPLIED)


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(item.code, item.status) for item in findings if item.status is not Status.MET]


def of(rule: Any, *requires: Requirement, **values: Any) -> list[tuple[str, str]]:
    return told(rule.judge(evidence(*requires, values=values)))


def first(rule: Any, *requires: Requirement, **values: Any) -> Finding:
    found: Finding = next(
        item
        for item in rule.judge(evidence(*requires, values=values))
        if item.status is not Status.MET
    )
    return found
