"""Two commands at once in one workspace: the second says that it waits, and gives up in the end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tutor.session.context import LOCK_SECONDS
from tutor.state.lock import SILENT_SECONDS
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from tests.robustness.conftest import Shell

pytestmark = pytest.mark.xdist_group("two-terminals")

WAITS = "waiting until it is done"


@pytest.fixture
def lock(shell: Shell) -> FileLock:
    """Return the lock that a command at work in another terminal holds."""
    return FileLock(Workspace.find(shell.root).home / "lock")


def test_the_second_says_that_it_waits_and_goes_on(shell: Shell, lock: FileLock) -> None:
    with lock:
        process = shell.begin("hint")
        time.sleep(SILENT_SECONDS + 1.5)
        assert process.poll() is None
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert WAITS in said
    assert "\nQuestion 1, hint " in said


def test_it_gives_up_after_the_limit(shell: Shell, lock: FileLock) -> None:
    with lock:
        began = time.monotonic()
        said = shell.tutor("check", "--json")
        took = time.monotonic() - began
    assert said.code == 3
    assert LOCK_SECONDS <= took < LOCK_SECONDS + 5
    assert WAITS in said.text
    assert '"error": "Another tutor command is at work in this workspace."' in said.text


def test_nobody_waits_for_a_command_that_only_reads(shell: Shell, lock: FileLock) -> None:
    with lock:
        for verb in ("status", "list", "schema", "history", "doctor"):
            said = shell.tutor(verb)
            assert said.code == 0, said.lines
            assert WAITS not in said.text


def test_a_short_wait_passes_in_silence(shell: Shell, lock: FileLock) -> None:
    with lock:
        process = shell.begin("hint")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert WAITS not in said
