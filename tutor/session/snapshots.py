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
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError, UsageError
from tutor.postgres.databases import roles
from tutor.session.backups import expendable, read_backup
from tutor.state.files import read_files, write_files
from tutor.state.home import read_json, write_json
from tutor.state.progress import Progress
from tutor.workspace.files import PathConflictError

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.course import Course
    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.databases.sessions import Client
    from tutor.postgres.journal.journal import Journal
    from tutor.session.backups import Backup
    from tutor.state.progress import ProgressFile
    from tutor.workspace.folder import Workspace

_CHANGE = "change.json"


def is_unfinished(home: Path) -> bool:
    """Tell whether a crash left something to finish, or to throw away, in a state home."""
    leftovers = [home / "staged", *(home / "backups").glob("*.*")]
    return is_pending(home) or any(folder.exists() for folder in leftovers)


def is_pending(home: Path) -> bool:
    """Tell whether, in a workspace's state home, a change was decided and not yet carried out."""
    return (home / _CHANGE).exists()


class Snapshots:
    """The backups of one workspace, and the only way in which its state is replaced."""

    def __init__(
        self,
        workspace: Workspace,
        copies: Copies,
        journal: Journal,
        progress: ProgressFile,
        course: Course,
    ) -> None:
        self.workspace = workspace
        self.copies = copies
        self.journal = journal
        self.progress = progress
        self.course = course
        self._change = workspace.home / _CHANGE
        self._backups = workspace.home / "backups"

    def backups(self) -> list[Backup]:
        """Return the backups, newest first; one that is damaged is left out."""
        found = (read_backup(self._backups / str(number)) for number in self._numbers())
        return [backup for backup in found if backup is not None]

    def backup(self, number: int | None = None) -> Backup:
        """Return a backup by its number, else the newest. Raises UsageError where there is none."""
        backups = self.backups()
        for backup in backups:
            if number in {None, backup.number}:
                return backup
        raise UsageError(
            f"There is no backup {number}." if backups else "There is no backup to bring back.",
            "`tutor undo --list` shows those there are."
            if backups
            else "`tutor reset`, `goto` and `solution --apply` make one before they change things.",
        )

    def replace(
        self, files: dict[str, bytes], database: str, progress: Progress, before: str
    ) -> list[Client]:
        """Back up the present state, as it is `before` a command, and replace it.

        `database` is a copy that becomes the live one. Returns whom it disconnected.
        """
        return self._commit(files, database, progress, self._back_up(before), None)

    def restore(self, backup: Backup, files: dict[str, bytes]) -> list[Client]:
        """Bring a backup back, with `files`; what is there now becomes a backup in its place.

        Raises CannotActError where its database is gone.
        """
        if not self.copies.exists(backup.database):
            raise CannotActError(
                f"The backup's database, {backup.database}, is no longer on the server.",
                f"Its files are in {backup.folder / 'files'}; `tutor reset` builds the step anew.",
            )
        number = self._back_up("`tutor undo`")
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
                return self._finish(change)
        remains = [*self._backups.glob("*.prepared"), *self._backups.glob("*.gone")]
        for folder in (self.workspace.home / "staged", *remains):
            shutil.rmtree(folder, ignore_errors=True)
        return told

    def _finish(self, change: dict[str, Any]) -> str:
        """Carry out an interrupted change, without its files where a link is in their way."""
        try:
            self._carry_out(change)
        except PathConflictError as conflict:
            self._settle(change | {"consumed": None})  # that backup's files are needed
            return (
                f"An interrupted change could be finished for the database only: "
                f"{conflict.message} Put a real folder or file there; then `tutor reset` makes "
                "files and database fit, and `tutor undo` goes back."
            )
        return "A change that was interrupted has been finished."

    def databases(self) -> set[str]:
        """Return the names of all databases that are needed by the present state or a backup."""
        starts = {state.database for progress in self._records() for state in progress.needed}
        return starts | {backup.database for backup in self.backups()}

    def start_folders(self) -> set[str]:
        """Return the names of all start folders that are needed."""
        return {state.files for progress in self._records() for state in progress.needed}

    def _records(self) -> list[Progress]:
        """Return every progress that may yet be needed: present, previous, of the backups."""
        return [*self.progress.readable(), *(backup.progress for backup in self.backups())]

    def _numbers(self) -> list[int]:
        """Return the numbers of the backups' folders, newest first, the damaged ones included."""
        if not self._backups.is_dir():
            return []
        names = [path.name for path in self._backups.iterdir()]
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)

    def _back_up(self, before: str) -> int:
        """Prepare a backup of the present state; return its number."""
        present, _ = self.progress.load()
        self.copies.create_live()  # empty, where the learner dropped it: then that is the backup
        number = max(self._numbers(), default=0) + 1
        folder = self._backups / f"{number}.prepared"
        shutil.rmtree(folder, ignore_errors=True)
        write_files(folder / "files", self.workspace.managed_files())
        about = {
            "reason": before,
            "taken": time.time(),
            "database": self._database(number),
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
        roles.make_learner(self.copies.server)  # the learner may have changed the password
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
        clients = self.copies.make_live(change["database"], self._database(number))
        self.workspace.write(read_files(self.workspace.home / "staged"))
        self._settle(change)
        return clients

    def _settle(self, change: dict[str, Any]) -> None:
        """Record a change whose files and database are in place."""
        self.progress.save(self._from_now_on(Progress.from_json(change["progress"])))
        if change["consumed"] is not None:
            _discard(self._backups / str(change["consumed"]))
        self._change.unlink()
        shutil.rmtree(self.workspace.home / "staged", ignore_errors=True)
        self.forget_old()

    def forget_old(self) -> None:
        """Delete the backups that need not be kept, and whatever no state refers to any more."""
        for backup in expendable(self.backups(), self.workspace.managed_files(), self.course):
            _discard(backup.folder)
        self.copies.sweep(self.databases())
        needed = self.start_folders()
        starts = self.workspace.home / "starts"
        for folder in starts.iterdir() if starts.is_dir() else ():
            if folder.name not in needed:
                shutil.rmtree(folder, ignore_errors=True)

    def _database(self, number: int) -> str:
        """Return the name under which the live database is kept in a backup."""
        return f"tutor_{self.workspace.id}_aside_{number}"

    def _from_now_on(self, progress: Progress) -> Progress:
        """Return the progress of a step for which only counts what is run from now on."""
        self.journal.update()
        return replace(progress, event=self.journal.last())


def _discard(folder: Path) -> None:
    """Delete a backup: whole until the instant in which it is no backup any more."""
    if not folder.exists():
        return
    gone = folder.with_name(f"{folder.name}.gone")
    shutil.rmtree(gone, ignore_errors=True)
    folder.replace(gone)
    shutil.rmtree(gone, ignore_errors=True)
