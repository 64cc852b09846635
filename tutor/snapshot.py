"""Replace the learner's state, files and database and progress together, or not at all.

A change is prepared in full beside the present state: the new files in a folder, the new database
under a name of its own, a backup of the present. Then `change.json` is written: from that moment
the change will happen. Carrying it out is idempotent, so whichever command comes after a crash
finishes it; without `change.json`, what was prepared is thrown away.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from tutor.errors import UsageError
from tutor.home import read_json, write_json
from tutor.progress import Progress, ProgressFile

if TYPE_CHECKING:
    from tutor.database.copies import Copies
    from tutor.database.sessions import Client
    from tutor.workspace.folder import Workspace

KEPT_BACKUPS = 10
"""So many backups are kept; each holds a database of some 8 MB."""


_CHANGE = "change.json"
_STAGED = "staged"
_BACKUPS = "backups"


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Lay files (by relative POSIX path) into a new folder."""
    for name, content in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder.mkdir(parents=True, exist_ok=True)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return what `write_files` laid there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_unfinished(home: Path) -> bool:
    """Tell whether a crash left a change to finish, or to throw away, in a workspace's state."""
    return (
        (home / _CHANGE).exists()
        or (home / _STAGED).exists()
        or any((home / _BACKUPS).glob("*.prepared"))
    )


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

    def __init__(self, workspace: Workspace, copies: Copies, progress: ProgressFile) -> None:
        self.workspace = workspace
        self.copies = copies
        self.progress = progress
        self._change = workspace.home / _CHANGE
        self._backups = workspace.home / _BACKUPS

    def backups(self) -> list[Backup]:
        """Return the backups, newest first."""
        if not self._backups.is_dir():
            return []
        folders = [path for path in self._backups.iterdir() if path.name.isdecimal()]
        return [
            _read_backup(folder)
            for folder in sorted(folders, key=lambda path: int(path.name), reverse=True)
        ]

    def pending(self) -> bool:
        """Whether a change was decided and not carried out to its end."""
        return self._change.exists()

    def replace(
        self, files: dict[str, bytes], database: str, progress: Progress, reason: str
    ) -> list[Client]:
        """Put the present state aside and let the given one take its place.

        `database` is a copy that becomes the live one. Returns whom it disconnected.
        """
        return self._commit(files, database, progress, self._put_aside(reason), None)

    def undo(self) -> tuple[Backup, list[Client]]:
        """Bring the newest backup back; what is there now becomes a backup in its stead.

        Raises UsageError where there is none.
        """
        backups = self.backups()
        if not backups:
            raise UsageError(
                "There is nothing to undo: no reset and no goto has put anything aside."
            )
        backup = backups[0]
        number = self._put_aside(f"undo of: {backup.reason}")
        clients = self._commit(
            backup.files, backup.database, backup.progress, number, backup.number
        )
        return backup, clients

    def recover(self) -> bool:
        """Carry out what was decided before a crash; throw away what was only prepared."""
        if self.pending():
            self._carry_out(read_json(self._change))
            return True
        for folder in (self.workspace.home / _STAGED, *self._backups.glob("*.prepared")):
            shutil.rmtree(folder, ignore_errors=True)
        return False

    def databases(self) -> set[str]:
        """Return the names of all databases that a state, present or put aside, refers to."""
        names = {name for backup in self.backups() for name in _databases(backup)}
        present, _ = self.progress.load()
        return names | {present.start.database}

    def start_folders(self) -> set[str]:
        """Return the names of all start folders that a state refers to."""
        present, _ = self.progress.load()
        return {backup.progress.start.files for backup in self.backups()} | {present.start.files}

    def _put_aside(self, reason: str) -> int:
        present, _ = self.progress.load()
        backups = self.backups()
        number = backups[0].number + 1 if backups else 1
        folder = self._backups / f"{number}.prepared"
        shutil.rmtree(folder, ignore_errors=True)
        write_files(folder / "files", self.workspace.managed_files())
        about = {
            "reason": reason,
            "taken": time.time(),
            "database": f"tutor_{self.workspace.id}_aside_{number}",
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
        staged = self.workspace.home / _STAGED
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
        backup = _read_backup(self._backups / str(number))
        clients = self.copies.make_live(change["database"], backup.database)
        staged = self.workspace.home / _STAGED
        self.workspace.write(read_files(staged))
        self.progress.save(Progress.from_json(change["progress"]))
        if change["consumed"] is not None:
            shutil.rmtree(self._backups / str(change["consumed"]), ignore_errors=True)
        self._change.unlink()
        shutil.rmtree(staged, ignore_errors=True)
        self.forget_old()
        return clients

    def forget_old(self) -> None:
        """Drop the backups beyond the kept number, and whatever no state refers to any more."""
        for backup in self.backups()[KEPT_BACKUPS:]:
            shutil.rmtree(backup.folder)
        self.copies.sweep(self.databases())
        starts = self.workspace.home / "starts"
        for folder in starts.iterdir() if starts.is_dir() else ():
            if folder.name not in self.start_folders():
                shutil.rmtree(folder, ignore_errors=True)


def _databases(backup: Backup) -> tuple[str, str]:
    return backup.database, backup.progress.start.database


def _read_backup(folder: Path) -> Backup:
    about = read_json(folder / "about.json")
    return Backup(
        number=int(folder.name),
        reason=about["reason"],
        taken=about["taken"],
        database=about["database"],
        progress=Progress.from_json(about["progress"]),
        folder=folder,
    )
