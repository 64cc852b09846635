"""`tutor psql`: the real psql on the learner's database."""

import os
import subprocess
import sys
from typing import Annotated

import typer

from tutor.cli.options import verb_app

app = verb_app()


@app.command(
    context_settings={
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
        "help_option_names": ["--help"],
    }
)
def psql(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="What psql itself takes.", show_default=False)
    ] = None,
) -> int:
    r"""Open psql on your database, as the role that your app uses.

    Everything behind `psql` goes to psql, as in: tutor psql -c "SELECT * FROM products".
    psql's own help is `tutor psql -- --help`. The exit code is psql's.
    """
    from tutor.cli.work import open_here
    from tutor.postgres.databases.psql import psql_command

    with open_here() as context:
        argv, environment = psql_command(context.server, context.server.live)
    given = arguments or []
    # A single command shows and ends: a pager that waits for `q` is a trap. psql itself has it.
    single = any(argument.startswith(("-c", "--command")) for argument in given)
    argv = [*argv, *(["--pset=pager=off"] if single else []), *given]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(argv[0], argv, environment)  # noqa: S606 - psql takes this process's place
    # Windows' exec returns to the shell at once, so psql is waited for there.
    return subprocess.run(argv, env=environment, check=False).returncode
