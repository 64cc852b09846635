"""The learner's revision files: which there are, which are new, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.workspace.learner_error import LearnerCodeError
from tutor.workspace.revision_files import read_revisions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.checks.evidence import Evidence
    from tutor.workspace.revision_files import RevisionFile
    from tutor.workspace.runner import RevisionInfo


@dataclass(frozen=True)
class History:
    """The revisions as Alembic loads them (base first), and the files behind them.

    `new` are those that the step's start does not know; `missing` are ids that it knows and that
    no file has any more; `edited` are its files that say something else now.
    """

    files: tuple[RevisionFile, ...]
    revisions: tuple[RevisionInfo, ...]
    error: LearnerCodeError | None
    heads: tuple[str, ...]
    new: tuple[RevisionInfo, ...]
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

    def lineage(self, versions: Iterable[str]) -> set[str]:
        """Return the given revisions and all before them; unknown ids are left out."""
        downs = {revision.id: revision.down for revision in self.revisions}
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
    files = read_revisions(evidence.files)
    old_files = read_revisions(evidence.case.start_files)
    present = {file.revision for file in files}
    missing = tuple(
        file.revision for file in old_files if file.revision and file.revision not in present
    )
    old = {file.revision: file.digest for file in old_files}
    edited = tuple(
        file for file in files if file.revision in old and file.digest != old[file.revision]
    )
    revisions: tuple[RevisionInfo, ...] = ()
    error = None
    try:
        revisions = tuple(evidence.runner.revisions())
    except LearnerCodeError as caught:
        error = caught
    history = History(
        files=tuple(files),
        revisions=revisions,
        error=error,
        heads=tuple(revision.id for revision in revisions if revision.is_head),
        new=(),
        missing=missing,
        edited=edited,
    )
    known = history.lineage(evidence.case.start.versions)
    new = tuple(revision for revision in revisions if revision.id not in known)
    return replace(history, new=new)
