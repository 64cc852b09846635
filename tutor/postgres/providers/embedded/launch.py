"""Making, starting and stopping a PostgreSQL server on a data folder."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError
from tutor.postgres.environment import ENGLISH, clean_environment
from tutor.postgres.providers.embedded import processes
from tutor.postgres.providers.embedded.privileges import ServerUser, give, run_as

if TYPE_CHECKING:
    from tutor.postgres.providers.embedded.binaries import Programs

# What a server says before it writes to its log; made anew at each start.
STARTUP_FILE = "startup.log"
# What it says in its log once it can be connected to.
READY = "database system is ready to accept connections"

SETTINGS_FILE = "tutor.conf"
START_SECONDS = 60
STOP_SECONDS = 30
# After a kill -9 of the server: how long its children may take to notice.
ORPHAN_SECONDS = 3.0


@dataclass(frozen=True)
class Cluster:
    """A data folder, the programs it runs on, and the user who runs them (None: the caller)."""

    data: Path
    programs: Programs
    user: ServerUser | None

    def exists(self) -> bool:
        """Tell whether the data folder has been made."""
        return (self.data / "PG_VERSION").is_file()


def make(cluster: Cluster, password: str) -> None:
    """Run initdb; the data folder appears whole, in one step. Raises CannotActError."""
    parent = cluster.data.parent
    for remains in (*parent.glob(".making-*"), *parent.glob(".secret-*")):  # of a killed run
        shutil.rmtree(remains) if remains.is_dir() else remains.unlink()
    fresh = Path(tempfile.mkdtemp(dir=parent, prefix=".making-"))
    handle, secret = tempfile.mkstemp(dir=parent, prefix=".secret-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(password)
        give(cluster.user, Path(secret))
        give(cluster.user, fresh)
        done = _run(
            cluster,
            "initdb",
            f"--pgdata={fresh}",
            "--username=postgres",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # The same order and the same messages on every system.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            # Small: 1 MB instead of 16 MB for each file of the write-ahead log.
            "--wal-segsize=1",
            "--no-sync",
        )
        if done.returncode != 0:
            raise CannotActError(
                f"PostgreSQL's initdb could not make the data folder in {parent}: "
                f"{_last_words(done.stderr or done.stdout)}",
                "Fix what it names (often: no disk space), then run the command again.",
            )
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(f"\ninclude '{SETTINGS_FILE}'  # written by the tutor at each start\n")
        fresh.rename(cluster.data)
    finally:
        Path(secret).unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)


def start(cluster: Cluster, port: int) -> None:
    """Start the server and wait until it is ready; it outlives this process and its terminal.

    Raises CannotActError, with the server's own last words, where it does not get ready.
    """
    processes.clear_up(cluster.data, patience=ORPHAN_SECONDS)
    _write_settings(cluster, port)
    words = cluster.data / STARTUP_FILE
    words.unlink(missing_ok=True)
    done = _run(
        cluster,
        "pg_ctl",
        "start",
        "--wait",
        f"--timeout={START_SECONDS}",
        f"--pgdata={cluster.data}",
        f"--log={words}",
    )
    if done.returncode != 0:
        raise CannotActError(
            f"PostgreSQL does not start: {last_failure(cluster.data) or _last_words(done.stderr)}",
            f"Fix what it names; its log is in {cluster.data / 'log'}.",
        )


def wait_until_ready(cluster: Cluster) -> bool:
    """Wait for a server that somebody else is starting; False where it is not ready in time."""
    deadline = time.monotonic() + START_SECONDS
    while (note := processes.running_server(cluster.data)) is not None:
        if note.ready:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return False


def stop(cluster: Cluster) -> bool:
    """Stop the server, ending its clients' sessions; False where it was not running."""
    if processes.running_server(cluster.data) is None:
        return False
    for mode in ("fast", "immediate"):
        done = _run(
            cluster,
            "pg_ctl",
            "stop",
            "--wait",
            f"--timeout={STOP_SECONDS}",
            f"--mode={mode}",
            f"--pgdata={cluster.data}",
        )
        if done.returncode == 0 or processes.running_server(cluster.data) is None:
            return True
    raise CannotActError(
        f"PostgreSQL does not stop: {_last_words(done.stderr)}",
        "End the process named in its data folder's postmaster.pid, then run the command again.",
    )


def hidden_from_the_terminal() -> dict[str, Any]:
    """Return the keyword arguments of `subprocess` that keep Ctrl-C away from a program."""
    if os.name == "nt":
        return {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
    return {"start_new_session": True}


def _run(cluster: Cluster, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's user; its words come as text.

    They are caught in files: a pipe would be held open by the server that pg_ctl leaves behind.
    """
    path = cluster.programs.path(program)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            code = subprocess.run(
                [path, *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=cluster.data.anchor,  # the caller's folder may be closed to the server's user
                env=clean_environment() | ENGLISH,
                timeout=2 * START_SECONDS,
                **hidden_from_the_terminal(),
                **run_as(cluster.user),
            ).returncode
        except PermissionError as error:
            raise CannotActError(
                f"The tutor may not start {path}"
                + (f" as the user {cluster.user.name}" if cluster.user else "")
                + f": {error.strerror}.",
                "Run the tutor as an ordinary user, or move its state to a folder whose programs "
                "may be run (the variable ALEMBIC_TUTOR_HOME).",
            ) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotActError(f"The tutor cannot run {path}: {error}.") from error
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", errors="replace"))
        return subprocess.CompletedProcess([program], code, *texts)


def _write_settings(cluster: Cluster, port: int) -> None:
    """Write all of the tutor's settings, in one file that nobody else writes."""
    settings = {
        # TCP on the loopback interface only: no socket file, whose path could get too long.
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # A small server: one learner, little data.
        "shared_buffers": "16MB",
        "max_connections": 60,
        "min_wal_size": "4MB",
        "max_wal_size": "64MB",
        "jit": "off",
        # Killing the server loses nothing; a power cut may, and then the step is rebuilt. In turn
        # a copy of a database takes 0.05 s instead of 0.15 s, and of many seconds on slow disks.
        "fsync": "off",
        "full_page_writes": "off",
        # No replication, so none of its processes.
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "max_logical_replication_workers": 0,
        # The journal reads this log (journal.py).
        "logging_collector": "on",
        "log_destination": "jsonlog",
        "log_directory": "log",
        "log_filename": "postgresql-%Y%m%d-%H%M%S.log",
        "log_file_mode": "0600",
        "log_rotation_size": "1MB",
        "log_rotation_age": 0,
        "log_checkpoints": "off",
    }
    if cluster.programs.major >= 18:  # noqa: PLR2004 - the release that brought I/O workers
        settings["io_method"] = "sync"
    lines = ["# Written by the tutor at each start of the server: edits here are lost.\n"]
    lines += [f"{name} = '{value}'\n" for name, value in settings.items()]
    handle, temporary = tempfile.mkstemp(dir=cluster.data, prefix=".tutor-")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
    give(cluster.user, Path(temporary))
    Path(temporary).replace(cluster.data / SETTINGS_FILE)


def last_failure(data: Path) -> str:
    """Return why the last start failed, as a sentence; empty where the server got ready."""
    words = data / STARTUP_FILE
    try:
        said = words.read_text(encoding="utf-8", errors="replace")
        began = words.stat().st_mtime
    except OSError:  # never started
        return ""
    entries = []
    for log in sorted((data / "log").glob("*.json")):
        if log.stat().st_mtime >= began:
            for line in log.read_bytes().splitlines():
                with contextlib.suppress(ValueError):  # half a line, of a killed server
                    entries.append(json.loads(line))
    if any(entry.get("message") == READY for entry in entries):
        return ""
    errors = [
        str(entry.get("message"))
        for entry in entries
        if entry.get("error_severity") in {"FATAL", "PANIC", "ERROR"}
        and entry.get("backend_type") != "client backend"
    ]
    if not entries:  # it did not get as far as its log
        return _last_words(said)
    return "; ".join(errors[-2:]) + "." if errors else ""


def _last_words(text: str) -> str:
    """Return the last error in a program's output, or else its last lines, as one sentence.

    A full disk comes first: the errors that follow it only tell what it led to.
    """
    errors = re.findall(r"\b(?:FATAL|PANIC|ERROR|error): .*", text)
    errors = [line for line in errors if os.strerror(errno.ENOSPC) in line] or errors
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(errors[-1:] or lines[-3:] or ["it said nothing"]).rstrip(".") + "."
