"""A workspace moved, deleted or damaged by hand: each command says what it found and goes on."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.robustness.conftest import Shell
from tutor.session.opening import open_context
from tutor.state.home import home, workspace_home
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("folder-lost")


@pytest.fixture
def lost(state_home: Path) -> Iterator[Shell]:
    """Return a workspace that a test may lose; whatever is left of it goes afterwards."""
    workspaces = home() / "workspaces"
    before = set(workspaces.glob("*"))
    folder = Path(tempfile.mkdtemp(prefix="lost-", dir=state_home)).resolve()
    shell = Shell(folder / "fastapi-learn")
    assert shell.tutor("next", folder=folder).code == 0
    yield shell
    if shell.root.exists():
        shell.tutor("remove", "--files", "--yes")
    shell.tutor("remove", "--abandoned", "--yes", folder=folder)
    assert set(workspaces.glob("*")) == before


def mark(shell: Shell) -> Path:
    return shell.root / ".tutor" / "workspace.json"


def test_a_lost_or_damaged_mark_is_written_anew(lost: Shell) -> None:
    before = mark(lost).read_bytes()
    for content in (None, "", '{"format": 1', "[]", '{"format": 1, "id": 3}'):
        mark(lost).unlink()
        if content is not None:
            mark(lost).write_text(content)
        assert "1.1 " in lost.tutor("status").text
        assert mark(lost).read_bytes() == before


def test_a_moved_workspace_goes_on(lost: Shell) -> None:
    moved = Shell(lost.root.with_name("moved elsewhere"))
    lost.root.rename(moved.root)
    assert "fastapi_db at revision 955bb0742a21" in moved.tutor("status").text
    assert moved.tutor("next").code == 0
    assert "955bb0742a21" in moved.run("python -m alembic current")
    assert "1.1 " in moved.tutor("check").text
    assert moved.tutor("list", folder=lost.root.parent).code == 0, "it is the last one used"
    moved.root.rename(lost.root)
    assert lost.tutor("next").code == 0


def test_a_tutor_folder_without_its_mark_is_named(tmp_path: Path) -> None:
    (tmp_path / ".tutor").mkdir()
    (tmp_path / ".tutor" / ".gitignore").touch()
    (tmp_path / "notes.txt").touch()
    shell = Shell(tmp_path)
    for arguments in (["next"], ["list"], ["remove", "--yes"]):
        said = shell.tutor(*arguments)
        assert said.code == 2
        assert "does not hold the mark" in said.text
        assert "Delete that folder .tutor" in said.text
    assert (tmp_path / "notes.txt").exists()


def test_the_folder_tutor_of_another_program_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / ".tutor").mkdir()
    (tmp_path / ".tutor" / "settings.toml").touch()
    shell = Shell(tmp_path)
    assert "is not inside a workspace" in shell.tutor("check").text
    assert shell.tutor("next").code == 0
    removed = shell.tutor("remove", "--yes", "--files", folder=tmp_path / "fastapi-learn")
    assert removed.code == 0
    assert (tmp_path / ".tutor" / "settings.toml").exists()


def test_a_deleted_folder_leaves_nothing_that_cannot_be_removed(lost: Shell) -> None:
    outside = lost.root.parent
    gone = Workspace.find(lost.root)
    with open_context(lost.root) as context:
        data = str(context.server.folders[0])
    shutil.rmtree(lost.root)
    said = lost.tutor("list", folder=outside)
    assert said.code == 2
    assert "not inside a workspace" in said.text
    said = lost.tutor("next", folder=outside)
    assert said.code == 0
    assert f"{gone.root}, is not there any more" in said.text
    assert "`tutor remove --abandoned`" in said.text
    said = lost.tutor("remove", "--abandoned", folder=outside)
    assert said.code == 2, "it asks"
    assert gone.home.exists()
    said = lost.tutor("remove", "--abandoned", "--yes", folder=outside)
    assert said.code == 0
    assert not gone.home.exists()
    assert not Path(data).exists()
    running = psutil.process_iter(["cmdline"])
    assert [process for process in running if data in (process.info["cmdline"] or [])] == []
    assert lost.tutor("status").code == 0, "the new workspace is not touched"


def test_remove_works_where_the_state_is_gone(lost: Shell) -> None:
    workspace = Workspace.find(lost.root)
    with open_context(lost.root) as context:
        context.server.stop()
    (lost.root / "notes.txt").write_text("mine\n")
    shutil.rmtree(workspace.home)
    said = lost.tutor("check")
    assert said.code == 3
    assert "`tutor start .`" in said.text
    said = lost.tutor("remove", "--files", "--yes")
    assert said.code == 0
    assert "is missing" in said.text
    assert [path.name for path in lost.root.iterdir()] == ["notes.txt"]
    assert not workspace_home(workspace.id).exists()
    shutil.rmtree(lost.root)


def test_remove_in_a_copy_leaves_the_original_alone(lost: Shell) -> None:
    copy = lost.root.with_name("copy")
    shutil.copytree(lost.root, copy, symlinks=True)
    said = lost.tutor("remove", "--files", "--yes", folder=copy)
    assert said.code == 0
    assert f"is a copy of the workspace {lost.root}" in said.text
    assert not copy.exists()
    assert lost.tutor("status").code == 0
    assert lost.sql("SELECT count(*) FROM products") == [(6,)]


def test_the_current_folder_deleted_under_the_shell(lost: Shell) -> None:
    inside = lost.root / "migrations"
    process = f"cd '{inside}' && rm -rf '{inside}' && '{sys.executable}' -m tutor check"
    assert "no longer there" in lost.shell(process).stdout
