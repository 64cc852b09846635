"""What the learner asks to see: all steps, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.session.look.lesson import to_come
from tutor.workspace.revision_files import read_graph

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.session.context import Context


@dataclass(frozen=True)
class StepLine:
    """One line of `tutor list`."""

    step: str
    title: str
    part_number: int
    part_title: str
    minutes: int
    done: bool
    current: bool


@dataclass(frozen=True)
class Where:
    """`tutor status`: where the learner is.

    `database_versions` is None where the server does not answer or there is no version table.
    """

    workspace: Path
    step: str
    title: str
    passed: bool
    done: int
    total: int
    server: str
    running: bool
    database: str
    database_versions: tuple[str, ...] | None
    heads: tuple[str, ...]
    backups: int
    next_move: str


def steps(context: Context) -> list[StepLine]:
    """Return all steps of the course."""
    return [
        StepLine(
            step=step.id,
            title=step.title,
            part_number=part.number,
            part_title=part.title,
            minutes=step.minutes,
            done=context.progress.passed(step.id),
            current=step.id == context.progress.current,
        )
        for part in context.course.parts
        for step in map(context.course.step, part.step_ids)
    ]


def where(context: Context) -> Where:
    """Return where the learner is, and what to do next."""
    progress = context.progress
    running = context.server.is_running()
    address = context.server.learner
    return Where(
        workspace=context.workspace.root,
        step=progress.current,
        title=context.course.step(progress.current).title,
        passed=progress.passed(progress.current),
        done=len(progress.done),
        total=len(context.course.step_ids),
        server=f"{context.server.kind}, {address.host}:{address.port}",
        running=running,
        database=context.server.live,
        database_versions=live_versions(context) if running else None,
        heads=read_graph(context.workspace.managed_files()).heads,
        backups=len(context.snapshots.backups()),
        next_move=_next_move(context),
    )


def live_versions(context: Context) -> tuple[str, ...] | None:
    """Return what alembic_version holds in the live database; None where there is no such table."""
    from tutor.postgres.rows import versions_of  # noqa: PLC0415 - most views need no database

    return versions_of(context.server, context.server.live)


def _next_move(context: Context) -> str:
    step = context.progress.current
    if context.progress.just_passed is not None:
        return f"Run `tutor next` to go on to step {step}."
    if not context.progress.begun:
        return f"Run `tutor next` to begin step {step}."
    if not context.progress.passed(step):
        return "Do what the lesson says, then run `tutor check`."
    open_step = to_come(context)
    if open_step is None:
        return "You are through the whole course. `tutor goto STEP` begins any step anew."
    return f"You have passed this step before; to go on: `tutor goto {open_step}`."
