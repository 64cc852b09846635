"""Which later steps a state has reached: whoever ran ahead is judged where each step ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course.step import Level
from tutor.judge.compare import table as goal
from tutor.judge.verdict import Layer

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Case
    from tutor.postgres.catalog.catalog import Catalog


def reached_later(case: Case, catalog: Catalog, database: str) -> frozenset[str]:
    """Return the ids of the steps after the present one whose goal a copy meets already."""
    with case.server.connect(database) as connection:
        return frozenset(
            step.id
            for step in case.later()
            if step.level >= Level.DRAFT
            and not any(
                finding.unmet
                for table in step.tables
                for finding in goal.judge_table(table, catalog, connection, Layer.REVISIONS)
            )
        )
