"""Read the learner's revision files, as text and as Alembic loads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.values.history import History
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.revision_files import read_revision_files
from tutor.workspace.revision_graph import RevisionGraph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.judge.evidence.case import Case
    from tutor.workspace.code.runner import RevisionInfo, Runner
    from tutor.workspace.revision_files import RevisionFile


def read_history(case: Case, files: Mapping[str, bytes], runner: Runner) -> History:
    """Return the history; that Alembic cannot load it is a part of it."""
    found = read_revision_files(files)
    present = {file.revision for file in found}
    applied = _applied(case)
    error = None
    graph: RevisionGraph[RevisionInfo] = RevisionGraph({})
    try:
        graph = RevisionGraph.of(runner.revisions())
    except LearnerCodeError as caught:
        error = caught
    return History(
        files=tuple(found),
        graph=graph,
        error=error,
        missing=tuple(revision for revision in applied if revision not in present),
        edited=tuple(
            file
            for file in found
            if file.revision in applied and file.digest != applied[file.revision].digest
        ),
    )


def _applied(case: Case) -> dict[str, RevisionFile]:
    """Return, by id, the files of the revisions that the baseline has been through."""
    files = {
        file.revision: file
        for file in read_revision_files(case.baseline_files)
        if file.revision is not None
    }
    graph = RevisionGraph.of(files.values())
    lineage = graph.lineage(case.baseline.versions)
    return {revision: file for revision, file in files.items() if revision in lineage}
