"""Workspaces: made, found, moved, copied, rewritten; nothing outside of them is touched."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.workspace.site import make_workspace
from tutor.errors import CannotActError, UsageError
from tutor.state.home import home
from tutor.workspace import folder as folder_module, identity
from tutor.workspace.environment.credentials import env_file, env_leading_to
from tutor.workspace.environment.target import Target
from tutor.workspace.folder import Workspace
from tutor.workspace.identity import CopiedWorkspaceError
from tutor.workspace.template import template_files

if TYPE_CHECKING:
    from pathlib import Path


def test_is_found_from_below(workspace: Workspace) -> None:
    assert Workspace.find(workspace.root / "migrations" / "versions") == workspace
    assert workspace.home.is_dir()
    assert set(workspace.managed_files()) == set(template_files())


def test_a_folder_that_is_none_is_named(empty_folder: Path) -> None:
    with pytest.raises(UsageError, match="not inside a workspace"):
        Workspace.find(empty_folder)


@pytest.mark.parametrize("name", ["", "inner"])
def test_refuses_to_be_made_in_another(workspace: Workspace, name: str) -> None:
    with pytest.raises(UsageError, match="already"):
        make_workspace(workspace.root / name)
    assert not (workspace.root / "inner").exists()


def test_refuses_a_folder_with_something_in_it(empty_folder: Path) -> None:
    (empty_folder / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        make_workspace(empty_folder)
    assert [path.name for path in empty_folder.iterdir()] == ["thesis.txt"]


def test_refuses_a_place_that_cannot_be_written(empty_folder: Path) -> None:
    (empty_folder / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        make_workspace(empty_folder / "file" / "deeper" / "ws")


def test_leaves_nothing_behind_when_it_cannot_be_made(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CannotActError("No space left on device.")

    before = set(home().glob("workspaces/*"))
    monkeypatch.setattr(folder_module, "write_managed", full)
    with pytest.raises(CannotActError):
        make_workspace(empty_folder / "new" / "ws")
    assert list(empty_folder.iterdir()) == []
    assert set(home().glob("workspaces/*")) == before


def test_goes_on_when_moved(workspace: Workspace, empty_folder: Path) -> None:
    moved = workspace.root.rename(empty_folder / "elsewhere")
    assert Workspace.find(moved) == Workspace(moved, workspace.id)
    assert Workspace.find(moved / "migrations").root == moved


def test_goes_on_when_moved_to_another_disk(workspace: Workspace, empty_folder: Path) -> None:
    shutil.copytree(workspace.root, empty_folder / "other disk")
    shutil.rmtree(workspace.root)
    assert Workspace.find(empty_folder / "other disk").id == workspace.id


def test_a_copy_is_refused_until_adopted(workspace: Workspace, empty_folder: Path) -> None:
    copy = empty_folder / "copy"
    shutil.copytree(workspace.root, copy)
    with pytest.raises(CopiedWorkspaceError, match=r"tutor start \."):
        Workspace.find(copy)
    assert Workspace.find(workspace.root) == workspace
    adopted = Workspace.planned(copy)
    assert adopted.id != workspace.id
    adopted.adopt()
    assert Workspace.find(copy) == adopted


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ('{"format": 2, "id": "0a0b0c0d"}', "newer version"),
        ('{"format": 1, "id": "../../.."}', "damaged"),
        ('{"format": 1', "damaged"),
        ("[]", "damaged"),
    ],
)
def test_a_damaged_or_newer_mark_is_told(workspace: Workspace, mark: str, says: str) -> None:
    (workspace.root / ".tutor" / "workspace.json").write_text(mark)
    (workspace.home / "workspace.json").unlink()  # else the mark is written anew
    with pytest.raises(CannotActError, match=says) as error:
        Workspace.find(workspace.root)
    assert error.value.next_move


def test_a_missing_state_home_is_told(workspace: Workspace) -> None:
    shutil.rmtree(workspace.home)
    with pytest.raises(CannotActError, match="is missing"):
        Workspace.find(workspace.root)


def test_the_last_used_one_is_remembered(workspace: Workspace) -> None:
    workspace.remember_last()
    workspace.remember_last()
    assert Workspace.last_used() == workspace
    shutil.rmtree(workspace.root)
    assert Workspace.last_used() is None


def test_env_keeps_any_password(workspace: Workspace) -> None:
    password = 'it\'s \\ "odd" #$HOME ü'  # noqa: S105 - made up
    workspace.write_env(Target("localhost", 5433, "fastapi_db", "fastapi_user", password))
    assert workspace.database_settings() == {
        "DB_HOST": "localhost",
        "DB_PORT": "5433",
        "DB_NAME": "fastapi_db",
        "DB_USER": "fastapi_user",
        "DB_PASSWORD": password,
    }


OLD = Target("127.0.0.1", 20001, "fastapi_db", "fastapi_user", "old")
NEW = Target("127.0.0.1", 20002, "fastapi_db", "fastapi_user", "it's new")
NOTE = b"# my own note\nDEBUG=1\n"


def test_an_env_can_lead_elsewhere_and_keeps_all_else() -> None:
    moved = env_leading_to(NOTE + env_file(OLD), NEW)
    assert moved == NOTE + env_file(NEW)
    assert env_leading_to(NOTE, NEW) == NOTE + env_file(NEW)
    assert env_leading_to(b"", NEW) == env_file(NEW)
    assert env_leading_to(b"\xff", NEW) == env_file(NEW)


def test_a_fault_in_an_env_can_be_left_there() -> None:
    broken = env_file(replace(OLD, port=1))
    assert env_leading_to(broken, NEW, instead_of=OLD) == env_file(replace(NEW, port=1))
    assert env_leading_to(NOTE, NEW, instead_of=OLD) == NOTE


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_an_unreadable_env_says_nothing(workspace: Workspace, content: bytes | None) -> None:
    if content is not None:
        (workspace.root / ".env").write_bytes(content)
    assert not workspace.database_settings().get("DB_HOST")


def test_write_replaces_and_removes_managed_files_only(workspace: Workspace) -> None:
    versions = workspace.root / "migrations" / "versions"
    (versions / "mine.py").write_text("x = 1")
    (workspace.root / "notes.md").write_text("mine")
    (workspace.root / "README.md").chmod(0o600)
    files = workspace.managed_files()
    assert "migrations/versions/mine.py" in files
    del files["migrations/versions/mine.py"]
    workspace.write({**files, "README.md": b"new", "migrations/versions/other.py": b"y = 2"})
    assert (versions / "other.py").read_bytes() == b"y = 2"
    assert not (versions / "mine.py").exists()
    assert (workspace.root / "notes.md").read_text() == "mine"
    assert (workspace.root / "README.md").read_bytes() == b"new"
    if os.name == "posix":
        assert (workspace.root / "README.md").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (workspace.root / ".tutor").glob("write-*")] == []


def test_write_forgets_compiled_code(workspace: Workspace) -> None:
    cache = workspace.root / "__pycache__"
    cache.mkdir()
    stale = [cache / f"models.{tag}.pyc" for tag in ("cpython-311", "cpython-314.opt-1")]
    for path in (*stale, cache / "mine.cpython-311.pyc"):
        path.write_bytes(b"")
    workspace.write({**workspace.managed_files(), "models.py": b"x = 1\n"})
    assert [path.name for path in cache.iterdir()] == ["mine.cpython-311.pyc"]


@pytest.mark.parametrize("name", ["../outside.py", "notes.md", "migrations/versions/../b.py"])
def test_write_refuses_names_that_are_not_managed(workspace: Workspace, name: str) -> None:
    with pytest.raises(ValueError, match="not managed"):
        workspace.write({name: b""})


@pytest.mark.skipif(sys.platform == "win32", reason="links take a privilege there")
def test_links_do_not_lead_writes_outside(workspace: Workspace, empty_folder: Path) -> None:
    outside = empty_folder / "outside"
    outside.mkdir()
    (outside / "models.py").write_text("theirs")
    files = workspace.managed_files()
    (workspace.root / "models.py").unlink()
    (workspace.root / "models.py").symlink_to(outside / "models.py")
    workspace.write(files)
    assert (outside / "models.py").read_text() == "theirs"
    assert not (workspace.root / "models.py").is_symlink()

    shutil.move(workspace.root / "migrations" / "versions", outside / "versions")
    (workspace.root / "migrations" / "versions").symlink_to(outside / "versions")
    before = sorted(path.name for path in (outside / "versions").iterdir())
    with pytest.raises(CannotActError, match="leads elsewhere"):
        workspace.write({**files, "migrations/versions/new.py": b""})
    assert sorted(path.name for path in (outside / "versions").iterdir()) == before


def test_missing_files_are_no_obstacle(workspace: Workspace) -> None:
    files = workspace.managed_files()
    shutil.rmtree(workspace.root / "migrations")
    (workspace.root / "models.py").unlink()
    assert set(workspace.managed_files()) == {
        name for name in files if not name.startswith("migrations") and name != "models.py"
    }
    workspace.write(files)
    assert workspace.managed_files() == files


def test_remove_keeps_what_the_learner_added(workspace: Workspace) -> None:
    (workspace.root / "notes.md").write_text("mine")
    workspace.remove(files=True)
    assert [path.name for path in workspace.root.iterdir()] == ["notes.md"]
    assert not identity.is_marked(workspace.root)


def test_remove_takes_an_untouched_folder_away(workspace: Workspace) -> None:
    workspace.remove(files=True)
    assert not workspace.root.exists()


def test_the_mark_is_what_the_next_version_expects(workspace: Workspace) -> None:
    mark = json.loads((workspace.root / ".tutor" / "workspace.json").read_text())
    assert mark == {"format": 1, "id": workspace.id}
