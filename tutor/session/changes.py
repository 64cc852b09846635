"""Begin a step, reset it, go to another one, undo: whole states swapped in."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.rows import versions_of
from tutor.results.change import Change
from tutor.session.build import (
    Built,
    Site,
    apply_patch,
    begun,
    build,
    new_start,
    workbench,
)
from tutor.workbench import read_command
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.revision_graph import RevisionGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.course import Step
    from tutor.postgres.databases.sessions import Client
    from tutor.session.context import Pieces
    from tutor.state.progress import Progress
    from tutor.workspace.code.runner import Runner


def site_of(pieces: Pieces) -> Site:
    """Return where this workspace's states are built."""
    return Site(pieces.workspace, pieces.server, pieces.copies, pieces.journal, pieces.course)


def begin(pieces: Pieces) -> list[str]:
    """Do what the current step does at its start; return the news of it."""
    step = pieces.course.step(pieces.progress.current)
    if pieces.progress.begun or step.start is None:
        return []
    _require_start_version(pieces, step)
    site = site_of(pieces)
    files = pieces.workspace.managed_files()
    source = pieces.progress.start.database if step.start.restore_rows else pieces.server.live
    built = apply_patch(site, files, source, step.start)
    progress = begun(pieces.progress, step.id, new_start(site, built))
    clients = _swap(pieces, built, progress, f"the start of step {step.id}")
    return [step.start.about, *_disconnected(clients)]


def _require_start_version(pieces: Pieces, step: Step) -> None:
    """Refuse to begin a step in a database that has moved on, or back, since the last pass."""
    if step.start is None or step.start.restore_rows or not step.start.run:
        return
    wanted = set(pieces.progress.start.versions)
    found = set(versions_of(pieces.server, pieces.server.live) or ())
    if found != wanted:
        raise CannotActError(
            f"Step {step.id} cannot begin: your database is at {', '.join(found) or 'base'}, and "
            f"the last step ended at {', '.join(wanted) or 'base'}.",
            "Bring it there (`python -m alembic upgrade head`, say), or put everything back with "
            "`tutor reset`; then run `tutor next` again.",
        )


def reset(pieces: Pieces) -> Change:
    """Put the current step back to its start: files, schema, rows and version."""
    step = pieces.course.step(pieces.progress.current)
    files = pieces.start_files
    if not pieces.env_has_fault:
        files = pieces.with_present_port(files)
    database = pieces.copies.clone(pieces.progress.start.database, "new")
    progress = _as_it_began(pieces.progress)
    clients = _swap(pieces, Built(files, database), progress, f"reset of step {step.id}")
    return Change(
        step.id,
        (
            f"Step {step.id} is back at its start: files, schema, rows and version.",
            *_kept(),
            *_disconnected(clients),
        ),
    )


def reset_rows(pieces: Pieces) -> Change:
    """Put back the rows: the step's start, brought to where the live database is now.

    Where alembic_version names no revision, the schema is the start's, too: tables without which
    there would be no rows.
    """
    versions = versions_of(pieces.server, pieces.server.live) or pieces.progress.start.versions
    database = pieces.copies.clone(pieces.progress.start.database, "new")
    files = pieces.workspace.managed_files()
    if set(versions) != set(pieces.progress.start.versions):
        with workbench(site_of(pieces), files, database) as (_, runner):
            try:
                _move(runner, pieces.progress.start.versions, versions)
            except LearnerCodeError as error:
                raise CannotActError(
                    f"The rows cannot be put back at {', '.join(versions)}: your revisions do not "
                    f"run on them ({error.message}).",
                    "Mend the revision (`tutor check` says where), or use `tutor reset`.",
                ) from error
    progress = _as_it_began(pieces.progress)
    clients = _swap(pieces, Built(files, database), progress, "reset of the rows")
    return Change(
        pieces.progress.current,
        (
            f"The rows are those with which the step began, brought to where your database was: "
            f"{', '.join(versions) or 'base'}. Your files are as they were.",
            *_kept(),
            *_disconnected(clients),
        ),
    )


def _as_it_began(progress: Progress) -> Progress:
    """Return the progress of a database that is made from the step's start."""
    return replace(progress, start=replace(progress.start, differs=False))


def _move(runner: Runner, start: Sequence[str], wanted: Sequence[str]) -> None:
    """Bring the runner's copy from where the step began to where the live database is."""
    passed = RevisionGraph.of(runner.revisions()).lineage(start)
    for version in wanted:
        runner.alembic("downgrade" if version in passed else "upgrade", version)


def goto(pieces: Pieces, step_id: str) -> Change:
    """Build a step's start from the references and go there."""
    step = pieces.course.step(step_id)
    built = _built(pieces, step)
    progress = begun(pieces.progress, step_id, new_start(site_of(pieces), built))
    clients = _swap(pieces, built, progress, f"going to step {step_id}")
    return Change(
        step_id,
        (
            f"You are at the start of step {step_id}: {step.title}. Files and database were built "
            f"from the reference solutions. `tutor next` shows the lesson.",
            *_kept(),
            *_disconnected(clients),
        ),
    )


def apply_solution(pieces: Pieces) -> Change:
    """Go to the current step's end: its start, built from the references, and its solution.

    Commands that the step wants to see in the server's log are run on the live database.
    """
    step = pieces.course.step(pieces.progress.current)
    site = site_of(pieces)
    started = _built(pieces, step)
    start = new_start(site, started)
    built = (
        started
        if step.journal
        else apply_patch(site, started.files, started.database, step.solution)
    )
    progress = begun(pieces.progress, step.id, start)
    clients = _swap(pieces, built, progress, f"the solution of step {step.id}")
    if step.journal:
        _run_live(pieces, step)
    return Change(
        step.id,
        (
            f"The reference solution of step {step.id} is in place, on the reference of the steps "
            f"before it. `tutor check` judges it.",
            *_kept(),
            *_disconnected(clients),
        ),
    )


def _run_live(pieces: Pieces, step: Step) -> None:
    with workbench(site_of(pieces), pieces.workspace.managed_files(), pieces.server.live) as (
        _,
        runner,
    ):
        for line in step.solution.run:
            runner.alembic(*read_command(line).arguments)


def undo(pieces: Pieces) -> Change:
    """Bring back what the last change put aside."""
    backup = pieces.snapshots.newest()
    clients = pieces.snapshots.restore(backup, pieces.with_present_port(backup.files))
    pieces.reload()
    taken = time.strftime("%H:%M", time.localtime(backup.taken))
    return Change(
        pieces.progress.current,
        (
            f"Back to how things were at {taken}, before {backup.reason}. "
            f"You are in step {pieces.progress.current}.",
            "`tutor undo` once more takes this back.",
            *_disconnected(clients),
        ),
    )


def _built(pieces: Pieces, step: Step) -> Built:
    return build(site_of(pieces), step.id, pieces.sound_env())


def _swap(pieces: Pieces, built: Built, progress: Progress, reason: str) -> list[Client]:
    clients = pieces.snapshots.replace(built.files, built.database, progress, reason)
    pieces.reload()
    return clients


def _kept() -> tuple[str]:
    return ("What was there before is backed up: `tutor undo` brings it back.",)


def _disconnected(clients: Sequence[Client]) -> tuple[str, ...]:
    if not clients:
        return ()
    names = ", ".join(str(client) for client in clients)
    return (
        f"Disconnected from the database: {names}. They can connect again: psql at its next "
        f"command, an app after a request that may fail.",
    )
