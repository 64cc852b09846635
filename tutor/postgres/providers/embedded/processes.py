"""Which processes belong to a data folder.

A process number alone says little: after a crash or a reboot it may belong to somebody else.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil


@dataclass(frozen=True)
class PidFile:
    """What the server notes in its data folder while it runs (postmaster.pid)."""

    pid: int
    port: int
    ready: bool


def read_pid_file(data: Path) -> PidFile | None:
    """Return the server's note; None where there is none or it is only half written."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n")
        # Lines: pid, data folder, start time, port, socket folder, address, shared memory, status;
        # a server that is just starting has written the first few only.
        ready = len(lines) > 7 and lines[7].strip() == "ready"  # noqa: PLR2004 - see the line above
        return PidFile(int(lines[0]), int(lines[3]), ready)
    except (OSError, ValueError, IndexError):
        return None


def running_server(data: Path) -> PidFile | None:
    """Return the note of a server that really runs on this data folder, ready or still starting."""
    note = read_pid_file(data)
    if note is None or not _serves(note.pid, data):
        return None
    return note


def _serves(pid: int, data: Path) -> bool:
    """Tell whether a living process was started as `postgres -D data`."""
    arguments = _linux_arguments(pid) if sys.platform == "linux" else _arguments(pid)
    return any(option == "-D" and _same(value, data) for option, value in pairwise(arguments))


def _linux_arguments(pid: int) -> list[str]:
    """Return a process's command line, as `_arguments`; psutil takes 0.02 s to be imported."""
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
    except OSError:
        return []


def _arguments(pid: int) -> list[str]:
    """Return a process's command line; empty where there is no such process, or a zombie."""
    import psutil  # noqa: PLC0415 - see above

    try:
        return psutil.Process(pid).cmdline()
    except psutil.Error:
        return []


def _same(written: str, path: Path) -> bool:
    return os.path.normcase(os.path.normpath(written)) == os.path.normcase(path)


def left_behind(data: Path) -> list[psutil.Process]:
    """Return the server's children that still live though the server itself was killed.

    They are known by their working folder, which is the data folder.
    """
    import psutil  # noqa: PLC0415 - see `_linux_arguments`

    found = []
    for process in psutil.process_iter():
        try:
            if process.name().startswith("postgres") and _same(process.cwd(), data):
                found.append(process)
        except (psutil.Error, OSError):  # another user's, or gone by now
            continue
    return found


def clear_up(data: Path, *, patience: float) -> None:
    """Make a data folder startable again after its server was killed.

    Children notice within moments that their parent died; one that is busy is ended after
    `patience` seconds, since no new server may start while any of them shares its memory. Then a
    process number that the note still names, and that by now belongs to somebody else, is not
    taken for a living server: the note goes.
    """
    import psutil  # noqa: PLC0415 - see `_linux_arguments`

    _, busy = psutil.wait_procs(left_behind(data), timeout=patience)
    if running_server(data) is not None:  # it was only slow to write its note
        return
    for child in busy:
        child.kill()
    psutil.wait_procs(busy, timeout=patience)
    (data / "postmaster.pid").unlink(missing_ok=True)
