"""Replace the learner's state, files and database and progress together, or not at all.

A change is prepared in full beside the present state: the new files in a folder, the new database
under a name of its own, a backup of the present. Then `change.json` is written: from that moment
the change will happen. Carrying it out is idempotent, so whichever command comes after a crash
finishes it; without `change.json`, what was prepared is thrown away. Folders are renamed before
they are deleted, so that a half deleted backup is never taken for a whole one.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError, UsageError
from tutor.state.files import read_files, write_files
from tutor.state.home import read_json, write_json
from tutor.state.progress import Progress, ProgressFile

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.databases.sessions import Client
    from tutor.postgres.journal.journal import Journal
    from tutor.workspace.folder import Workspace

_CHANGE = "change.json"
KEPT_BACKUPS = 10
"""So many backups are kept; each holds a database of some 8 MB."""


def is_unfinished(home: Path) -> bool:
    """Tell whether a crash left something to finish, or to throw away, in a state home."""
    leftovers = [home / "staged", *(home / "backups").glob("*.*")]
    return is_pending(home) or any(folder.exists() for folder in leftovers)


def is_pending(home: Path) -> bool:
    """Tell whether, in a workspace's state home, a change was decided and not yet carried out."""
    return (home / _CHANGE).exists()


@dataclass(frozen=True)
class Backup:
    """A state that was put aside: when (seconds since the epoch), why, and what it held."""

    number: int
    reason: str
    taken: float
    database: str
    progress: Progress
    folder: Path

    @property
    def files(self) -> dict[str, bytes]:
        """The learner's files as they were."""
        return read_files(self.folder / "files")


class Snapshots:
    """The backups of one workspace, and the only way in which its state is replaced."""

    def __init__(
        self, workspace: Workspace, copies: Copies, journal: Journal, progress: ProgressFile
    ) -> None:
        self.workspace = workspace
        self.copies = copies
        self.journal = journal
        self.progress = progress
        self._change = workspace.home / _CHANGE
        self._backups = workspace.home / "backups"

    def backups(self) -> list[Backup]:
        """Return the backups, newest first; one that is damaged is left out."""
        found = (_read_backup(self._backups / str(number)) for number in self._numbers())
        return [backup for backup in found if backup is not None]

    def newest(self) -> Backup:
        """Return the newest backup. Raises UsageError where there is none."""
        backups = self.backups()
        if not backups:
            raise UsageError(
                "There is nothing to undo: no reset and no goto has put anything aside."
            )
        return backups[0]

    def replace(
        self, files: dict[str, bytes], database: str, progress: Progress, reason: str
    ) -> list[Client]:
        """Put the present state aside and let the given one take its place.

        `database` is a copy that becomes the live one. Returns whom it disconnected.
        """
        return self._commit(files, database, progress, self._put_aside(reason), None)

    def restore(self, backup: Backup, files: dict[str, bytes]) -> list[Client]:
        """Bring a backup back, with `files`; what is there now becomes a backup in its stead.

        Raises CannotActError where its database is gone.
        """
        if not self.copies.exists(backup.database):
            raise CannotActError(
                f"The backup's database, {backup.database}, is no longer on the server.",
                f"Its files are in {backup.folder / 'files'}; `tutor reset` builds the step anew.",
            )
        number = self._put_aside(f"undo of: {backup.reason}")
        return self._commit(files, backup.database, backup.progress, number, backup.number)

    def recover(self) -> str | None:
        """Carry out what was decided before a crash; throw away what was only prepared.

        Returns what the learner should be told, if anything.
        """
        told = None
        if is_pending(self.workspace.home):
            try:
                change = read_json(self._change)
            except ValueError:
                self._change.replace(self._change.with_suffix(".damaged"))
                told = (
                    "The note about an interrupted change was damaged, so files and database may "
                    "not fit together: `tutor reset` makes them fit, `tutor undo` goes back."
                )
            else:
                self._carry_out(change)
                return "A change that was interrupted has been finished."
        remains = [*self._backups.glob("*.prepared"), *self._backups.glob("*.gone")]
        for folder in (self.workspace.home / "staged", *remains):
            shutil.rmtree(folder, ignore_errors=True)
        return told

    def databases(self) -> set[str]:
        """Return the names of all databases that a state, present or put aside, refers to."""
        starts = {state.start.database for state in self._states()}
        return starts | {backup.database for backup in self.backups()}

    def start_folders(self) -> set[str]:
        """Return the names of all start folders that a state refers to."""
        return {state.start.files for state in self._states()}

    def _states(self) -> list[Progress]:
        """Return every progress that may yet be needed: present, previous, of the backups."""
        return [*self.progress.readable(), *(backup.progress for backup in self.backups())]

    def _numbers(self) -> list[int]:
        """Return the numbers of the backups' folders, newest first, the damaged ones included."""
        if not self._backups.is_dir():
            return []
        names = [path.name for path in self._backups.iterdir()]
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)

    def _put_aside(self, reason: str) -> int:
        present, _ = self.progress.load()
        self.copies.create_live()  # empty, where the learner dropped it: then that is put aside
        number = max(self._numbers(), default=0) + 1
        folder = self._backups / f"{number}.prepared"
        shutil.rmtree(folder, ignore_errors=True)
        write_files(folder / "files", self.workspace.managed_files())
        about = {
            "reason": reason,
            "taken": time.time(),
            "database": self._aside(number),
            "progress": present.as_json(),
        }
        write_json(folder / "about.json", about)
        return number

    def _commit(
        self,
        files: dict[str, bytes],
        database: str,
        progress: Progress,
        number: int,
        consumed: int | None,
    ) -> list[Client]:
        self.workspace.require_writable()
        staged = self.workspace.home / "staged"
        shutil.rmtree(staged, ignore_errors=True)
        write_files(staged, files)
        change = {
            "backup": number,
            "database": database,
            "progress": progress.as_json(),
            "consumed": consumed,
        }
        write_json(self._change, change)
        return self._carry_out(change)

    def _carry_out(self, change: dict[str, Any]) -> list[Client]:
        number = change["backup"]
        prepared = self._backups / f"{number}.prepared"
        if prepared.exists():
            prepared.replace(self._backups / str(number))
        clients = self.copies.make_live(change["database"], self._aside(number))
        staged = self.workspace.home / "staged"
        self.workspace.write(read_files(staged))
        self.progress.save(self._from_now_on(Progress.from_json(change["progress"])))
        if change["consumed"] is not None:
            _discard(self._backups / str(change["consumed"]))
        self._change.unlink()
        shutil.rmtree(staged, ignore_errors=True)
        self.forget_old()
        return clients

    def forget_old(self) -> None:
        """Drop the backups beyond the kept number, and whatever no state refers to any more."""
        for number in self._numbers()[KEPT_BACKUPS:]:
            _discard(self._backups / str(number))
        self.copies.sweep(self.databases())
        needed = self.start_folders()
        starts = self.workspace.home / "starts"
        for folder in starts.iterdir() if starts.is_dir() else ():
            if folder.name not in needed:
                shutil.rmtree(folder, ignore_errors=True)

    def _aside(self, number: int) -> str:
        """Return the name under which the live database is kept in a backup."""
        return f"tutor_{self.workspace.id}_aside_{number}"

    def _from_now_on(self, progress: Progress) -> Progress:
        """Return the progress with a start that counts only what is run from now on."""
        self.journal.update()
        return replace(progress, start=replace(progress.start, event=self.journal.last()))


def _discard(folder: Path) -> None:
    """Delete a backup: whole until the instant in which it is no backup any more."""
    if not folder.exists():
        return
    gone = folder.with_name(f"{folder.name}.gone")
    shutil.rmtree(gone, ignore_errors=True)
    folder.replace(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _read_backup(folder: Path) -> Backup | None:
    """Return a backup; None where it is damaged."""
    try:
        about = read_json(folder / "about.json")
        return Backup(
            number=int(folder.name),
            reason=about["reason"],
            taken=about["taken"],
            database=about["database"],
            progress=Progress.from_json(about["progress"]),
            folder=folder,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
