"""The learner's revision files: which there are, which are new, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.revision_files import read_revision_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.judge.evidence.evidence import Evidence
    from tutor.workspace.code.runner import RevisionInfo
    from tutor.workspace.revision_files import RevisionFile


_TOLD = 30
"""So many characters of a revision's message tell it from the others."""


@dataclass(frozen=True)
class History:
    """The revisions as Alembic loads them (base first), and the files behind them.

    Of the revisions that the step's start has been through, `missing` are the ids that no file
    has any more, and `edited` the files that say something else now.
    """

    files: tuple[RevisionFile, ...]
    revisions: tuple[RevisionInfo, ...]
    error: LearnerCodeError | None
    heads: tuple[str, ...]
    missing: tuple[str, ...]
    edited: tuple[RevisionFile, ...]

    @property
    def usable(self) -> bool:
        """Whether the revisions can be replayed: they load, and lead to one head."""
        return self.error is None and not self.missing and len(self.heads) <= 1

    def file_of(self, revision: str) -> RevisionFile | None:
        """Return the file of a revision."""
        return next((file for file in self.files if file.revision == revision), None)

    def name_of(self, revision: str) -> str:
        """Return the file name of a revision, or its id where there is no file."""
        file = self.file_of(revision)
        return file.name if file else revision

    def title_of(self, revision: str) -> str:
        """Return a revision as it is told of: "15bd0c9e7a34 (add sku, is_active, …)"."""
        file = self.file_of(revision)
        return f"{revision} ({shortened(file.message)})" if file and file.message else revision

    def empty(self, revisions: Iterable[RevisionInfo]) -> bool:
        """Whether upgrade() does nothing in any of the revisions."""
        files = [self.file_of(revision.id) for revision in revisions]
        return all(file is None or file.upgrade_empty for file in files)

    def since(self, versions: Iterable[str]) -> tuple[RevisionInfo, ...]:
        """Return the revisions that lead on from the given ones, in order."""
        known = self.lineage(versions)
        return tuple(revision for revision in self.revisions if revision.id not in known)

    def ancestors(self, revision: str) -> set[str]:
        """Return all revisions before the given one."""
        return self.lineage([revision]) - {revision}

    def lineage(self, versions: Iterable[str]) -> set[str]:
        """Return the given revisions and all before them; unknown ids are left out."""
        return lineage(self.revisions, versions)


def shortened(message: str) -> str:
    """Return the beginning of a revision's message."""
    return message if len(message) <= _TOLD else f"{message[: _TOLD - 1].rstrip(' ,')}…"


def lineage(revisions: Iterable[RevisionInfo], versions: Iterable[str]) -> set[str]:
    """Return the given revisions and all before them; unknown ids are left out."""
    downs = {revision.id: revision.down for revision in revisions}
    known: set[str] = set()
    todo = [version for version in versions if version in downs]
    while todo:
        revision = todo.pop()
        if revision not in known:
            known.add(revision)
            todo.extend(downs.get(revision, ()))
    return known


def read_history(evidence: Evidence) -> History:
    """Read the revision files, as text and as Alembic loads them."""
    files = read_revision_files(evidence.files)
    present = {file.revision for file in files}
    applied = _applied(read_revision_files(evidence.case.start_files), evidence.case.start.versions)
    edited = tuple(
        file
        for file in files
        if file.revision in applied and file.digest != applied[file.revision].digest
    )
    revisions: tuple[RevisionInfo, ...] = ()
    error = None
    try:
        revisions = tuple(evidence.runner.revisions())
    except LearnerCodeError as caught:
        error = caught
    return History(
        files=tuple(files),
        revisions=revisions,
        error=error,
        heads=tuple(revision.id for revision in revisions if revision.is_head),
        missing=tuple(revision for revision in applied if revision not in present),
        edited=edited,
    )


def _applied(files: Iterable[RevisionFile], versions: Iterable[str]) -> dict[str, RevisionFile]:
    """Return, by id, the files of the revisions that the step's start has been through."""
    by_id = {file.revision: file for file in files if file.revision}
    found: dict[str, RevisionFile] = {}
    todo = [version for version in versions if version in by_id]
    while todo:
        revision = todo.pop()
        if revision not in found:
            found[revision] = by_id[revision]
            todo.extend(down for down in by_id[revision].down if down in by_id)
    return found
