"""Folders that may not be written to, met by a user whom modes keep out (root ignores them)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.robustness.conftest import Said
from tutor.state.home import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.xdist_group("closed-folders"),
    pytest.mark.skipif(os.name == "nt", reason="Windows has no modes that close a folder"),
]

# Root keeps the right to read the interpreter, which may stand in its own closed home.
BECOME = [
    "setpriv",
    "--reuid=nobody",
    "--regid=nogroup",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]
CHANGES = ["reset --yes", "reset --rows --yes", "goto 3.1 --yes", "undo --yes", "remove --yes"]


class Closed:
    """A workspace of an ordinary user's, in a folder that holds their state home as well."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "fastapi-learn"
        self.home = folder / "home"

    def tutor(self, *arguments: str, folder: Path | None = None) -> Said:
        """Run a command of the tutor as that user."""
        become = BECOME if os.geteuid() == 0 else []
        done = subprocess.run(
            [*become, sys.executable, "-m", "tutor", *arguments],
            cwd=folder or self.root,
            env=os.environ | {VARIABLE: str(self.home), "HOME": str(self.folder), "COLUMNS": "100"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stdout, done.stdout
        assert "The tutor itself failed" not in done.stdout, done.stdout
        return Said(done.returncode, done.stdout)

    def state(self) -> tuple[str, dict[Path, bytes]]:
        """Return what must not get lost: rows, version and the project's files."""
        both = "SELECT version_num FROM alembic_version; SELECT * FROM products ORDER BY id"
        rows = self.tutor("psql", "-Atc", both)
        assert rows.code == 0, rows.lines
        files = [self.root / ".env", *self.root.glob("*.py"), *self.root.glob("migrations/*/*.py")]
        return rows.lines, {path: path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def closed() -> Iterator[Closed]:
    """Return a workspace at 3.5, with something to undo."""
    folder = Path(tempfile.mkdtemp(prefix="closed-")).resolve()
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    made = Closed(folder)
    said = made.tutor("next", folder=folder)
    assert said.code == 0, said.lines
    assert made.tutor("goto", "3.5", "--yes").code == 0
    yield made
    assert made.tutor("remove", "--files", "--yes").code == 0
    shutil.rmtree(folder)


def close(folder: Path) -> dict[Path, int]:
    """Take the right to write from a folder and all below it; return the modes that were."""
    below = [path for path in (folder, *folder.rglob("*")) if not path.is_symlink()]
    before = {path: path.stat().st_mode for path in below}
    for path, mode in before.items():
        path.chmod(mode & 0o7555)
    return before


def reopen(modes: dict[Path, int]) -> None:
    for path, mode in modes.items():
        if path.exists():
            path.chmod(mode)


def test_a_closed_project_is_named_and_nothing_changes(closed: Closed) -> None:
    before = closed.state()
    modes = close(closed.root)
    try:
        assert closed.tutor("check").code == 1, "a check writes nothing there"
        assert closed.tutor("next").code == 0
        for command in CHANGES:
            said = closed.tutor(*command.split())
            assert said.code == 3, f"{command}: {said.lines}"
            assert f"cannot use {closed.root}: Permission denied" in said.text, command
            assert "fix the permissions" in said.text
        said = closed.tutor("doctor")
        assert said.code == 3
        assert f"{closed.root} cannot be written to" in said.text
    finally:
        reopen(modes)
    assert closed.state() == before
    assert closed.tutor("reset", "--yes").code == 0


def test_a_closed_state_home_is_named_and_nothing_changes(closed: Closed) -> None:
    before = closed.state()
    modes = close(closed.home)
    try:
        for command in ("check", "next", "hint", "stop", *CHANGES):
            said = closed.tutor(*command.split())
            assert said.code == 3, f"{command}: {said.lines}"
            assert str(closed.home) in said.text, command
            assert "Permission denied" in said.text, command
            assert "fix the permissions" in said.text
        said = closed.tutor("doctor")
        assert said.code == 3
        assert "cannot be written to" in said.text
    finally:
        reopen(modes)
    assert closed.state() == before
    assert closed.tutor("reset", "--yes").code == 0


def test_a_new_workspace_in_closed_folders(closed: Closed) -> None:
    folder = closed.folder / "shut"
    folder.mkdir(mode=0o555)
    said = closed.tutor("next", folder=folder)
    assert said.code == 2
    assert "Choose a folder that you may write to." in said.text
    (closed.folder / "open").mkdir()
    (closed.folder / "open").chmod(0o777)
    modes = close(closed.home)
    try:
        said = closed.tutor("next", folder=closed.folder / "open")
    finally:
        reopen(modes)
    assert said.code == 3
    assert "Permission denied" in said.text
    assert list((closed.folder / "open").iterdir()) == []
    assert len(list((closed.home / "workspaces").iterdir())) == 1
