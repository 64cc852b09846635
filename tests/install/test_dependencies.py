"""The dependencies in pyproject.toml are those that the code has."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING

from tests.install.conftest import CLONE
from tutor.postgres.providers.embedded.binaries import DISTRIBUTION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT = tomllib.loads((CLONE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = {re.split(r"[^\w-]", line)[0] for line in PROJECT["dependencies"]}
UNIMPORTED = {
    DISTRIBUTION: "its programs are copied; importing it starts things of its own",
    "asyncpg": "named in the database's URL",
    "pip": "is there for the learner",
}


def imported_by(file: Path) -> Iterator[str]:
    """Yield the top-level packages that a Python file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def distributions(folder: str) -> set[str]:
    """Return the distributions that the Python files of a folder import from."""
    names = {name for file in (CLONE / folder).rglob("*.py") for name in imported_by(file)}
    own = {"tutor", "_typeshed", *(file.stem for file in (CLONE / folder).glob("*.py"))}
    found = packages_distributions()
    others = names - own - set(sys.stdlib_module_names)
    return {found[name][0].lower().replace("_", "-") for name in others}


def test_each_is_imported() -> None:
    used = distributions("tutor") | distributions("workspace_template")
    assert used | UNIMPORTED.keys() >= DECLARED


def test_what_the_tutor_imports_is_declared() -> None:
    assert distributions("tutor") <= DECLARED
