"""The tutor's own PostgreSQL: one server for each workspace, from the wheel's programs.

It listens on the loopback interface only, lives on between commands, and is started again by any
command that needs it. `folder` is the `server` folder in the workspace's state home.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.database import binaries, launch, places, ports, processes, record as records, roles
from tutor.database.binaries import Programs
from tutor.database.launch import Cluster
from tutor.database.locks import disk_errors, locked
from tutor.database.privileges import unprivileged_user
from tutor.database.record import Record
from tutor.database.server import Address, Role
from tutor.errors import CannotActError

if TYPE_CHECKING:
    import psycopg

LEARNER = "fastapi_user"
LIVE = "fastapi_db"

# PostgreSQL's data folder, in the folder that the record calls `place`.
DATA = "data"

START_ATTEMPTS = 3


class EmbeddedServer:
    """One workspace's PostgreSQL server. Made by `create`, opened again by `load`."""

    kind = "embedded"
    live = LIVE

    def __init__(self, folder: Path, record: Record) -> None:
        """Take a server as its record describes it; `create` and `load` do that for callers."""
        self.folder = folder
        self._record = record

    @classmethod
    def create(cls, folder: Path) -> EmbeddedServer:
        """Make a server, start it, make the learner's role. Raises CannotActError.

        Safe to repeat: what an interrupted run left is taken up, a finished server is returned.
        """
        folder = folder.absolute()
        with locked(folder):
            record = records.load(folder)
            if record is None:
                record = _plan(folder)
                if (Path(record.place) / DATA).exists():
                    raise CannotActError(
                        f"{Path(record.place) / DATA} exists, but the note about its server, "
                        f"{folder / records.FILE}, is gone, and its passwords with it.",
                        "Restore the note from a backup, or delete that folder to begin anew.",
                    )
                record.save(folder)
            server = cls(folder, record)
            if not server._record.ready:
                server._make()
            if not server.is_running():
                server._start()
            if not server._record.ready:
                roles.make_learner(server)
                server._note(ready=True)
        return server

    @classmethod
    def load(cls, folder: Path) -> EmbeddedServer:
        """Open a server that `create` made; it need not run. Raises CannotActError."""
        folder = folder.absolute()
        record = records.load(folder)
        if record is None or not record.ready:
            raise CannotActError(
                f"There is no PostgreSQL server in {folder}, or it was never finished.",
                "Run `tutor start` to make a workspace with a server of its own.",
            )
        return cls(folder, record)

    @property
    def admin(self) -> Address:
        """Return where the superuser `postgres` logs in."""
        return Address(ports.HOST, self._record.port, "postgres", self._record.admin_password)

    @property
    def learner(self) -> Address:
        """Return where the learner's role logs in."""
        return Address(ports.HOST, self._record.port, LEARNER, self._record.learner_password)

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data folder."""
        return Path(self._record.place) / DATA

    def is_running(self) -> bool:
        """Tell whether our own server is up, ready, and answers at our port."""
        note = processes.running_server(self.data)
        if note is None or not note.ready:
            return False
        return note.port == self._record.port and ports.accepts(note.port)

    def ensure_running(self) -> list[str]:
        """Start the server where it is down; return what the learner should be told."""
        if self.is_running():
            return []
        with locked(self.folder):
            self._record = records.load(self.folder) or self._record
            return [] if self.is_running() else self._start()

    def stop(self) -> bool:
        """Stop the server; False where it was not running."""
        with locked(self.folder):
            if processes.running_server(self.data) is None:
                return False
            self._install_programs()  # pg_ctl is needed, also where somebody cleaned the copy away
            return launch.stop(self._cluster())

    def destroy(self) -> None:
        """Stop the server; delete its data, its record and, as its last user, the programs."""
        with locked(self.folder):
            programs = self._programs()
            if programs.complete():
                launch.stop(self._cluster())
            processes.clear_up(self.data, patience=launch.ORPHAN_SECONDS)
            shutil.rmtree(self.data, ignore_errors=True)
            if self.data.exists():
                raise CannotActError(
                    f"The tutor cannot delete all of {self.data}.",
                    "Close what still uses it, then run the command again.",
                )
            if programs.root.is_dir():
                with locked(programs.root):
                    binaries.release(programs, self.data)
            places.remove_emptied(Path(self._record.place))
            (self.folder / records.FILE).unlink(missing_ok=True)

    def connect(
        self, database: str, *, role: Role = "admin", read_only: bool = False
    ) -> psycopg.Connection:
        """Connect as one of the two roles, in autocommit mode, with time limits."""
        from tutor.database.connect import connect  # noqa: PLC0415 - needs psycopg

        address = self.admin if role == "admin" else self.learner
        return connect(address, database, read_only=read_only)

    def binary(self, name: str) -> Path:
        """Return the path of a PostgreSQL program in the tutor's copy."""
        return self._programs().path(name)

    def log_files(self) -> list[Path]:
        """Return the server's log files, oldest first; the last is being written to."""
        files = []
        for path in (self.data / "log").glob("*.json"):
            try:
                files.append((path.stat().st_mtime_ns, path))
            except FileNotFoundError:  # a second command just deleted it
                continue
        current = self._current_log()
        return sorted((path for _, path in sorted(files)), key=lambda path: path == current)

    def _current_log(self) -> Path | None:
        """Return the file that the server says it writes to (lines: format, relative path)."""
        try:
            text = (self.data / "current_logfiles").read_text(encoding="utf-8")
        except OSError:
            return None
        for line in text.splitlines():
            name, _, path = line.partition(" ")
            if name == "jsonlog":
                return self.data / path
        return None

    def _make(self) -> None:
        """Copy the programs and run initdb, where an earlier run has not."""
        place = Path(self._record.place)
        with disk_errors(place):
            places.make_folder(place)
            self._install_programs()
            cluster = self._cluster()
            if not cluster.exists():
                launch.make(cluster, self._record.admin_password)

    def _start(self) -> list[str]:
        """Start the server, at another port where ours was taken; return notices."""
        cluster = self._cluster()
        if not cluster.exists():
            raise CannotActError(
                f"PostgreSQL's data folder {cluster.data} is gone.",
                "Take the workspace away with `tutor remove`, then start a new one.",
            )
        with disk_errors(cluster.data):
            self._install_programs()
            note = processes.running_server(cluster.data)
            if note is None:
                port = self._start_at_free_port(cluster)
                notices = ["PostgreSQL was not running; the tutor started it again."]
            else:  # another command is starting it, or was interrupted while it did
                if not launch.wait_until_ready(cluster) or not ports.accepts(note.port):
                    raise CannotActError(
                        f"PostgreSQL runs (process {note.pid}) but does not answer.",
                        "Look whether the machine is overloaded; else `tutor stop`, then again.",
                    )
                port, notices = note.port, []
        if port != self._record.port:
            notices.append(
                f"Another program uses port {self._record.port}: "
                f"PostgreSQL's port changed from {self._record.port} to {port}."
            )
            self._note(port=port)
        return notices

    def _start_at_free_port(self, cluster: Cluster) -> int:
        for attempt in range(START_ATTEMPTS):
            port = self._record.port if ports.is_free(self._record.port) else ports.find_free()
            try:
                launch.start(cluster, port)
            except CannotActError:
                # A port can be taken between the look and the start; then the next one is tried.
                if ports.is_free(port) or attempt == START_ATTEMPTS - 1:
                    raise
            else:
                break
        return port

    def _install_programs(self) -> None:
        """Copy the programs where the copy is not there (any more), and note that we use it.

        A data folder goes on with the copy it began with, also after the wheel was upgraded; only
        where that copy is gone is the wheel's present one taken, if it can read the data.
        """
        root = self._programs().root
        places.make_folder(root)
        with locked(root):
            if not self._programs().complete():
                fresh = binaries.planned(root)
                if fresh.major != self._record.major:
                    raise CannotActError(
                        f"The data was written by PostgreSQL {self._record.major}, whose programs "
                        f"are gone from {self._programs().folder}; the tutor's package brings "
                        f"PostgreSQL {fresh.major} now.",
                        "Take the workspace away with `tutor remove`, then start a new one.",
                    )
                binaries.install(fresh)
                self._note(programs=str(fresh.folder))
            binaries.register(self._programs(), self.data)

    def _note(self, **changes: Any) -> None:
        """Change the record, in memory and in its file."""
        self._record = replace(self._record, **changes)
        self._record.save(self.folder)

    def _programs(self) -> Programs:
        return Programs(Path(self._record.programs), self._record.major)

    def _cluster(self) -> Cluster:
        name = self._record.user
        return Cluster(self.data, self._programs(), unprivileged_user((name,)) if name else None)


def _plan(folder: Path) -> Record:
    """Choose where everything of a new server goes."""
    user = unprivileged_user()
    programs = binaries.planned(places.programs_for(user))
    return Record(
        port=ports.find_free(),
        major=programs.major,
        place=str(places.place_for(folder, user)),
        programs=str(programs.folder),
        user=user.name if user else None,
        admin_password=records.new_password(),
        learner_password=records.new_password(),
    )
