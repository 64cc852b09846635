"""Try whether autogenerate sees the models: what it would drop, and what it would build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.postgres.rows import table_name
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.judge.evidence.learner_code import LearnerCode
    from tutor.judge.values.database import Models
    from tutor.workspace.code.runner import Drift


def dropped(models: Models, drifts: Iterable[Drift]) -> tuple[str, ...]:
    """Return the tables of models.py that the next autogenerate would drop."""
    names = {drift.table for drift in drifts if drift.kind == "remove_table"}
    return tuple(table for table in _described(models) if table in names)


def not_wanted(models: Models, code: LearnerCode, database: str) -> tuple[str, ...]:
    """Return the tables of models.py that autogenerate would not build where they are missing.

    A copy of `database`, which has them, loses them. That finds a filter in env.py which hides the
    models; where Alembic then cannot compare, it would build none.
    """
    copy = code.copy("unseen", source=database)
    with code.scratch.connect(copy) as connection:
        for table in _described(models):
            statement = b"DROP TABLE IF EXISTS %s CASCADE"
            connection.execute(statement % table_name(table).as_bytes(connection))
    code.aim(copy)
    try:
        wanted = {drift.table for drift in code.runner.drift() if drift.kind == "add_table"}
    except LearnerCodeError:
        wanted = set()
    return tuple(table for table in _described(models) if table not in wanted)


def _described(models: Models) -> list[str]:
    return [table.name for table in models.tables if table.schema is None]
