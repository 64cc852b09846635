"""Bring back a backup, and list those there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tutor.session.backups import own_revisions, reference_digests
from tutor.session.change.swap import Change, disconnected

if TYPE_CHECKING:
    from tutor.session.context import Context


@dataclass(frozen=True)
class BackupLine:
    """One backup of `tutor undo --list`.

    `taken` is local time, `before` the command that replaced this state, and `revisions` are those
    that the learner wrote: "1a2b3c4d5e6f add sku".
    """

    number: int
    taken: datetime
    before: str
    step: str
    revisions: tuple[str, ...]


def backups(context: Context) -> list[BackupLine]:
    """Return the backups, newest first."""
    reference = reference_digests(context.course)
    return [
        BackupLine(
            number=backup.number,
            taken=_local_time(backup.taken),
            before=backup.before,
            step=backup.progress.current,
            revisions=tuple(
                f"{name} {file.message}".rstrip()
                for name, file in own_revisions(backup.files, reference).items()
            ),
        )
        for backup in context.snapshots.backups()
    ]


def described(context: Context, number: int | None) -> str:
    """Return what a backup is: "14:02, before `tutor reset`". UsageError where there is none."""
    backup = context.snapshots.backup(number)
    return f"{_local_time(backup.taken):%d %b %H:%M}, before {backup.before}"


def becomes_of_progress(context: Context, number: int | None) -> str:
    """Say what bringing back a backup makes of the progress; no step that passed since stays so."""
    then = context.snapshots.backup(number).progress
    lost = [step for step in context.progress.done if step not in then.done]
    told = f"You will be in step {then.current}"
    if not lost:
        return f"{told}; what you have passed stays passed."
    return f"{told}, and {', '.join(lost)} will count as not passed."


def undo(context: Context, number: int | None = None) -> Change:
    """Bring back a backup: the newest one where no number is given."""
    backup = context.snapshots.backup(number)
    told = described(context, backup.number)
    files = context.with_present_port(backup.files, backup.progress)
    clients = context.snapshots.restore(backup, files)
    context.reload()
    step = context.progress.current
    return Change(
        step,
        (
            f"Back to how things were on {told}. You are in step {step}; your progress is that of "
            f"then, too: {_counted(context)}.",
            "`tutor undo` once more takes this back; `tutor undo --list` shows all backups.",
            *disconnected(clients),
        ),
    )


def _counted(context: Context) -> str:
    done = len(context.progress.done)
    return f"{done} of {len(context.course.step_ids)} steps passed"


def _local_time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone()
