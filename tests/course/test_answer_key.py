"""Answer keys: mistakes and alternatives as edits, and what is refused when they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.course import Patch
from tutor.course.answer_key import read_answer_key
from tutor.course.patch import Edit
from tutor.errors import CannotActError

if TYPE_CHECKING:
    from pathlib import Path

PRESENT = {"models.py": b"price = 1\nname = 2\n", ".env": b"DB_PORT=1\n"}


@pytest.fixture
def solution(tmp_path: Path) -> Patch:
    """Return a solution that brings a revision and edits models.py."""
    revision = tmp_path / "solution" / "a.py"
    revision.parent.mkdir()
    revision.write_text("up = 'price > 0'\n")
    return Patch(
        "solution",
        files={"versions/a_add.py": revision},
        edits=(Edit("models.py", "price = 1", "price = 9"),),
        run=("upgrade",),
        answers=("yes",),
    )


def key(folder: Path, text: str, solution: Patch) -> dict[str, Patch]:
    (folder / "answers.toml").write_text(text)
    read = read_answer_key(folder, solution)
    return {**read.mistakes, **read.alternatives}


def test_a_mistake_is_an_edit_of_the_whole_solution(tmp_path: Path, solution: Patch) -> None:
    text = """
[mistakes.zero]
about = "…"
expect = "trial.refused"
[[mistakes.zero.edit]]
file = "versions/*_add.py"
find = "> 0"
replace = ">= 0"
"""
    patch = key(tmp_path, text, solution)["zero"]
    changed = patch.change(PRESENT)
    assert changed["versions/a_add.py"] == b"up = 'price >= 0'\n"
    assert changed["models.py"] == b"price = 9\nname = 2\n", "the solution's own edits count too"
    assert (patch.run, patch.answers, patch.expect) == (("upgrade",), ("yes",), "trial.refused")


def test_an_edit_of_the_start_leaves_the_solution_out(tmp_path: Path, solution: Patch) -> None:
    text = """
[alternatives.port]
about = "…"
base = "start"
[[alternatives.port.edit]]
file = ".env"
find = "DB_PORT=1"
replace = "DB_PORT=2"
"""
    patch = key(tmp_path, text, solution)["port"]
    assert patch.change(PRESENT) == {**PRESENT, ".env": b"DB_PORT=2\n"}
    assert (patch.run, patch.answers) == ((), ("yes",))


def test_a_whole_file_takes_the_place_of_the_solution_s_and_of_its_edits(
    tmp_path: Path, solution: Patch
) -> None:
    folder = tmp_path / "mistakes" / "whole"
    folder.mkdir(parents=True)
    (folder / "models.py").write_text("other = 1\n")
    text = '[mistakes.whole]\nabout = "…"\nexpect = "drift.none"\nrun = []\n'
    patch = key(tmp_path, text, solution)["whole"]
    assert patch.change(PRESENT)["models.py"] == b"other = 1\n"
    assert patch.run == ()


BROKEN = {
    "an unknown key": ('expects = "x"', "unknown key"),
    "an unknown base": ('base = "middle"', '"solution" or "start"'),
    "a text that is not there": (
        '[[mistakes.m.edit]]\nfile = "versions/*"\nfind = "nothing"\nreplace = ""',
        "0 times, not once",
    ),
    "a text that is there twice": (
        '[[mistakes.m.edit]]\nfile = "versions/*"\nfind = "p"\nreplace = ""',
        "2 times, not once",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_entry_is_refused_by_its_name(fault: str, tmp_path: Path, solution: Patch) -> None:
    entry, said = BROKEN[fault]
    text = f'[mistakes.m]\nabout = "…"\nexpect = "drift.none"\n{entry}\n'
    with pytest.raises(CannotActError, match=r"answers.toml cannot be read: m: ") as error:
        key(tmp_path, text, solution)
    assert said in error.value.message


def test_an_edit_of_a_file_that_no_workspace_has_is_refused_when_it_is_made(
    tmp_path: Path, solution: Patch
) -> None:
    text = """
[mistakes.m]
about = "…"
expect = "drift.none"
[[mistakes.m.edit]]
file = "nowhere.py"
find = "x"
replace = "y"
"""
    patch = key(tmp_path, text, solution)["m"]
    with pytest.raises(ValueError, match=r"nowhere.py matches 0 files"):
        patch.change(PRESENT)


def test_a_pattern_changes_every_match_and_needs_one() -> None:
    edit = Edit(".env", r"(?m)^(DB_\w+)=(\w+)$", r"\1=“\2”", pattern=True)
    files = {".env": b"DB_PORT=1\n# DB_PORT=2\nDB_NAME=a\n"}
    assert edit.apply(files)[".env"].decode() == "DB_PORT=“1”\n# DB_PORT=2\nDB_NAME=“a”\n"
    with pytest.raises(ValueError, match="nothing that matches"):
        edit.apply({".env": b"# DB_PORT=2\n"})


def test_a_folder_without_an_entry_is_refused(tmp_path: Path, solution: Patch) -> None:
    (tmp_path / "mistakes" / "forgotten").mkdir(parents=True)
    with pytest.raises(CannotActError, match="forgotten"):
        key(tmp_path, "", solution)
