"""Locks between two commands at once, and errors of the disk as sentences."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tutor.errors import CannotActError, DiskError
from tutor.state.home import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SILENT_SECONDS = 1
"""How long a command waits for another one before it says so."""


class BusyError(CannotActError):
    """Another command holds the lock."""


@contextmanager
def locked(
    folder: Path,
    name: str = ".lock",
    *,
    wait: float = 90,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[None]:
    """Hold a lock file in a folder; both are made where missing. It is free when its holder dies.

    Another command is waited for, `wait` seconds at most; after the first one `say` gets a
    sentence. Raises BusyError at the end of that time, CannotActError where the disk refuses.
    """
    import filelock  # noqa: PLC0415 - 0.03 s that a command pays only when something is to be done

    with disk_errors(folder):
        make_folder(folder, 0o711)
        lock = filelock.FileLock(folder / name, mode=0o600)
        try:
            lock.acquire(timeout=min(wait, SILENT_SECONDS))
        except filelock.Timeout:
            if wait > SILENT_SECONDS:
                say("Another tutor command is at work in this workspace: waiting until it is done.")
            try:
                lock.acquire(timeout=max(0, wait - SILENT_SECONDS))
            except filelock.Timeout as error:
                raise BusyError(
                    "Another tutor command is at work in this workspace.",
                    "Wait until it is done, or stop it with Ctrl-C in its terminal, then try "
                    "again.",
                ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's errors about files into CannotActError."""
    try:
        yield
    except OSError as error:
        raise DiskError(error, path) from error
