"""The state from which the learner's revisions are replayed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.judge.evidence.downgrade import downgrade_target
from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.catalog.difference import compare
from tutor.postgres.rows import count_rows
from tutor.workbench import Workbench
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.runner import Runner
from tutor.workspace.environment.target import target_of
from tutor.workspace.environment.venv import python

if TYPE_CHECKING:
    from tutor.judge.evidence.case import Case
    from tutor.judge.evidence.learner_code import LearnerCode
    from tutor.judge.values.database import Baseline
    from tutor.judge.values.history import History
    from tutor.postgres.catalog.catalog import Catalog
    from tutor.workspace.code.runner import RevisionInfo


def find_baseline(case: Case, history: History, code: LearnerCode) -> Baseline:
    """Return the state before the learner's revisions of this step.

    That is the step's own baseline. Where a revision that it has been through was edited, that one
    is judged by what it does: a copy goes back to before it and forward again, once with the files
    as they were and once with those of now. Where both build the same, nothing is wrong. Where not,
    what the files build now is the baseline: the learner may have gone back, fixed the revision and
    come forward again.
    """
    same = replace(case.baseline, database=code.scratch.mirror)
    edited = {file.revision for file in history.edited}
    earliest = next((item for item in history.graph.by_id.values() if item.id in edited), None)
    if earliest is None or not history.usable or not _is_on_one_line(case, history, earliest):
        return same
    copies = _there_and_back(case, code, earliest)
    if copies is None:
        return same
    before, now = copies
    code.aim(now)
    try:
        code.runner.alembic("upgrade", *case.baseline.versions)
    except LearnerCodeError as error:
        return replace(same, edited_fails=error)
    (expected, rows), (built, rows_now) = _look(code, before), _look(code, now)
    lost = tuple(table for table, number in rows.items() if rows_now.get(table, 0) < number)
    found = replace(same, edited_loses=lost)
    return replace(found, database=now) if compare(expected, built) else found


def _is_on_one_line(case: Case, history: History, earliest: RevisionInfo) -> bool:
    """Whether nothing branches between a revision and the baseline: then one can go back to it."""
    above = [item for item in history.graph.by_id.values() if earliest.id in item.down]
    return len(case.baseline.versions) == 1 and len(earliest.down) < 2 and len(above) < 2  # noqa: PLR2004


def _there_and_back(
    case: Case, code: LearnerCode, earliest: RevisionInfo
) -> tuple[str, str] | None:
    """Return two copies that went back to before a revision; the first one came forward again.

    Both with the files as they were. None where that is refused: a downgrade on the way that fails
    is no fault of the edit.
    """
    database = code.copy("older")
    folder = case.workspace.home / "older"
    Workbench(folder, case.baseline_files, code.scratch.server, database)
    runner = Runner(
        folder,
        target_of(case.server),
        replace(target_of(code.scratch.server), database=database),
        interpreter=python(case.workspace.root),
    )
    with runner:
        try:
            runner.alembic("downgrade", downgrade_target(earliest, ()))
            back = code.copy("older", source=database)
            runner.alembic("upgrade", *case.baseline.versions)
        except LearnerCodeError:
            return None
    return database, back


def _look(code: LearnerCode, database: str) -> tuple[Catalog, dict[str, int]]:
    """Return a copy's catalog, and how many rows each table has."""
    with code.scratch.connect(database) as connection:
        catalog = read_catalog(connection)
        return catalog, {table: count_rows(connection, table) for table in catalog.tables}
