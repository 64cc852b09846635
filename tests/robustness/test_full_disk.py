"""The disk of the state home is full: a sentence, nothing lost, and all works once there is room.

On a tiny file system of its own, which only root on Linux may mount.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.robustness.conftest import Shell
from tutor.state.home import VARIABLE
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("full-disk")

MEGABYTE = 1_000_000
# A server and its workspace take 75 MB, the server on which checks run 50; each backup and each
# copy 8 more.
SIZE = 220


class Disk:
    """A small file system that can be filled up, but for `room` bytes."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.filler = place / "filler"

    def resize(self, megabytes: int) -> None:
        self._mount("remount,", megabytes)

    def mount(self, megabytes: int) -> None:
        self._mount("", megabytes)

    def _mount(self, how: str, megabytes: int) -> None:
        options = f"{how}size={megabytes}m,mode=0755"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tutor", self.place],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")

    def fill(self, room: int) -> None:
        self.free()
        with self.filler.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 65_536) == 65_536:
                    pass
            except OSError:
                pass
            file.truncate(max(0, file.tell() - room))

    def free(self) -> None:
        self.filler.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def disk() -> Iterator[Disk]:
    """Mount a file system and let the state home be there."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small file system")
    made = Disk(Path(tempfile.mkdtemp(prefix="disk-")).resolve())
    made.place.chmod(0o755)
    made.mount(SIZE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(made.place / "home"))
        yield made
    subprocess.run(["umount", "--lazy", made.place], check=True)
    made.place.rmdir()


@pytest.fixture(scope="module")
def full(disk: Disk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Return a workspace whose state home is on the small disk, with something to undo."""
    folder = tmp_path_factory.mktemp("full").resolve()
    shell = Shell(folder / "fastapi-learn")
    for size in (10, 32, 45, 60):
        disk.resize(size)
        said = shell.tutor("next", folder=folder)
        assert said.code == 3, f"{size} MB: {said.lines}"
        assert "disk" in said.text.lower() or "No space left" in said.text, said.lines
        assert list(folder.iterdir()) == [], "what was begun is taken away again"
    disk.resize(SIZE)
    assert shell.tutor("next", folder=folder).code == 0
    assert shell.tutor("goto", "3.5", "--yes").code == 0
    yield shell
    disk.free()
    assert shell.tutor("remove", "--files", "--yes").code == 0


def state(shell: Shell) -> tuple[Any, ...]:
    files = Workspace.find(shell.root).managed_files()
    rows = shell.sql("SELECT p::text FROM products p ORDER BY id")
    return files, rows, shell.sql("SELECT * FROM alembic_version"), shell.tutor("list").lines


@pytest.mark.parametrize(
    ("command", "room"),
    [
        ("check", 0),
        ("check", 2 * MEGABYTE),
        ("reset --yes", 0),
        ("reset --yes", 2 * MEGABYTE),
        ("goto 3.1 --yes", 100_000),
        ("goto 3.1 --yes", 2 * MEGABYTE),
        ("start ../another", 0),
        ("start ../another", 100_000),
    ],
)
def test_it_is_said_and_nothing_is_lost(disk: Disk, full: Shell, command: str, room: int) -> None:
    before = state(full)
    disk.fill(room)
    said = full.tutor(*command.split())
    doctor = full.tutor("doctor")
    disk.free()
    assert said.code == 3, said.lines
    assert "disk" in said.text.lower(), said.lines
    assert doctor.code == 3
    assert "Free some disk space" in doctor.text
    assert state(full) == before
    assert not (full.root.parent / "another").exists()
    assert full.first_unmet()["code"] == "version.applied"


def test_a_stopped_server_starts_once_there_is_room(disk: Disk, full: Shell) -> None:
    before = state(full)
    full.tutor("stop")
    disk.fill(0)
    said = full.tutor("next")
    disk.free()
    assert said.code == 3
    assert "Free some disk space" in said.text
    assert full.tutor("next").code == 0
    assert state(full) == before
    assert full.tutor("reset", "--yes").code == 0
