"""What the learner asks to see: all steps, where they are, the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.results.views import RevisionLine, StepLine, Where
from tutor.session.lesson import to_come
from tutor.workspace.revision_files import read_revision_files

if TYPE_CHECKING:
    from tutor.session.context import Pieces


def steps(pieces: Pieces) -> list[StepLine]:
    """Return all steps of the course."""
    return [
        StepLine(
            step_id=step.id,
            title=step.title,
            part_number=part.number,
            part_title=part.title,
            minutes=step.minutes,
            done=pieces.progress.passed(step.id),
            current=step.id == pieces.progress.current,
        )
        for part in pieces.course.parts
        for step in map(pieces.course.step, part.step_ids)
    ]


def where(pieces: Pieces) -> Where:
    """Return where the learner is, and what to do next."""
    progress = pieces.progress
    running = pieces.server.is_running()
    versions = _versions(pieces) if running else None
    address = pieces.server.learner
    return Where(
        workspace=pieces.workspace.root,
        step_id=progress.current,
        title=pieces.course.step(progress.current).title,
        passed=progress.passed(progress.current),
        done=len(progress.done),
        total=len(pieces.course.step_ids),
        server=f"{pieces.server.kind}, {address.host}:{address.port}",
        running=running,
        database=pieces.server.live,
        database_versions=None if versions is None else tuple(versions),
        heads=heads(pieces),
        backups=len(pieces.snapshots.backups()),
        next_move=_next_move(pieces),
    )


def _next_move(pieces: Pieces) -> str:
    step = pieces.progress.current
    if not pieces.progress.begun:
        return f"Run `tutor next` to begin step {step}."
    if not pieces.progress.passed(step):
        return "Do what the lesson says, then run `tutor check`."
    open_step = to_come(pieces)
    if open_step is None:
        return "You are through the whole course. `tutor goto STEP` begins any step anew."
    return f"You have passed this step before; `tutor goto {open_step}` goes on."


def _versions(pieces: Pieces) -> tuple[str, ...] | None:
    from tutor.postgres.rows import versions_of  # noqa: PLC0415 - most views need no database

    return versions_of(pieces.server, pieces.server.live)


def heads(pieces: Pieces) -> tuple[str, ...]:
    """Return the heads of the learner's revision files, read as text."""
    files = read_revision_files(pieces.workspace.managed_files())
    downs = {down for file in files for down in file.down}
    return tuple(file.revision for file in files if file.revision and file.revision not in downs)


def history(pieces: Pieces) -> list[RevisionLine]:
    """Return the learner's revisions, newest first, with where the database is."""
    files = read_revision_files(pieces.workspace.managed_files())
    versions = set(_versions(pieces) or ())
    by_id = {file.revision: file for file in files if file.revision}
    applied: set[str] = set()
    todo = [version for version in versions if version in by_id]
    while todo:
        revision = todo.pop()
        applied.add(revision)
        todo.extend(down for down in by_id[revision].down if down in by_id)
    downs = {down for file in files for down in file.down}
    lines = [
        RevisionLine(
            revision=version,
            down=(),
            message="no file in migrations/versions has this id; `tutor check` says what to do",
            file="",
            head=False,
            here=True,
            applied=False,
        )
        for version in sorted(versions - by_id.keys())
    ]
    lines += [
        RevisionLine(
            revision=file.name,
            down=(),
            message="is not valid Python: nobody can tell where it belongs (see `tutor check`)",
            file="",
            head=False,
            here=False,
            applied=False,
        )
        for file in files
        if file.error
    ]
    waiting = sorted(by_id, key=lambda revision: by_id[revision].path, reverse=True)
    placed: set[str] = set()
    while waiting:
        ready = [
            revision
            for revision in waiting
            if not any(revision in by_id[other].down for other in waiting)
        ]
        revision = (ready or waiting)[0]
        waiting.remove(revision)
        placed.add(revision)
        file = by_id[revision]
        lines.append(
            RevisionLine(
                revision=revision,
                down=file.down,
                message=file.message,
                file=file.path,
                head=revision not in downs,
                here=revision in versions,
                applied=revision in applied,
            )
        )
    return lines
