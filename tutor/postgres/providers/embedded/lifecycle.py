"""Make, start, stop and delete an embedded server: what few commands have to do.

`folder` is the `server` folder in the workspace's state home; the caller holds its lock.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import CannotActError, StateLostError
from tutor.postgres.providers.embedded import (
    binaries,
    launch,
    paths as places,
    ports,
    processes,
    record as records,
)
from tutor.postgres.providers.embedded.binaries import Programs
from tutor.postgres.providers.embedded.launch import Cluster
from tutor.postgres.providers.embedded.privileges import unprivileged_user
from tutor.postgres.providers.embedded.record import Record
from tutor.state.lock import disk_errors, locked

if TYPE_CHECKING:
    from tutor.postgres.providers.embedded.privileges import ServerUser

START_ATTEMPTS = 3


def make(folder: Path, learner_password: str = "") -> Record:
    """Choose where everything goes, copy the programs, run initdb; return the record.

    What an interrupted run has done already is not done again. Raises CannotActError.
    """
    record = records.load(folder)
    if record is None:
        record = _plan(folder, learner_password)
        if record.data.exists():
            raise CannotActError(
                f"{record.data} exists, but the note about its server, {folder / records.FILE}, "
                "is gone, and its passwords with it.",
                "Restore the note from a backup, or delete that folder to begin anew.",
            )
        record.save(folder)
    if record.ready:
        return record
    place = Path(record.place)
    with disk_errors(place):
        places.make_folder(place)
        record = _install_programs(folder, record)
        cluster = _cluster(record)
        if not cluster.exists():
            launch.make(cluster, record.admin_password)
    return record


def start(folder: Path, record: Record) -> tuple[Record, list[str]]:
    """Start the server, at another port where ours was taken; return its record and notices.

    Raises CannotActError where it does not start.
    """
    cluster = _cluster(record)
    if not cluster.exists():
        raise StateLostError(f"PostgreSQL's data folder {cluster.data} is gone.")
    with disk_errors(cluster.data):
        record = _install_programs(folder, record)
        cluster = _cluster(record)
        note = processes.running_server(cluster.data)
        if note is None:
            port = _start_at_free_port(cluster, record.port)
            notices = ["PostgreSQL was not running; the tutor started it again."]
        else:  # another command is starting it, or was interrupted while it did
            if not launch.wait_until_ready(cluster) or not ports.accepts(note.port):
                raise CannotActError(
                    f"PostgreSQL runs (process {note.pid}) but does not answer.",
                    "Look whether the machine is overloaded; else `tutor stop`, then again.",
                )
            port, notices = note.port, []
    if port != record.port:
        notices.append(
            f"Another program uses port {record.port}: "
            f"PostgreSQL's port changed from {record.port} to {port}."
        )
        record = record.changed(folder, port=port)
    return record, notices


def obstacle(record: Record) -> str:
    """Return what keeps a stopped server from starting, as far as can be told without a start.

    Empty where nothing is known to.
    """
    if not _cluster(record).exists():
        return f"PostgreSQL's data folder {record.data} is gone."
    return launch.last_failure(record.data)


def stop(folder: Path, record: Record) -> bool:
    """Stop the server; False where it was not running. Raises CannotActError."""
    if processes.running_server(record.data) is None:
        return False
    # pg_ctl is needed, also where somebody cleaned the copy away
    record = _install_programs(folder, record)
    return launch.stop(_cluster(record))


def delete(folder: Path) -> None:
    """Stop the server; delete its data, its record and, as its last user, the programs.

    Where the record is damaged or missing, what there is stands where a new server would. Safe to
    repeat. Raises CannotActError where files of it are in use.
    """
    record = None
    with suppress(CannotActError):
        record = records.load(folder)
    record = record or _plan(folder)
    cluster = _cluster(record)
    if cluster.programs.complete():
        launch.stop(cluster)
    processes.clear_up(cluster.data, patience=launch.ORPHAN_SECONDS)
    shutil.rmtree(cluster.data, ignore_errors=True)
    if cluster.data.exists():
        raise CannotActError(
            f"The tutor cannot delete all of {cluster.data}.",
            "Close what still uses it, then run the command again.",
        )
    if cluster.programs.root.is_dir():
        with locked(cluster.programs.root):
            binaries.release(cluster.programs, cluster.data)
    places.remove_emptied(Path(record.place))
    (folder / records.FILE).unlink(missing_ok=True)


def _plan(folder: Path, learner_password: str = "") -> Record:
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
        learner_password=learner_password or records.new_password(),
    )


def _install_programs(folder: Path, record: Record) -> Record:
    """Copy the programs where the copy is not there (any more), and note that we use it.

    A data folder goes on with the copy it began with, also after the wheel was upgraded; only
    where that copy is gone is the wheel's present one taken, if it can read the data.
    """
    programs = _programs(record)
    places.make_folder(programs.root)
    with locked(programs.root):
        if not programs.complete():
            fresh = binaries.planned(programs.root)
            if fresh.major != record.major:
                raise CannotActError(
                    f"The data was written by PostgreSQL {record.major}, whose programs are gone "
                    f"from {programs.folder}; the tutor's package brings PostgreSQL "
                    f"{fresh.major} now.",
                    "Take the workspace away with `tutor remove`, then start a new one.",
                )
            binaries.install(fresh)
            record = record.changed(folder, programs=str(fresh.folder))
        binaries.register(_programs(record), record.data)
    return record


def _start_at_free_port(cluster: Cluster, wanted: int) -> int:
    for attempt in range(START_ATTEMPTS):
        port = wanted if ports.is_free(wanted) else ports.find_free()
        try:
            launch.start(cluster, port)
        except CannotActError:
            # A port can be taken between the look and the start; then the next one is tried.
            if ports.is_free(port) or attempt == START_ATTEMPTS - 1:
                raise
        else:
            break
    return port


def _programs(record: Record) -> Programs:
    return Programs(Path(record.programs), record.major)


def _cluster(record: Record) -> Cluster:
    return Cluster(record.data, _programs(record), _user(record))


def _user(record: Record) -> ServerUser | None:
    return unprivileged_user((record.user,)) if record.user else None
