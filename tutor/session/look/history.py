"""The learner's revisions as a graph, and where the database is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.session.look.views import live_versions
from tutor.workspace.revision_files import read_graph, read_revision_files

if TYPE_CHECKING:
    from tutor.session.context import Context


@dataclass(frozen=True)
class RevisionLine:
    """One revision of `tutor history`, newest first.

    `file` is "" for a revision without one, and for a file that nobody can read.
    """

    revision: str
    message: str
    down: tuple[str, ...] = ()
    file: str = ""
    head: bool = False
    here: bool = False
    applied: bool = False


def history(context: Context) -> list[RevisionLine]:
    """Return the learner's revisions, newest first, with where the database is."""
    files = context.workspace.managed_files()
    graph = read_graph(files)
    versions = set(live_versions(context) or ())
    applied = graph.lineage(versions)
    return [
        *(
            RevisionLine(
                version,
                "no file in migrations/versions has this id; `tutor check` says what to do",
                here=True,
            )
            for version in sorted(versions - graph.by_id.keys())
        ),
        *(
            RevisionLine(
                file.name,
                "is not valid Python: nobody can tell where it belongs (see `tutor check`)",
            )
            for file in read_revision_files(files)
            if file.error
        ),
        *(
            RevisionLine(
                revision=file.id,
                message=file.message,
                down=file.down,
                file=file.path,
                head=file.id in graph.heads,
                here=file.id in versions,
                applied=file.id in applied,
            )
            for file in reversed(graph.after(()))
        ),
    ]
