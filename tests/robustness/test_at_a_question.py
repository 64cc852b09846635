"""A question in a real terminal: what is typed there, and what a second one may do meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.robustness.conftest import Shell

pytestmark = [
    pytest.mark.xdist_group("at-a-question"),
    pytest.mark.skipif(sys.platform == "win32", reason="asks in a pseudo-terminal"),
]

CTRL_C, CTRL_D = "\x03", "\x04"
SECONDS = 30


class Terminal:
    """`tutor check` in a terminal of its own."""

    def __init__(self, shell: Shell) -> None:
        self.master, slave = os.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tutor", "check"],
            cwd=shell.root,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "dumb", "COLUMNS": "80"},
            preexec_fn=_own_terminal,  # noqa: PLW1509 - no threads here; else Ctrl-C reaches nobody
        )
        os.close(slave)
        self.shown = ""

    def wait_for(self, text: str) -> None:
        """Read until a text is shown."""
        end = time.monotonic() + SECONDS
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            try:
                self.shown += os.read(self.master, 4096).decode().replace("\r\n", "\n")
            except OSError:  # the other end is closed
                assert text in self.shown, self.shown
        self.shown = self.shown.partition(text)[2]

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        return self.process.wait(SECONDS)


def _own_terminal() -> None:
    import fcntl  # noqa: PLC0415 - there is none on Windows
    import termios  # noqa: PLC0415

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def terminal(shell: Shell) -> Iterator[Terminal]:
    shell.tutor("goto", "1.1", "--yes")
    made = Terminal(shell)
    made.wait_for("q: leave): ")
    yield made
    made.process.kill()
    made.process.wait()
    os.close(made.master)


def test_a_second_terminal_can_run_the_tutor_meanwhile(shell: Shell, terminal: Terminal) -> None:
    began = time.monotonic()
    assert shell.tutor("psql", "-c", "SELECT 41 + 1").code == 0
    assert shell.tutor("hint").code == 0
    assert time.monotonic() - began < 8
    terminal.type("target_metadata\n")
    terminal.wait_for("Right. ")
    assert "the questions 2 and 3 are open" in " ".join(shell.tutor("check").text.split())
    terminal.type("database.py\n")
    terminal.wait_for("3/3 ")
    terminal.type("<base>\n")
    assert terminal.end() == 0
    assert shell.tutor("status", "--json").code == 0


def test_a_workspace_that_went_elsewhere_meanwhile_is_not_judged(
    shell: Shell, terminal: Terminal
) -> None:
    shell.tutor("goto", "2.1", "--yes")
    terminal.type("target_metadata\n")
    terminal.wait_for("Another command has changed the workspace meanwhile.")
    assert terminal.end() == 3
    assert "2.1" in shell.tutor("status").text


def test_ctrl_c_and_ctrl_d_keep_what_was_answered(shell: Shell, terminal: Terminal) -> None:
    terminal.type("target_metadata\n")
    terminal.wait_for("2/3 ")
    terminal.wait_for("q: leave): ")
    terminal.type(CTRL_C)
    terminal.wait_for("What you answered rightly is kept.")
    assert terminal.end() == 130
    again = Terminal(shell)
    again.wait_for("2/3 ")
    again.wait_for("q: leave): ")
    again.type(CTRL_D)
    again.wait_for("the questions 2 and 3 are open")
    again.wait_for("`tutor check` asks them when you are ready.")  # and no word of --answer
    assert again.end() == 1


def test_a_paste_of_several_lines_is_one_answer(shell: Shell, terminal: Terminal) -> None:
    terminal.type("from models import Base\ntarget_metadata = Base.metadata\n")
    terminal.wait_for("Those are several lines.")
    terminal.type("q\n")
    assert terminal.end() == 1
    assert "the questions 1, 2 and 3 are open" in " ".join(shell.tutor("check").text.split())
