"""The command line: `tutor VERB`.

It stands on Typer before 0.26: that one is built on the public Click, which the two base classes in
`commands` and `failure` need, and parses a command line without Pydantic, which takes 0.2 s to
begin with (a whole `python -m alembic current` takes 0.65 s).

Everything imported from here on is paid for by every command: Rich, sessions and the database wait
in the verbs' functions until a verb runs.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tutor.cli.failure import Invocation, run_to_exit_code

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAMS = ("tutor", "alembic-tutor")


def main() -> NoReturn:
    """Run the command line of this process and exit with its code."""
    # A command lives for a second or two, half of it imports: little becomes garbage.
    gc.set_threshold(50_000)
    called = Path(sys.argv[0]).stem
    program = called if called in _PROGRAMS else _PROGRAMS[0]
    sys.exit(run(sys.argv[1:], program=program))


def run(arguments: Sequence[str], *, program: str = _PROGRAMS[0]) -> int:
    """Run one command and return its exit code; whatever goes wrong is said and has a code."""
    from typer.main import get_command

    from tutor.cli.commands import app

    invocation = Invocation(tuple(arguments), program)
    return run_to_exit_code(
        lambda: get_command(app).main(
            args=list(arguments), prog_name=program, standalone_mode=False, obj=invocation
        ),
        invocation,
    )
