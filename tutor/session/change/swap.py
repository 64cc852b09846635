"""Put a built state in the place of the learner's, and say what that did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.session.change.build import apply_patch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.course import Step
    from tutor.postgres.databases.sessions import Client
    from tutor.session.change.build import Built
    from tutor.session.context import Context
    from tutor.state.progress import Progress

BACKED_UP = (
    "What was there before is backed up: `tutor undo` brings it back, `tutor undo --list` shows "
    "all backups."
)


@dataclass(frozen=True)
class Change:
    """What reset, goto, undo or an applied solution did: whole sentences, the main one first."""

    step_id: str
    said: tuple[str, ...]


def begin_step(
    context: Context, step: Step, healthy: Built, unmanaged: tuple[str, ...] = ()
) -> tuple[Built, Progress]:
    """Return the state in which a step begins, its fault included, and the progress in it.

    `healthy` is the state before the fault: it is kept as the baseline. `unmanaged` are objects in
    it that no revision builds.
    """
    baseline = reset_point = context.keep(healthy.files, healthy.database)
    built, fault = healthy, step.fault
    if fault is not None:
        built = apply_patch(context, healthy, fault)
        reset_point = context.keep(built.files, built.database)
    progress = replace(
        context.progress.anew(step.id),
        current=step.id,
        begun=True,
        reset_point=reset_point,
        baseline=baseline,
        rows_differ=False,
        unmanaged=unmanaged,
    )
    return built, progress


def swap_in(context: Context, built: Built, progress: Progress, before: str) -> tuple[str, ...]:
    """Back up the present state and replace it by a built one; return whom that disconnected."""
    clients = context.snapshots.replace(built.files, built.database, progress, before)
    context.reload()
    return disconnected(clients)


def disconnected(clients: Sequence[Client]) -> tuple[str, ...]:
    """Return a sentence that names the clients that were disconnected, if any."""
    if not clients:
        return ()
    names = ", ".join(str(client) for client in clients)
    return (
        f"Disconnected from the database: {names}. They can connect again: psql at its next "
        f"command, an app after a request that may fail.",
    )
