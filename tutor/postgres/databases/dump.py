"""Copying a database while others work in it: pg_dump into psql, without a file in between."""

from __future__ import annotations

import subprocess
import tempfile
from typing import IO, TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.connect import APPLICATION, LOCK_MILLISECONDS
from tutor.postgres.environment import ENGLISH, login_environment

if TYPE_CHECKING:
    from tutor.postgres.server import Server

# Far more than a learner's database takes; ends what would hang for ever.
SECONDS = 120


def copy_contents(
    server: Server, source: str, target: str, *, origin: Server | None = None
) -> None:
    """Copy everything in `source` into the empty database `target`, owners included.

    `origin` is the server of `source` where that is another one. Waits a moment at most for tables
    that others have locked. Raises CannotActError with the programs' own words; `target` is then
    still empty.
    """
    with tempfile.TemporaryFile() as dump_words, tempfile.TemporaryFile() as load_words:
        with (
            subprocess.Popen(
                [
                    server.binary("pg_dump"),
                    f"--lock-wait-timeout={LOCK_MILLISECONDS}",
                    f"--dbname={source}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=dump_words,
                env=_environment(origin or server),
            ) as dump,
            subprocess.Popen(
                [
                    server.binary("psql"),
                    "--no-psqlrc",
                    "--quiet",
                    "--set=ON_ERROR_STOP=1",
                    "--single-transaction",
                    f"--dbname={target}",
                ],
                stdin=dump.stdout,
                stdout=subprocess.DEVNULL,
                stderr=load_words,
                env=_environment(server),
            ) as load,
        ):
            if dump.stdout is not None:
                dump.stdout.close()  # psql's alone now: pg_dump hears of it when psql ends early
            try:
                load.wait(SECONDS)
                dump.wait(SECONDS)
            except BaseException:  # also on Ctrl-C: nobody is left behind
                dump.kill()
                load.kill()
                raise
        if dump.returncode != 0 or load.returncode != 0:
            words = _last_line(dump_words) or _last_line(load_words)
            raise CannotActError(f"The tutor could not copy the database {source}: {words}")


def _environment(server: Server) -> dict[str, str]:
    return login_environment(server.admin, APPLICATION) | ENGLISH


def _last_line(file: IO[bytes]) -> str:
    file.seek(0)
    lines = file.read().decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
