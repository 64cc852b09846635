"""A models.py that never ends, ends Python or floods the screen: named, in about the time limit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.robustness.conftest import Shell

pytestmark = pytest.mark.xdist_group("bad-models")

LIMIT, SLACK = 10, 10
"""Seconds: of the learner's code, and of all else that a check does, on a busy machine."""


@pytest.fixture(scope="module")
def at_rehearsal(workspace: Shell) -> Iterator[Shell]:
    """Stand where models are built and revisions replayed; the files are put back at the end."""
    workspace.tutor("goto", "3.5", "--yes")
    files = Workspace.find(workspace.root).managed_files()
    yield workspace
    Workspace.find(workspace.root).write(files)


@pytest.fixture
def models(at_rehearsal: Shell) -> str:
    """Return models.py as it should be."""
    (files,) = [Workspace.find(at_rehearsal.root).managed_files()]
    return files["models.py"].decode().partition("# bad")[0]


@pytest.mark.parametrize(
    ("code", "says", "limit"),
    [
        ("while True: pass", "still running after 10 s", LIMIT),
        ("while True: print('x' * 100)", "still running after 10 s", LIMIT),
        ("input('name? ')", "EOFError", 0),
        ("import sys; sys.exit(3)", "sys.exit(3)", 0),
        ("import os; os._exit(0)", "exit code 0", 0),
        ("import os; os.abort()", "killed by SIGABRT", 0),
    ],
)
def test_it_is_named_in_time(
    at_rehearsal: Shell, models: str, code: str, says: str, limit: int
) -> None:
    (at_rehearsal.root / "models.py").write_text(f"{models}# bad\n{code}\n")
    began = time.monotonic()
    found = at_rehearsal.first_unmet()
    assert time.monotonic() - began < limit + SLACK
    assert found["code"] == "models.import"
    assert says in found["actual"]
    assert "models.py" in found["next"]


def test_a_flood_that_ends_is_no_obstacle(at_rehearsal: Shell, models: str) -> None:
    flood = "print('x' * 10**8); import os; os.write(1, b'x' * 10**7); os.write(2, b'x' * 10**7)"
    (at_rehearsal.root / "models.py").write_text(f"{models}# bad\n{flood}\n")
    found = at_rehearsal.first_unmet()
    assert found["layer"] == "version"
