"""Read the learner's revision files, as text and as Alembic loads them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tutor.judge.values.history import History
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.revision_files import read_revision_file, read_revision_files
from tutor.workspace.revision_graph import RevisionGraph

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tutor.judge.evidence.case import Case
    from tutor.workspace.code.runner import RevisionInfo, Runner
    from tutor.workspace.revision_files import RevisionFile


def read_history(case: Case, files: Mapping[str, bytes], runner: Runner) -> History:
    """Return the history; that Alembic cannot load it is a part of it."""
    found = read_revision_files(files)
    applied = _applied(case)
    error = None
    graph: RevisionGraph[RevisionInfo] = RevisionGraph({})
    try:
        graph = RevisionGraph.of(runner.revisions())
        found = _as_alembic_finds(found, graph, case.workspace.root)
    except LearnerCodeError as caught:
        error = caught
    present = {file.revision for file in found} | graph.by_id.keys()
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


def _as_alembic_finds(
    files: list[RevisionFile], graph: RevisionGraph[RevisionInfo], root: Path
) -> list[RevisionFile]:
    """Return the files in the folders that Alembic reads.

    alembic.ini says which these are: folders below migrations/versions only with
    `recursive_version_locations`, any others with `version_locations`.
    """
    folders = {PurePosixPath(revision.file).parent for revision in graph.by_id.values()}
    found = [file for file in files if PurePosixPath(file.path).parent in folders]
    known = {file.path for file in found}
    elsewhere = [item.file for item in graph.by_id.values() if item.file not in known]
    return [*found, *(read_revision_file(path, (root / path).read_bytes()) for path in elsewhere)]


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
