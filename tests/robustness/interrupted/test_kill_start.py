"""kill -9 while a workspace is made: the next `tutor next` in the same folder makes it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.robustness.conftest import Shell
from tutor.session.make.removing import remove
from tutor.session.opening import open_context
from tutor.state.home import home

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("kill-start")

MOMENTS = 2
"""How many moments are tried, spread over all places in the code."""


@pytest.fixture(scope="module")
def outer(state_home: Path) -> Iterator[Shell]:
    """Return a shell in a folder in which a workspace can be made."""
    workspaces = home() / "workspaces"
    before = set(workspaces.glob("*"))
    yield Shell(Path(tempfile.mkdtemp(prefix="start-", dir=state_home)).resolve())
    assert set(workspaces.glob("*")) == before, "nothing is left of what was begun"


@pytest.fixture(scope="module")
def places(outer: Shell) -> list[str]:
    """Return where in the code each step of a first `tutor next` is taken."""
    log = outer.root / "log"
    assert outer.signalled("SIGKILL", 0, log, "next").code == 0
    chains = log.read_text().splitlines()
    take_away(outer)
    return chains


def take_away(outer: Shell) -> None:
    with open_context(outer.root / "fastapi-learn") as context:
        remove(context.workspace, files=True)
    outer.tutor("remove", "--abandoned", "--yes")


def moments(places: list[str]) -> list[int]:
    """Return numbers of steps: the first ones, and others spread evenly over the rest."""
    note = next(n for n, place in enumerate(places, 1) if "making.begin" in place)
    spread = [len(places) * n // MOMENTS for n in range(1, MOMENTS + 1)]
    return sorted({note - 1, note, note + 1, *spread})


def test_the_next_one_makes_it(outer: Shell, places: list[str]) -> None:
    for moment in moments(places):
        outer.signalled("SIGKILL", moment, outer.root / "log", "next")
        place = places[moment - 1]
        said = outer.tutor("next")
        assert said.code == 0, f"{place}: {said.lines}"
        assert "1.1 " in said.text, place
        checked = outer.tutor("check", folder=outer.root / "fastapi-learn")
        assert checked.code == 1, f"{place}: {checked.lines}"
        take_away(outer)


def test_until_then_each_command_says_so(outer: Shell, places: list[str]) -> None:
    moment = next(n for n, place in enumerate(places, 1) if "venv._build" in place)
    outer.signalled("SIGKILL", moment, outer.root / "log", "next")
    folder = outer.root / "fastapi-learn"
    for verb in ("check", "status", "list", "hint"):
        said = outer.tutor(verb, folder=folder)
        assert said.code == 3
        assert "is not finished" in said.text
        assert "`tutor next`" in said.text
    (folder / "models.py").write_text("# mine\n")
    (folder / "notes.txt").write_text("mine\n")
    said = outer.tutor("next", folder=folder)
    assert said.code == 2, "what somebody wrote there meanwhile stays"
    assert "not empty" in said.text
    assert {path.name for path in folder.iterdir()} == {"models.py", "notes.txt"}
    for name in ("models.py", "notes.txt"):
        (folder / name).unlink()
    assert outer.tutor("next").code == 0
    take_away(outer)


def test_remove_takes_it_away(outer: Shell, places: list[str]) -> None:
    moment = next(n for n, place in enumerate(places, 1) if "make_learner" in place)
    outer.signalled("SIGKILL", moment, outer.root / "log", "next")
    said = outer.tutor("remove", "--files", "--yes", folder=outer.root / "fastapi-learn")
    assert said.code == 0, said.lines
    assert not (outer.root / "fastapi-learn").exists()


def test_a_second_terminal_waits_for_the_first(outer: Shell) -> None:
    with outer.begin("next") as first, outer.begin("next") as second:
        said = [process.communicate(timeout=60)[0] for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], said
    assert "interrupted start" not in "".join(said)
    take_away(outer)
