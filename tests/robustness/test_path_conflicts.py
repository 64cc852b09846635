"""Links, and folders where files should be: refused before anything changes, and never a trap."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from tutor.postgres.rows import versions_of
from tutor.session.opening import open_context
from tutor.session.snapshots import is_pending
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.robustness.conftest import Shell

pytestmark = [
    pytest.mark.xdist_group("path-conflicts"),
    pytest.mark.skipif(sys.platform == "win32", reason="links take a privilege there"),
]

MINE = b"# mine\n"
CHANGES = ("reset --yes", "goto 3.6 --yes", "undo --yes", "remove --files --yes")


@pytest.fixture(scope="module", autouse=True)
def at_3_5(workspace: Shell) -> None:
    """Stand at 3.5, after a change that could be undone."""
    assert workspace.tutor("goto", "3.5", "--yes").code == 0


@pytest.fixture(params=["migrations", "migrations/versions"])
def link(shell: Shell, tmp_path: Path, request: Any) -> Iterator[Path]:
    """Return the path of a folder that a test replaces by a link to it; it is put back."""
    path: Path = shell.root / request.param
    yield path
    if path.is_symlink():
        unlink(path, tmp_path)


def replace_by_link(path: Path, elsewhere: Path) -> None:
    path.rename(elsewhere / path.name)
    path.symlink_to(elsewhere / path.name)


def unlink(path: Path, elsewhere: Path) -> None:
    path.unlink()
    (elsewhere / path.name).rename(path)


def state(shell: Shell) -> tuple[Any, ...]:
    with open_context(shell.root, reading=True) as context:
        return (
            context.workspace.managed_files(),
            versions_of(context.server, context.server.live),
            context.progress,
            [backup.number for backup in context.snapshots.backups()],
        )


def refused(shell: Shell, path: Path) -> None:
    before = state(shell)
    for command in CHANGES:
        said = shell.tutor(*command.split())
        assert said.code == 3, f"{command}: {said.lines}"
        assert str(path) in said.text
        assert "Move it away" in said.text
        assert state(shell) == before, command
    for command in ("status", "next", "history", "schema", "doctor"):
        assert shell.tutor(command).code == 0, command
    assert shell.tutor("check").code == 1


def test_a_linked_folder_is_refused_before_anything_changes(
    shell: Shell, link: Path, tmp_path: Path
) -> None:
    replace_by_link(link, tmp_path)
    refused(shell, link)
    unlink(link, tmp_path)
    assert shell.tutor("reset", "--yes").code == 0


def test_a_folder_in_a_file_s_place_is_refused_before_anything_changes(shell: Shell) -> None:
    path = shell.root / "README.md"
    text = path.read_bytes()
    path.unlink()
    path.mkdir()
    refused(shell, path)
    path.rmdir()
    path.write_bytes(text)


def test_a_link_that_leads_to_itself_is_told(shell: Shell, tmp_path: Path) -> None:
    path = shell.root / "migrations" / "versions"
    path.rename(tmp_path / "versions")
    path.symlink_to(path)
    for command in ("reset --yes", "status"):
        said = shell.tutor(*command.split())
        assert said.code == 3
        assert str(path) in said.text
    unlink(path, tmp_path)
    assert shell.tutor("status").code == 0


def test_an_interrupted_change_that_a_link_stops_blocks_nothing(
    shell: Shell, link: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    models, home = shell.root / "models.py", Workspace.find(shell.root).home
    models.write_bytes(models.read_bytes() + MINE)
    shell.signalled("SIGKILL", 0, log, "reset", "--yes")
    steps = log.read_text().splitlines()
    decided = next(n for n, step in enumerate(steps, 1) if "make_live" in step)
    models.write_bytes(models.read_bytes() + MINE)
    for moment in range(
        decided - 5, decided + 60
    ):  # clearing up after a killed one takes steps, too
        shell.signalled("SIGKILL", moment, log, "reset", "--yes")
        if is_pending(home):
            break
    assert is_pending(home), "one of the moments is between the decision and its end"
    revision = next((shell.root / "migrations/versions").glob("*15bd*"))
    revision.write_bytes(revision.read_bytes() + MINE)
    replace_by_link(link, tmp_path)
    said = shell.tutor("status")
    assert said.code == 0
    assert "could be finished for the database only" in said.text
    assert str(link) in said.text
    assert models.read_bytes().endswith(MINE)
    assert "could be finished" not in shell.tutor("next").text
    assert shell.tutor("check").code == 1
    assert shell.tutor("reset", "--yes").code == 3
    unlink(link, tmp_path)
    assert shell.tutor("undo", "--yes").code == 0
    assert models.read_bytes().endswith(MINE)
    assert shell.tutor("reset", "--yes").code == 0


def test_a_linked_project_can_be_given_up_without_its_files(
    shell: Shell, state_home: Path, tmp_path: Path
) -> None:
    home = {"ALEMBIC_TUTOR_HOME": str(state_home / "given-up")}
    root = tmp_path / "fastapi-learn"
    assert shell.tutor("start", str(root), environment=home).code == 0
    (tmp_path / "kept").mkdir()
    replace_by_link(root / "migrations", tmp_path / "kept")
    said = shell.tutor("remove", "--yes", folder=root, environment=home)
    assert said.code == 0, said.text
    assert (root / "migrations" / "env.py").exists()
