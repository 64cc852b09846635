"""Backups: states that were replaced, which of the learner's revisions they hold, which to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.state.files import read_files
from tutor.state.home import read_json
from tutor.state.progress import Progress
from tutor.workspace.revision_files import read_revision_files
from tutor.workspace.template import template_files, template_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tutor.course import Course
    from tutor.workspace.revision_files import RevisionFile

KEPT_BACKUPS = 10
"""So many backups are always kept; each holds a database of some 8 MB."""


@dataclass(frozen=True)
class Backup:
    """A state that was replaced: when (seconds since the epoch), before what, and what it held."""

    number: int
    before: str
    taken: float
    database: str
    progress: Progress
    folder: Path

    @property
    def files(self) -> dict[str, bytes]:
        """The learner's files as they were."""
        return read_files(self.folder / "files")


def read_backup(folder: Path) -> Backup | None:
    """Return a backup; None where it is damaged."""
    try:
        about = read_json(folder / "about.json")
        return Backup(
            number=int(folder.name),
            before=about["reason"],
            taken=about["taken"],
            database=about["database"],
            progress=Progress.from_json(about["progress"]),
            folder=folder,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def reference_digests(course: Course) -> frozenset[str | None]:
    """Return the digests of all revision files that come from the course."""
    template = template_folder()
    files = [{name: (template / name).read_bytes() for name in template_files()}]
    files += [
        {name: source.read_bytes() for name, source in step.solution.files.items()}
        for step in course.steps()
    ]
    return frozenset(file.digest for each in files for file in read_revision_files(each))


def own_revisions(
    files: Mapping[str, bytes], reference: frozenset[str | None]
) -> dict[str, RevisionFile]:
    """Return the revision files that the learner wrote, or changed, by id (else by file name).

    A change of comments or layout alone does not count.
    """
    return {
        file.id or file.name: file
        for file in read_revision_files(files)
        if file.digest not in reference
    }


def expendable(
    backups: Sequence[Backup], present: Mapping[str, bytes], course: Course
) -> list[Backup]:
    """Return the backups (given newest first) that may be deleted.

    The newest ones stay, and so does every older one that holds a revision of the learner's which
    neither a newer backup nor the `present` files hold.
    """
    if len(backups) <= KEPT_BACKUPS:
        return []
    reference = reference_digests(course)
    held = set(own_revisions(present, reference))
    deletable = []
    for position, backup in enumerate(backups):
        own = own_revisions(backup.files, reference).keys()
        if position >= KEPT_BACKUPS and own <= held:
            deletable.append(backup)
        held |= own
    return deletable
