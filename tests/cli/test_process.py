"""The program as a process: what it loads, and how it ends."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

import pytest

HEAVY = ("rich", "psycopg", "sqlalchemy", "alembic", "psutil", "pydantic", "tutor.session")
LOADED = """
import sys
from tutor.cli import run
run({arguments!r})
print(*sys.modules, file=sys.stderr)
"""


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "--help"], ["chek"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    done = python("-c", LOADED.format(arguments=arguments))
    loaded = set(done.stderr.decode().splitlines()[-1].split())
    assert loaded.isdisjoint(HEAVY)


def test_one_verb_loads_no_other() -> None:
    done = python("-c", LOADED.format(arguments=["check", "--help"]))
    verbs = {name for name in done.stderr.decode().split() if name.startswith("tutor.cli.verbs.")}
    assert verbs == {"tutor.cli.verbs.check"}


def test_a_lesson_needs_neither_database_nor_typer() -> None:
    screens = "tutor.cli.render.lesson, tutor.cli.render.markdown, tutor.cli.render.verdict"
    done = python("-c", f"import sys, {screens}\nprint(*sys.modules)")
    assert set(done.stdout.decode().split()).isdisjoint({"psycopg", "sqlalchemy", "pydantic"})


def test_python_dash_m_is_the_same_program() -> None:
    done = python("-m", "tutor", "--version")
    assert done.returncode == 0
    assert done.stdout.startswith(b"alembic-tutor ")


def test_the_help_reaches_an_ascii_pipe_and_a_reader_that_goes_away() -> None:
    assert python("-m", "tutor", "--help", PYTHONIOENCODING="ascii").returncode == 0
    program = subprocess.Popen(
        [sys.executable, "-m", "tutor", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait(60) != 0


@pytest.mark.skipif(shutil.which("bash") is None, reason="asks from within bash")
def test_completion_is_printed_for_the_shell_that_asks() -> None:
    # not the last command, or bash would let Python take its place
    line = f"{shlex.quote(sys.executable)} -m tutor --show-completion; exit $?"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0
    assert b"_TUTOR_COMPLETE=complete_bash" in done.stdout


COMPLETING = {
    "bash": lambda line: {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))},
    "zsh": lambda line: {"_TYPER_COMPLETE_ARGS": line},
    "fish": lambda line: {
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    },
    "powershell": lambda line: {
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": line.rpartition(" ")[2],
    },
}


def completed(shell: str, line: str) -> str:
    done = python("-m", "tutor", _TUTOR_COMPLETE=f"complete_{shell}", **COMPLETING[shell](line))
    assert done.stderr == b""
    return done.stdout.decode()


@pytest.mark.parametrize("shell", COMPLETING)
@pytest.mark.parametrize("verb", ["goto", "show"])
def test_steps_are_completed(shell: str, verb: str) -> None:
    offered = completed(shell, f"tutor {verb} 1.")
    assert "1.1" in offered
    assert "2.1" not in offered


def test_verbs_are_completed_also_behind_a_mistyped_one() -> None:
    assert completed("bash", "tutor st").split() == ["status", "start", "stop"]
    assert completed("bash", "tutor chek st").split() == ["status", "start", "stop"]
