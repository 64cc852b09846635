"""Ctrl-C at any moment: exit code 130, no child left, no half state, copies swept by the next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.robustness.interrupted.test_kill import same, state
from tutor.session.make.removing import remove
from tutor.session.opening import open_context
from tutor.state.home import VARIABLE, home

if TYPE_CHECKING:
    from pathlib import Path

    from tests.robustness.conftest import Shell

SAMPLE = int(os.environ.get("MOMENTS", "3"))
"""How many moments are tried for each command."""

INTERRUPTED = 130


def moments(log: Path) -> list[int]:
    """Return numbers of steps, spread evenly over all places in the code, the last one included."""
    chains = log.read_text().splitlines()
    firsts = sorted(chains.index(chain) + 1 for chain in set(chains))
    return sorted({firsts[len(firsts) * n // SAMPLE - 1] for n in range(1, SAMPLE + 1)})


def left_behind() -> list[str]:
    """Return the processes, a server's sessions apart, that have our state home as theirs."""
    found = []
    for process in psutil.process_iter():
        try:
            ours = process.environ().get(VARIABLE) == str(home())
            command = " ".join(process.cmdline())
            session = process.name().startswith("postgres") and " -D " not in command
            if ours and process.pid != os.getpid() and not session:
                found.append(f"{process.pid} {command}")
        except psutil.Error:
            continue
    return found


@pytest.mark.xdist_group("interrupt")
@pytest.mark.parametrize(
    "command", [["check"], ["reset", "--yes"], ["goto", "3.3", "--yes"]], ids=lambda it: it[0]
)
def test_a_command(shell: Shell, tmp_path: Path, command: list[str]) -> None:
    shell.tutor("goto", "3.5", "--yes")
    (shell.root / "migrations/versions/mine.py").write_text("revision = 'mine'\n")
    before = state(shell)
    log = tmp_path / "log"
    whole = shell.signalled("SIGINT", 0, log, *command)
    after = state(shell)
    others = set(left_behind())
    for moment in moments(log):
        if not same(before, state(shell)):
            shell.tutor("undo", "--yes")
        said = shell.signalled("SIGINT", moment, log, *command)
        places = log.read_text().splitlines()
        if len(places) < moment:  # this time it was through before
            assert said.code == whole.code, said.lines
            continue
        place = places[moment - 1]
        assert said.code == INTERRUPTED, f"{place}: {said.lines}"
        assert said.text == "Interrupted.", f"{place}: {said.lines}"
        assert set(left_behind()) <= others, place
        found = state(shell)
        assert same(before, found) or same(after, found), place
    shell.tutor("check")
    with open_context(shell.root) as context:
        snapshots = context.snapshots
        needed = snapshots.databases() | {context.server.live}
        assert set(context.copies.names()) <= needed


@pytest.mark.xdist_group("interrupt")
def test_start(shell: Shell, tmp_path: Path) -> None:
    log = tmp_path / "log"
    made = home() / "workspaces"
    before = set(made.iterdir())
    assert shell.signalled("SIGINT", 0, log, "start", "new", folder=tmp_path).code == 0
    with open_context(tmp_path / "new") as context:
        remove(context.workspace, files=True)
    chosen = moments(log)
    others = set(left_behind())
    for moment in chosen:
        said = shell.signalled("SIGINT", moment, log, "start", "new", folder=tmp_path)
        if said.code == 0:  # it had fewer steps than the first time
            with open_context(tmp_path / "new") as context:
                remove(context.workspace, files=True)
            continue
        place = log.read_text().splitlines()[moment - 1]
        assert said.code == INTERRUPTED, f"{place}: {said.lines}"
        assert "Traceback" not in said.lines, f"{place}: {said.lines}"
        assert set(made.iterdir()) == before, place
        assert not (tmp_path / "new").exists(), place
        assert set(left_behind()) <= others, place
