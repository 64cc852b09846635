"""The wheel and the sdist hold what the tutor needs, and nothing else."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.install.conftest import CLONE

if TYPE_CHECKING:
    from tests.install.conftest import Built

pytestmark = pytest.mark.xdist_group("install")

CACHES = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
DATA = "tutor/_data/"


def files_below(name: str) -> set[str]:
    """Return the files that a folder of the clone should have, caches aside."""
    return {
        path.relative_to(CLONE).as_posix()
        for path in (CLONE / name).rglob("*")
        if path.is_file() and not CACHES.intersection(path.parts)
    }


def in_wheel(built: Built) -> set[str]:
    with zipfile.ZipFile(built.wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_is_the_package_with_lessons_and_template_in_it(built: Built) -> None:
    wanted = files_below("tutor")
    wanted |= {DATA + name for name in files_below("lessons") | files_below("workspace_template")}
    information = {name for name in in_wheel(built) if ".dist-info/" in name}
    assert in_wheel(built) - information == wanted
    assert {name.rpartition("/")[2] for name in information} == {
        "LICENSE",
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
    }


def test_files_that_begin_with_a_dot_are_in_it(built: Built) -> None:
    template = DATA + "workspace_template/"
    assert {template + ".env.example", template + ".gitignore"} <= in_wheel(built)


def test_the_sdist_is_all_that_the_tests_need(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("tutor", "lessons", "workspace_template", "tests")
    wanted = set().union(*map(files_below, folders))
    alone = {"README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", ".gitignore", "PKG-INFO"}
    assert names == wanted | alone
