"""The state from which the learner's revisions are replayed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.workbench import Workbench
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.runner import Runner
from tutor.workspace.environment.target import target_of
from tutor.workspace.environment.venv import python

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Evidence


@dataclass(frozen=True)
class Baseline:
    """A database that nobody works in, and what its alembic_version holds."""

    database: str
    versions: tuple[str, ...]


def find_baseline(evidence: Evidence) -> Baseline:
    """Return the state before the learner's revisions of this step.

    That is where the step began. Where a revision that the start has been through was edited, it is
    the state before that revision, reached with the files as they were: whoever went back, mended
    an older revision and came forward again is judged by what the file says now.
    """
    start = evidence.case.start
    plain = Baseline(start.database, start.versions)
    edited = {file.revision for file in evidence.history.edited}
    if not edited or not evidence.history.usable:
        return plain
    earliest = next(item for item in evidence.history.revisions if item.id in edited)
    if len(earliest.down) > 1:
        return plain
    name = evidence.copy("older")
    live = target_of(evidence.case.server)
    workspace = evidence.case.workspace
    folder = workspace.home / "older"
    runner = Runner(folder, live, replace(live, database=name), interpreter=python(workspace.root))
    bench = Workbench(folder, evidence.case.start_files, evidence.case.server, name)
    with runner:
        try:
            runner.alembic("downgrade", *(earliest.down or ("base",)))
        except LearnerCodeError:
            return plain
    return Baseline(bench.database, earliest.down)
