"""Files and folders of the project that are missing or empty: named, and put back by a reset."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.robustness.conftest import Shell

pytestmark = pytest.mark.xdist_group("missing-files")

READING = ("next", "status", "list", "history", "schema")


@pytest.fixture(scope="module")
def files(workspace: Shell) -> dict[str, bytes]:
    """Stand at 3.5, where most is needed; return the files as they should be."""
    workspace.tutor("goto", "3.5", "--yes")
    return Workspace.find(workspace.root).managed_files()


@pytest.fixture(autouse=True)
def put_back(shell: Shell, files: dict[str, bytes]) -> Iterator[None]:
    """Put the files back after each test."""
    yield
    Workspace.find(shell.root).write(files)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("alembic.ini", "environment.files"),
        ("database.py", "environment.files"),
        ("models.py", "environment.files"),
        ("migrations", "environment.files"),
        ("migrations/env.py", "environment.files"),
        (".env", "environment.files"),
        ("migrations/versions", "revision.kept"),
    ],
)
def test_what_is_missing_is_named_and_every_command_goes_on(
    shell: Shell, files: dict[str, bytes], name: str, code: str
) -> None:
    path = shell.root / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    found = shell.first_unmet()
    assert found["code"] == code
    assert "tutor reset" in found["next"]
    if code == "environment.files":
        assert name in found["summary"]
    for verb in READING:
        said = shell.tutor(verb)
        assert said.code == 0, said.lines
    assert shell.tutor("reset", "--yes").code == 0
    assert Workspace.find(shell.root).managed_files() == files


@pytest.mark.parametrize(
    ("name", "code"),
    [(".env", "environment.connection"), ("alembic.ini", "revision.loads")],
)
def test_what_is_empty_is_named(shell: Shell, name: str, code: str) -> None:
    (shell.root / name).write_bytes(b"")
    assert shell.first_unmet()["code"] == code
    for verb in READING:
        assert shell.tutor(verb).code == 0


def test_the_doctor_says_what_an_empty_env_should_say(shell: Shell) -> None:
    (shell.root / ".env").write_bytes(b"")
    said = shell.tutor("doctor")
    assert said.code == 3
    assert "Write DB_HOST=127.0.0.1, DB_PORT=" in said.text


def test_the_doctor_tells_a_database_at_base_from_one_that_forgot_where_it_is(
    shell: Shell,
) -> None:
    shell.sql("ALTER TABLE alembic_version RENAME version_num TO kept")
    shell.sql("ALTER TABLE alembic_version RENAME TO elsewhere")
    said = shell.tutor("doctor")
    assert said.code == 3
    assert "has the tables that your revisions build, but there is no table" in said.text
    shell.sql("ALTER TABLE products RENAME TO things")
    said = shell.tutor("doctor")
    assert "fastapi_db is at base: no revision is applied" in said.text
    shell.sql("ALTER TABLE things RENAME TO products")
    shell.sql("ALTER TABLE elsewhere RENAME TO alembic_version")
    shell.sql("ALTER TABLE alembic_version RENAME kept TO version_num")
    assert "fastapi_db is at 955bb0742a21" in shell.tutor("doctor").text
