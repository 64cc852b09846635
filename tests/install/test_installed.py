"""The tutor, installed from the wheel into an empty environment, is the same tutor.

The wheel is built from the sdist, as pip does with one: both are tried.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.install.conftest import run, scripts
from tutor.course import Course
from tutor.workspace.environment.venv import python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.install.conftest import Built

pytestmark = pytest.mark.xdist_group("install")


@dataclass(frozen=True)
class Installed:
    """An environment with an installed tutor, and the folder in which it has made a workspace."""

    environment: Path
    here: Path
    first_screen: str

    @property
    def workspace(self) -> Path:
        return self.here / "fastapi-learn"

    def tutor(self, *arguments: str, expect: int = 0) -> str:
        """Run the installed tutor in the workspace."""
        program = scripts(self.environment) / "tutor"
        return run([program, *arguments], self.workspace, expect).stdout


@pytest.fixture(scope="module")
def installed(built: Built, state_home: Path) -> Iterator[Installed]:
    folder = Path(tempfile.mkdtemp(prefix="installed-", dir=state_home))
    environment = folder / "environment"
    run([sys.executable, "-m", "venv", "--without-pip", environment], folder)
    pip = [sys.executable, "-m", "pip", "--python", str(environment)]
    # Not compiled: each module that is used is, and the others cost more than all the rest.
    run([*pip, "install", "--quiet", "--no-compile", built.wheel], folder)
    (here := folder / "elsewhere").mkdir()
    shown = run([scripts(environment) / "tutor", "next"], here).stdout
    found = Installed(environment, here, shown)
    yield found
    found.tutor("remove", "--yes", "--files")
    shutil.rmtree(folder, ignore_errors=True)


def test_next_makes_a_workspace_and_shows_the_first_lesson(installed: Installed) -> None:
    first = Course().step("1.1")
    assert f"{first.id} {first.title}" in installed.first_screen
    assert (installed.workspace / "models.py").is_file()
    assert (installed.workspace / ".gitignore").is_file()


def test_it_has_the_lessons_of_the_checkout(installed: Installed) -> None:
    listed: dict[str, Any] = json.loads(installed.tutor("list", "--json"))
    shown = [(step["step"], step["title"]) for step in listed["steps"]]
    assert shown == [(step.id, step.title) for step in Course().steps()]


def test_check_judges(installed: Installed) -> None:
    verdict = json.loads(installed.tutor("check", "--json", expect=1))
    assert verdict["step"] == "1.1"
    assert verdict["judged"]
    assert not verdict["passed"]


def test_the_workspace_runs_alembic_without_the_checkout(installed: Installed) -> None:
    interpreter = python(installed.workspace)
    said = run([interpreter, "-m", "alembic", "current"], installed.workspace).stdout
    assert said == "955bb0742a21 (head)\n"
    code = "import tutor, alembic; print(tutor.__file__, alembic.__file__, sep='\\n')"
    where = run([interpreter, "-c", code], installed.workspace).stdout.splitlines()
    assert all(Path(path).is_relative_to(installed.environment) for path in where)


def test_errors_have_their_exit_codes(installed: Installed) -> None:
    installed.tutor("show", "99.9", expect=2)
    run([scripts(installed.environment) / "tutor", "check"], installed.environment, expect=2)
