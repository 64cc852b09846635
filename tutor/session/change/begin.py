"""Begin a step: what `tutor next` does before it shows the lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.rows import versions_of
from tutor.session.change.build import Built, apply_patch
from tutor.session.change.swap import BACKED_UP, begin_step, swap_in
from tutor.workspace.template import ENV_FILE

if TYPE_CHECKING:
    from tutor.course import Step
    from tutor.session.context import Context


def begin(context: Context) -> tuple[str, ...]:
    """Do what the current step does at its start; return the news of it."""
    if context.progress.begun:
        return ()
    step = context.course.step(context.progress.current)
    _require_version(context, step)
    restores = step.start is not None and step.start.restore_rows
    source = context.progress.baseline.database if restores else context.server.live
    files = context.workspace.managed_files()
    if step.fault is not None:
        files[ENV_FILE] = context.sound_env()  # what is broken now is the fault, and nothing else
    present = Built(files, source)
    healthy = apply_patch(context, present, step.start)
    built, progress = begin_step(context, step, healthy, context.progress.unmanaged)
    news = swap_in(context, built, progress, f"`tutor next` began step {step.id}")
    patches = (step.start, step.fault)
    about = tuple(patch.about for patch in patches if patch and patch.about)
    return (*about, *((BACKED_UP,) if step.fault else ()), *news)


def _require_version(context: Context, step: Step) -> None:
    """Refuse to begin a step in a database that has moved on, or back, since the last pass."""
    if step.start is not None and step.start.restore_rows:
        return
    if not any(patch.run for patch in (step.start, step.fault) if patch):
        return
    wanted = set(context.progress.baseline.versions)
    found = set(versions_of(context.server, context.server.live) or ())
    if found != wanted:
        raise CannotActError(
            f"Step {step.id} cannot begin: your database is at {', '.join(found) or 'base'}, and "
            f"the last step ended at {', '.join(wanted) or 'base'}.",
            "Bring it there (`python -m alembic upgrade head`, say), or put everything back with "
            "`tutor reset`; then run `tutor next` again.",
        )
