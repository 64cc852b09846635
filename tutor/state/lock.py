"""Two commands at once, and a disk that does not play along."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tutor.errors import CannotActError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_SECONDS = 90


@contextmanager
def locked(folder: Path, name: str = ".lock") -> Iterator[None]:
    """Hold a lock file in a folder; both are made where missing. It is free when its holder dies.

    Raises CannotActError where another command keeps it for long, or the folder is closed to us.
    """
    import filelock  # noqa: PLC0415 - 0.03 s that a command pays only when something is to be done

    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / name, timeout=WAIT_SECONDS)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise CannotActError(
                f"Another command of the tutor has been at work in {folder} "
                f"for {WAIT_SECONDS} seconds.",
                "Wait for it, or end it with Ctrl-C in its terminal; then run the command again.",
            ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn the operating system's errors about files into CannotActError."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        raise CannotActError(
            f"The tutor cannot use {place}: {error.strerror or error}.",
            "Free some disk space or mend the folder's permissions, then run the command again.",
        ) from error
