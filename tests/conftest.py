"""What all tests share: a state home of their own, and nothing taken from the caller's shell."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tutor.home import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def state_home() -> Iterator[Path]:
    """Keep the tutor's state in a short temporary folder, and the shell's settings away."""
    home = Path(tempfile.mkdtemp(prefix="tutor-"))
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
