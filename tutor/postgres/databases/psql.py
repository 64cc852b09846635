"""The real psql, on the learner's behalf."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.environment import login_environment

if TYPE_CHECKING:
    from tutor.postgres.server import Server

_SECONDS = 30


def psql_command(server: Server, database: str) -> tuple[list[str], dict[str, str]]:
    """Return the command line and environment of a psql as the learner's role."""
    command = [str(server.binary("psql")), f"--dbname={database}"]
    return command, login_environment(server.learner, "psql")


def run_psql(server: Server, database: str, text: str) -> None:
    """Run SQL, or one of psql's own commands, and see that it succeeds. Raises CannotActError."""
    command, environment = psql_command(server, database)
    result = subprocess.run(
        [*command, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--command={text}"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if result.returncode != 0:
        raise CannotActError(
            f"psql refused `{text}`: {result.stderr.strip()}", "`tutor doctor` looks for the cause."
        )
