"""The program as a process: what it loads, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = ("rich", "psycopg", "sqlalchemy", "alembic", "psutil", "pydantic", "typer", "tutor.session")
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
    screens = "tutor.cli.show_lesson, tutor.cli.show_markdown, tutor.cli.show_verdict"
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


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_is_printed_for_the_shell(shell: str) -> None:
    done = python("-m", "tutor", "--completion", shell)
    assert done.returncode == 0
    assert b"_TUTOR_COMPLETE" in done.stdout


def test_steps_are_completed() -> None:
    done = python(
        "-m",
        "tutor",
        _TUTOR_COMPLETE="zsh_complete",
        COMP_WORDS="tutor goto 1.",
        COMP_CWORD="2",
    )
    assert b"1.1" in done.stdout.splitlines()
