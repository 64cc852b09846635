"""The password stays where it belongs, and nobody else's settings lead psql elsewhere."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from tests.robustness.conftest import Shell

pytestmark = pytest.mark.xdist_group("secrets")


@pytest.fixture(scope="module", autouse=True)
def at_3_5(workspace: Shell) -> None:
    """Stand at a step's start, whatever other tests have left."""
    assert workspace.tutor("goto", "3.5", "--yes").code == 0


def test_the_doctor_never_shows_the_password_and_can_write_it(shell: Shell) -> None:
    env = shell.root / ".env"
    right = Workspace.find(shell.root).database_settings()
    env.write_text(env.read_text().replace(right["DB_PASSWORD"], "guessed") + "OTHER=kept\n")
    said = shell.tutor("doctor")
    assert said.code == 3
    assert right["DB_PASSWORD"] not in said.text
    assert "tutor doctor --fix-env" in said.text
    fixed = shell.tutor("doctor", "--fix-env")
    assert fixed.code == 0, fixed.text
    assert right["DB_PASSWORD"] not in fixed.text
    assert Workspace.find(shell.root).database_settings() == {**right, "OTHER": "kept"}
    assert "Your .env was right" in shell.tutor("doctor", "--fix-env").text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGHOSTADDR", "127.0.0.9"),
        ("PGOPTIONS", "-c search_path=nowhere"),
        ("PGSERVICE", "elsewhere"),
        ("PGDATABASE", "postgres"),
        ("PGSSLMODE", "verify-full"),
    ],
)
def test_psql_takes_nothing_from_the_shell_that_leads_elsewhere(
    name: str, value: str, shell: Shell
) -> None:
    asked = "SELECT current_database(), current_setting('search_path')"
    said = shell.tutor("psql", "-Atc", asked, environment={name: value})
    assert (said.code, said.lines.strip()) == (0, 'fastapi_db|"$user", public'), said.lines


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_nothing_that_is_kept_of_a_workspace_is_readable_for_others(
    shell: Shell,
) -> None:
    before = os.umask(0o022)
    try:
        shell.tutor("reset", "--yes")
    finally:
        os.umask(before)
    home = Workspace.find(shell.root).home
    open_ones = [
        path
        for part in ("starts", "backups", "build")
        for path in [home / part, *(home / part).rglob("*")]
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_ones == []
    assert list((home / "backups").rglob(".env")), "there is something to keep from others"
