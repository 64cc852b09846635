"""The command line: `tutor VERB`.

It stands on Click, not on Typer: since 0.29 Typer sends every parameter through Pydantic, which
costs each command 0.2 s before it begins (measured; a whole `python -m alembic current` takes
0.65 s). Click is there anyway, uvicorn needs it.

Everything imported from here on is paid for by every command: Rich, sessions and the database wait
in the verbs' functions until a verb runs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tutor.cli.failure import Invocation, run_to_exit_code

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAMS = ("tutor", "alembic-tutor")


def main() -> NoReturn:
    """Run the command line of this process and exit with its code."""
    called = Path(sys.argv[0]).stem
    program = called if called in _PROGRAMS else _PROGRAMS[0]
    sys.exit(run(sys.argv[1:], program=program))


def run(arguments: Sequence[str], *, program: str = _PROGRAMS[0]) -> int:
    """Run one command and return its exit code; it never raises, but for a bug with `--debug`."""
    from tutor.cli.commands import tutor

    invocation = Invocation(tuple(arguments), program)
    return run_to_exit_code(
        lambda: tutor.main(
            args=list(arguments),
            prog_name=program,
            complete_var="_TUTOR_COMPLETE",
            standalone_mode=False,
            obj=invocation,
        ),
        invocation,
    )
