"""Build the state in which a step begins, from the references of the steps before it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.postgres.databases import roles
from tutor.workbench import Workbench
from tutor.workspace.code.runner import Runner
from tutor.workspace.environment.venv import python
from tutor.workspace.template import template_files, template_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import Course, Patch, Step
    from tutor.session.context import Context


@dataclass(frozen=True)
class Built:
    """A state that can be made the learner's: files, and a database nobody works in."""

    files: dict[str, bytes]
    database: str


def original_files(env: bytes) -> dict[str, bytes]:
    """Return the template's files with the learner's .env."""
    folder = template_folder()
    return {name: (folder / name).read_bytes() for name in template_files()} | {".env": env}


@contextmanager
def workbench(
    context: Context, files: dict[str, bytes], database: str
) -> Iterator[tuple[Workbench, Runner]]:
    """Open a workbench on a database, with a runner whose connections lead there."""
    roles.make_learner(context.server)  # the learner may have changed the password
    folder = context.workspace.home / "build"
    bench = Workbench(folder, files, context.server, database)
    live = context.live
    copy = replace(live, database=database)
    interpreter = python(context.workspace.root)
    with Runner(folder, live, copy, interpreter=interpreter) as runner:
        yield bench, runner


def insert_seed(context: Context, database: str) -> None:
    """Insert the rows with which a workspace begins."""
    with context.server.connect(database, role="learner") as connection:
        connection.execute((context.course.folder / "seed.sql").read_bytes())


def build(context: Context, step_id: str, env: bytes) -> Built:
    """Build the state in which a step begins, before its fault: 1…N-1 replayed, then its start.

    Takes about a second, and one more where many revisions are on the way.
    """
    database = context.copies.empty("new")
    with workbench(context, original_files(env), database) as (bench, runner):
        runner.alembic("upgrade", "head")
        insert_seed(context, database)
        before: str | None = None
        for earlier in context.course.before(step_id):
            step = context.course.step(earlier)
            before = _start(context, bench, runner, step, before)
            if _restores_rows_next(context.course, earlier):
                before = context.copies.clone(bench.database, "before")
            bench.apply([*([step.fault] if step.fault else []), step.solution], runner)
        before = _start(context, bench, runner, context.course.step(step_id), before)
        if before is not None:
            context.copies.drop(before)
        return Built(bench.files, bench.database)


def _start(
    context: Context, bench: Workbench, runner: Runner, step: Step, before: str | None
) -> str | None:
    """Apply what happens when a step begins; return the clone that is still to be dropped."""
    if step.start is None:
        return before
    if step.start.restore_rows and before is not None:
        context.copies.drop(bench.database)
        bench.database, before = before, None
        runner.copy = replace(context.live, database=bench.database)
    bench.apply([step.start], runner)
    return before


def _restores_rows_next(course: Course, step_id: str) -> bool:
    following = course.after(step_id)
    start = course.step(following).start if following else None
    return start is not None and start.restore_rows


def apply_patch(context: Context, built: Built, patch: Patch | None) -> Built:
    """Return a copy of a state with a patch applied to it."""
    copy = context.copies.clone(built.database, "new")
    if patch is None:
        return Built(built.files, copy)
    with workbench(context, built.files, copy) as (bench, runner):
        bench.apply([patch], runner)
        return Built(bench.files, bench.database)
