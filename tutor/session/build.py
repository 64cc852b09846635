"""Build the state in which a step begins, from the references of the steps before it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.postgres.rows import versions_of
from tutor.state.files import keep_files
from tutor.state.progress import Progress, Start
from tutor.workbench import Workbench
from tutor.workspace.code.runner import Runner
from tutor.workspace.environment.target import target_of
from tutor.workspace.environment.venv import python
from tutor.workspace.template import template_files, template_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import Course, Patch, Step
    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.journal.journal import Journal
    from tutor.postgres.server import Server
    from tutor.workspace.folder import Workspace


@dataclass(frozen=True)
class Site:
    """Where states are built: a workspace's own server, its state folder and its interpreter."""

    workspace: Workspace
    server: Server
    copies: Copies
    journal: Journal
    course: Course


@dataclass(frozen=True)
class Built:
    """A state that is ready to be swapped in: files, and a database nobody works in."""

    files: dict[str, bytes]
    database: str


def original_files(env: bytes) -> dict[str, bytes]:
    """Return the template's files with the learner's .env."""
    folder = template_folder()
    return {name: (folder / name).read_bytes() for name in template_files()} | {".env": env}


@contextmanager
def workbench(
    site: Site, files: dict[str, bytes], database: str
) -> Iterator[tuple[Workbench, Runner]]:
    """Open a bench on a database, with a runner whose connections lead there."""
    folder = site.workspace.home / "build"
    bench = Workbench(folder, files, site.server, database)
    live = target_of(site.server)
    copy = replace(live, database=database)
    with Runner(folder, live, copy, interpreter=python(site.workspace.root)) as runner:
        yield bench, runner


def fill_in(site: Site, database: str) -> None:
    """Put the rows into a database with which a workspace begins."""
    with site.server.connect(database, role="learner") as connection:
        connection.execute((site.course.folder / "seed.sql").read_bytes())


def build(site: Site, step_id: str, env: bytes) -> Built:
    """Build the state in which a step begins: 1…N-1 replayed, then its own start.

    Takes about a second, and one more where many revisions are on the way.
    """
    database = site.copies.empty("new")
    with workbench(site, original_files(env), database) as (bench, runner):
        runner.alembic("upgrade", "head")
        fill_in(site, database)
        before: str | None = None
        for earlier in site.course.before(step_id):
            step = site.course.step(earlier)
            before = _begin(site, bench, runner, step, before)
            if _restores_rows_next(site.course, earlier):
                before = site.copies.clone(bench.database, "before")
            bench.apply([step.solution], runner)
        before = _begin(site, bench, runner, site.course.step(step_id), before)
        if before is not None:
            site.copies.drop(before)
        return Built(bench.files, bench.database)


def _begin(
    site: Site, bench: Workbench, runner: Runner, step: Step, before: str | None
) -> str | None:
    """Apply what happens when a step begins; return the clone that is still to be dropped."""
    if step.start is None:
        return before
    if step.start.restore_rows and before is not None:
        site.copies.drop(bench.database)
        bench.database, before = before, None
        runner.copy = replace(target_of(site.server), database=bench.database)
    bench.apply([step.start], runner)
    return before


def _restores_rows_next(course: Course, step_id: str) -> bool:
    following = course.after(step_id)
    start = course.step(following).start if following else None
    return start is not None and start.restore_rows


def apply_patch(site: Site, files: dict[str, bytes], database: str, patch: Patch) -> Built:
    """Return a copy of a state with one patch applied to it."""
    copy = site.copies.clone(database, "new")
    with workbench(site, files, copy) as (bench, runner):
        bench.apply([patch], runner)
        return Built(bench.files, bench.database)


def new_start(site: Site, built: Built) -> Start:
    """Keep a built state as the start of a step: files in a folder, the database as a clone."""
    database = site.copies.clone(built.database, "start")
    versions = versions_of(site.server, database) or ()
    return Start(
        database, keep_files(site.workspace.home, built.files), versions, site.journal.last()
    )


def begun(progress: Progress, step_id: str, start: Start) -> Progress:
    """Return the progress with a step begun from a start."""
    return replace(progress, current=step_id, begun=True, start=start)
