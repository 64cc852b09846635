"""What README says is what happens."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.install.conftest import CLONE, run, scripts
from tutor.session.change.goto import goto
from tutor.session.make.removing import remove
from tutor.session.make.starting import start_workspace
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.install.conftest import Built

README = (CLONE / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, text: str = README) -> list[str]:
    return [body for found, body in BLOCK.findall(text) if found == language]


def quick_start() -> list[str]:
    section = README.partition("\n## Quick start\n")[2].partition("\n## ")[0]
    return blocks("bash", section)


def test_the_quick_start_is_two_blocks() -> None:
    assert len(quick_start()) == 2
    assert quick_start()[0].endswith("tutor next\n")
    assert "pytest" in quick_start()[1]
    assert blocks("bash") == quick_start()


def test_its_links_lead_to_files() -> None:
    missing = [path for path in re.findall(r"\]\(([^)]+)\)", README) if not (CLONE / path).exists()]
    assert not missing


@pytest.mark.xdist_group("3.4")  # where a workspace stands at that step anyway
def test_the_screen_that_it_shows_is_real(state_home: Path) -> None:
    (block,) = blocks("console")
    command, _, screen = block.partition("\n")
    folder = Path(tempfile.mkdtemp(prefix="readme-", dir=state_home))
    with start_workspace(folder / "fastapi-learn") as context:
        root = context.workspace.root
        goto(context, "3.4")
    try:
        tutor = scripts(root / ".venv") / command.removeprefix("$ ").partition(" ")[0]
        assert run([tutor, "check"], root, expect=1).stdout == screen
    finally:
        with open_context(root) as context:
            remove(context.workspace, files=True)


@pytest.fixture
def awkward_clone(built: Built, state_home: Path) -> Iterator[Path]:
    """Return a clone in a private folder, with blanks and umlauts in a path of 150 characters."""
    folder = Path(tempfile.mkdtemp(prefix="Zoë Müller ", dir=state_home))
    folder.chmod(0o700)
    deep = folder / ("Übungen " * 6).strip() / ("x" * 60)
    deep.mkdir(parents=True)
    clone = built.unpack(deep)
    assert len(str(clone)) >= 150
    yield clone
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(os.name == "nt", reason="README's block is for a POSIX shell")
@pytest.mark.xdist_group("install-readme")
def test_the_first_block_leads_to_the_first_lesson(awkward_clone: Path) -> None:
    state = str(awkward_clone.parent / "state")

    def bash(line: str, folder: Path) -> str:
        # Not compiled: each module that is used is, and the others cost more than all the rest.
        command = ["bash", "-euo", "pipefail", "-c", line]
        return run(command, folder, ALEMBIC_TUTOR_HOME=state, PIP_NO_COMPILE="1").stdout

    assert "1.1 A tour" in bash(quick_start()[0], awkward_clone)
    assert "1.1 A tour" in bash(quick_start()[0], awkward_clone), "and once more"
    line = ". .venv/bin/activate && python -m alembic current && tutor remove --yes --files"
    shown = bash(line, awkward_clone / "fastapi-learn")
    assert shown.startswith("955bb0742a21 (head)\n")
