"""The state from which the learner's revisions are replayed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.judge.evidence.downgrade import downgrade_target
from tutor.judge.values.database import Baseline
from tutor.workbench import Workbench
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.runner import Runner
from tutor.workspace.environment.target import target_of
from tutor.workspace.environment.venv import python

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.judge.evidence.case import Case
    from tutor.judge.values.history import History
    from tutor.postgres.databases.scratch import Scratch


def find_baseline(
    case: Case, history: History, scratch: Scratch, copy: Callable[[], str]
) -> Baseline:
    """Return the state before the learner's revisions of this step.

    That is the step's own baseline. Where a revision that it has been through was edited, it is the
    state before that revision, reached on a `copy` with the files as they were: whoever went back,
    fixed an older revision and came forward again is judged by what the file does now.
    """
    edited = {file.revision for file in history.edited}
    same = replace(case.baseline, database=scratch.mirror)
    if not edited or not history.usable:
        return same
    applied = history.graph.lineage(case.baseline.versions)
    earliest = next(item for item in history.graph.by_id.values() if item.id in edited)
    above = [item.id for item in history.graph.by_id.values() if earliest.id in item.down]
    branched = len([version for version in case.baseline.versions if version in applied]) > 1
    if branched or len(earliest.down) > 1 or len(above) > 1:
        return same
    database = copy()
    live = target_of(case.server)
    folder = case.workspace.home / "older"
    Workbench(folder, case.baseline_files, scratch.server, database)
    runner = Runner(
        folder,
        live,
        replace(target_of(scratch.server), database=database),
        interpreter=python(case.workspace.root),
    )
    with runner:
        try:
            runner.alembic("downgrade", downgrade_target(earliest, ()))
        except LearnerCodeError:
            return same
    return Baseline(database, earliest.down)
