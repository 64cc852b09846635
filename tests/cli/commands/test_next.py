"""`tutor next` finds the workspace around or below the current folder, or makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.cli import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.commands.conftest import Scripted


def opened(session: Scripted) -> object:
    return next(call[1] for call in session.calls if call[0] == "open")


def test_next_makes_a_workspace_where_there_is_none(
    session: Scripted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["next"]) == 0
    assert ("start", tmp_path / "fastapi-learn") in session.calls
    captured = capsys.readouterr()
    assert captured.err.startswith("PostgreSQL starts.\n")
    assert captured.out.startswith("Part 3")


def test_next_uses_the_workspace_below_and_says_so(
    session: Scripted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "fastapi-learn" / ".tutor").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert run(["next"]) == 0
    assert opened(session) == tmp_path / "fastapi-learn"
    assert "Your workspace is the folder fastapi-learn." in capsys.readouterr().err


def test_next_uses_the_workspace_around(
    session: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".tutor").mkdir()
    (tmp_path / "migrations").mkdir()
    monkeypatch.chdir(tmp_path / "migrations")
    assert run(["next"]) == 0
    assert opened(session) == tmp_path / "migrations"
