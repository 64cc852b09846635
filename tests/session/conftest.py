"""A workspace to copy and to break, and the commands of a learner in it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest

from tutor.cli import run
from tutor.workspace.environment.venv import python

if TYPE_CHECKING:
    from collections.abc import Iterator


class Said(NamedTuple):
    """How a command ended: its exit code, and stdout and stderr in one line each."""

    code: int
    out: str
    err: str


class Tutor(Protocol):
    """The tutor's command line, in a folder."""

    def __call__(self, folder: Path, *arguments: str) -> Said: ...


@pytest.fixture
def tutor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tutor:
    """Run a command of the tutor in a folder."""

    def command(folder: Path, *arguments: str) -> Said:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        return Said(code, " ".join(out.split()), " ".join(err.split()))

    return command


@pytest.fixture(scope="module")
def folder(state_home: Path) -> Iterator[Path]:
    """Return a folder for workspaces, with a short path; all of them are removed at the end."""
    made = Path(tempfile.mkdtemp(prefix="session-", dir=state_home)).resolve()
    yield made
    for mark in made.glob("*/.tutor"):
        os.chdir(mark.parent)
        assert run(["remove", "--yes"]) == 0
    os.chdir(made)


@pytest.fixture(scope="module")
def original(folder: Path) -> Path:
    """Return the root of a new workspace, at step 1.1."""
    root = folder / "original"
    os.chdir(folder)
    assert run(["start", str(root)]) == 0
    return root


def alembic(root: Path, *arguments: str) -> str:
    """Run the learner's own Alembic and return what it prints."""
    done = subprocess.run(
        [python(root), "-m", "alembic", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout
