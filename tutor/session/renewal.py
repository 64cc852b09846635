"""Begin a new record of the progress where the old one is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.postgres.rows import versions_of
from tutor.state.files import keep_files
from tutor.state.progress import Progress, State

if TYPE_CHECKING:
    from tutor.postgres.server import Server
    from tutor.session.snapshots import Snapshots


def renew(snapshots: Snapshots, server: Server) -> tuple[Progress, str]:
    """Write a record that takes the present files and database as a step's start.

    So they can be backed up like any other state. What was done before is known from the newest
    backup, if there is one. Returns the record and what to tell the learner.
    """
    snapshots.copies.create_live()  # empty, where it was lost as well
    database = snapshots.copies.clone(server.live, "start")
    files = keep_files(snapshots.workspace.home, snapshots.workspace.managed_files())
    state = State(database, files, versions_of(server, database) or ())
    snapshots.journal.update()
    first = snapshots.course.step_ids[0]
    progress = Progress.begun_at(first, state, snapshots.journal.last())
    source = "no step counts as done in it"
    for newest in snapshots.backups()[:1]:
        progress = replace(progress, current=newest.progress.current, done=newest.progress.done)
        source = "what it says is done comes from your newest backup"
    snapshots.progress.save(progress)
    return progress, f"The record of your progress was lost. A new one was begun: {source}."
