"""The words that activate the environment, in each shell's own quoting."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tutor.workspace.environment.shell import (
    activation_command,
    change_folder_command,
    detect_shell,
    is_active,
)
from tutor.workspace.environment.venv import ensure_environment, environment_folder

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(os.name == "nt", reason="Windows' folders have other names")


@posix
@pytest.mark.parametrize(
    ("shell", "command"),
    [
        ("bash", "source .venv/bin/activate"),
        ("sh", ". .venv/bin/activate"),
        ("fish", "source .venv/bin/activate.fish"),
        ("csh", "source .venv/bin/activate.csh"),
        ("powershell", ".venv/bin/Activate.ps1"),
    ],
)
def test_is_short_inside_the_workspace(tmp_path: Path, shell: str, command: str) -> None:
    assert activation_command(tmp_path, tmp_path, shell) == command


@posix
@pytest.mark.parametrize(
    ("shell", "command"),
    [
        ("bash", """source 'it'"'"'s a ws/.venv/bin/activate'"""),
        ("fish", r"source 'it\'s a ws/.venv/bin/activate.fish'"),
        ("powershell", "& 'it''s a ws/.venv/bin/Activate.ps1'"),
        ("cmd", '"it\'s a ws/.venv/bin/activate.bat"'),
    ],
)
def test_quotes_what_needs_it(tmp_path: Path, shell: str, command: str) -> None:
    assert activation_command(tmp_path / "it's a ws", tmp_path, shell) == command


@posix
@pytest.mark.parametrize(
    ("shell", "folder", "command"),
    [
        ("bash", "fastapi-learn", "cd fastapi-learn"),
        ("fish", "it's a ws", r"cd 'it\'s a ws'"),
        ("powershell", "it's a ws", "cd 'it''s a ws'"),
        ("cmd", "a ws", 'cd /d "a ws"'),
        ("sh", "-x", "cd ./-x"),
    ],
)
def test_leads_into_a_folder(tmp_path: Path, shell: str, folder: str, command: str) -> None:
    assert change_folder_command(tmp_path / folder, tmp_path, shell) == command


@posix
def test_leads_elsewhere_by_the_whole_path(tmp_path: Path) -> None:
    assert change_folder_command(tmp_path, tmp_path / "a" / "b", "bash") == f"cd {tmp_path}"


@posix
@pytest.mark.parametrize("program", ["bash", "zsh", "fish", "tcsh"])
def test_the_command_works_and_ends_what_was_active(empty_folder: Path, program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"no {program} on this machine")
    first, second = empty_folder / "it's one", empty_folder / "two"
    for root in (first, second):
        root.mkdir()
        ensure_environment(root)
    family = {"tcsh": "csh", "zsh": "bash"}.get(program, program)
    commands = [activation_command(root, empty_folder, family) for root in (first, second)]
    script = "\n".join([*commands, "echo $VIRTUAL_ENV", "which alembic"])
    done = subprocess.run(
        [program, "-c", script],
        cwd=empty_folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    environment = environment_folder(second)
    assert done.stdout.splitlines() == [str(environment), str(environment / "bin" / "alembic")]


def test_knows_the_active_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_active(tmp_path)
    environment_folder(tmp_path).mkdir()
    monkeypatch.setenv("VIRTUAL_ENV", str(environment_folder(tmp_path)))
    assert is_active(tmp_path)
    assert not is_active(tmp_path / "other")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "gone"))
    assert not is_active(tmp_path)


def test_finds_the_learners_shell() -> None:
    assert detect_shell() in {"bash", "sh", "fish", "csh", "powershell", "cmd"}
