"""What all tests share: a state home of their own, and nothing taken from the caller's shell."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tutor.state.home import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM = 4_000_000_000
"""Bytes: so much must be free there for the servers of all test processes."""


def pytest_configure() -> None:
    """Let temporary files be in memory where there is room.

    The tests copy some thousand databases of a thousand files each. On many a disk that takes a
    third of their time.
    """
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return
    disk = os.statvfs(MEMORY)
    if disk.f_bavail * disk.f_frsize > ROOM and not disk.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # so that TMPDIR is looked up anew


@pytest.fixture(scope="session", autouse=True)
def state_home() -> Iterator[Path]:
    """Keep the tutor's state in a short temporary folder, and the shell's settings away."""
    home = Path(tempfile.mkdtemp(prefix="tutor-"))
    home.chmod(0o711)  # where root tests, the server's own user must get in
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("PG", "DB_", "DATABASE_", "TUTOR_", "VIRTUAL_ENV", "_TYPER")):
                patch.delenv(name)
        patch.setenv(VARIABLE, str(home))
        yield home
    shutil.rmtree(home, ignore_errors=True)


def pytest_xdist_auto_num_workers() -> int:
    """Let `--numprocesses auto` start two processes a core: half the time they wait for servers."""
    return 2 * (os.cpu_count() or 1)
