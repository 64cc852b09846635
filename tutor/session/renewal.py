"""Begin a new record of the progress where the old one is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.postgres.rows import versions_of
from tutor.state.files import keep_files
from tutor.state.progress import Progress, Start

if TYPE_CHECKING:
    from tutor.course import Course
    from tutor.postgres.server import Server
    from tutor.snapshot import Snapshots


def renew(snapshots: Snapshots, server: Server, course: Course) -> tuple[Progress, str]:
    """Write a record that takes the present files and database as a start.

    So they can be put aside like any other state. What was done before is known from the newest
    backup, if there is one. Returns the record and what to tell the learner.
    """
    snapshots.copies.create_live()  # empty, where it was lost as well
    database = snapshots.copies.clone(server.live, "start")
    snapshots.journal.update()
    start = Start(
        database=database,
        files=keep_files(snapshots.workspace.home, snapshots.workspace.managed_files()),
        versions=versions_of(server, database) or (),
        event=snapshots.journal.last(),
    )
    backups = snapshots.backups()
    if backups:
        known = backups[0].progress
        progress = Progress(known.current, begun=True, start=start, done=known.done)
        source = "what it says is done comes from your newest backup"
    else:
        progress = Progress(course.step_ids[0], begun=True, start=start)
        source = "no step counts as done in it"
    snapshots.progress.save(progress)
    return progress, f"The record of your progress was lost. A new one was begun: {source}."
