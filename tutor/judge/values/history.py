"""The learner's revision files: which there are, which are new, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.workspace.code.error import LearnerCodeError
    from tutor.workspace.code.runner import RevisionInfo
    from tutor.workspace.revision_files import RevisionFile
    from tutor.workspace.revision_graph import RevisionGraph

_TITLE_LENGTH = 30
"""So many characters of a revision's message tell it from the others."""


@dataclass(frozen=True)
class History:
    """The graph of the revisions as Alembic loads them (bases first), and the files behind them.

    `error` is why Alembic cannot load them; the graph is then empty. Of the revisions that the
    baseline has been through, `missing` are the ids that no file has any more, and `edited` the
    files that do something else now.
    """

    files: tuple[RevisionFile, ...]
    graph: RevisionGraph[RevisionInfo]
    error: LearnerCodeError | None = None
    missing: tuple[str, ...] = ()
    edited: tuple[RevisionFile, ...] = ()

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that no other one revises."""
        return self.graph.heads

    @property
    def usable(self) -> bool:
        """Whether the revisions can be replayed: they load, and none that was applied is gone."""
        return self.error is None and not self.missing

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
        return f"{revision} ({_shortened(file.message)})" if file and file.message else revision

    def empty(self, revisions: Iterable[RevisionInfo]) -> bool:
        """Whether upgrade() does nothing in any of the revisions."""
        return all(revision.upgrade_empty for revision in revisions)


def _shortened(message: str) -> str:
    if len(message) <= _TITLE_LENGTH:
        return message
    return f"{message[: _TITLE_LENGTH - 1].rstrip(' ,')}…"
