"""Apply patches to a state that nobody works in: files in a folder, a database of its own.

Solutions, faults and `goto` are all made this way, and only then swapped in whole.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.databases.psql import run_psql
from tutor.state.files import read_files, write_files
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.environment.credentials import env_leading_to
from tutor.workspace.environment.target import target_of
from tutor.workspace.template import ENV_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tutor.course import Patch
    from tutor.postgres.server import Server
    from tutor.workspace.code.runner import Runner


@dataclass(frozen=True)
class Command:
    """One line of a patch's `run`.

    `kind` is "alembic" (with its arguments), "sql" (one string) or "env" (none): .env is put right.
    """

    kind: str
    arguments: tuple[str, ...]
    fails: bool
    line: str


def read_command(line: str) -> Command:
    """Read `python -m alembic …`, `tutor psql -c "…"` or `tutor doctor --fix-env`.

    With or without a leading `! `.

    Raises ValueError for anything else.
    """
    fails = line.startswith("! ")
    match shlex.split(line.removeprefix("! ")):
        case ["python", "-m", "alembic", *arguments]:
            return Command("alembic", tuple(arguments), fails, line)
        case ["tutor", "psql", "-c", sql]:
            return Command("sql", (sql,), fails, line)
        case ["tutor", "doctor", "--fix-env"]:
            return Command("env", (), fails, line)
    raise ValueError(f"a patch cannot run this: {line}")


class Workbench:
    """A folder and a database in which states are built, out of the learner's sight.

    The folder is that of `runner`; its database is the runner's copy.
    """

    def __init__(
        self, folder: Path, files: dict[str, bytes], server: Server, database: str
    ) -> None:
        self.folder = folder
        self.server = server
        self.database = database
        self._files: dict[str, bytes] = {}
        self.lay(files)

    @property
    def files(self) -> dict[str, bytes]:
        """The files as they are now."""
        return self._files

    def lay(self, files: dict[str, bytes]) -> None:
        """Make the folder hold exactly these files.

        The folder itself stays: the runner's process stands in it.
        """
        for name in read_files(self.folder).keys() - files.keys():
            (self.folder / name).unlink()
        write_files(self.folder, files)
        self._files = dict(files)

    def apply(self, patches: Iterable[Patch], runner: Runner) -> None:
        """Apply patches one after the other.

        Raises CannotActError where a command of the course does not do what the course says.
        """
        for patch in patches:
            self.lay(self._changed(patch))
            for line in patch.run:
                self._run(read_command(line), runner)

    def _changed(self, patch: Patch) -> dict[str, bytes]:
        try:
            return patch.change(self._files)
        except ValueError as error:
            raise CannotActError(
                f"The course's own patch {patch.name} does not fit: {error}.",
                "This is a fault of the tutor: install it again, or report it.",
            ) from error

    def _run(self, command: Command, runner: Runner) -> None:
        try:
            if command.kind == "alembic":
                runner.alembic(*command.arguments)
            elif command.kind == "env":
                env = env_leading_to(self._files.get(ENV_FILE, b""), target_of(self.server))
                self.lay({**self._files, ENV_FILE: env})
            else:
                run_psql(self.server, self.database, command.arguments[0])
        except (LearnerCodeError, CannotActError) as error:
            if not command.fails:
                raise CannotActError(
                    f"The course's own command `{command.line}` failed: {error.message}",
                    "This is the tutor's fault. `tutor doctor` shows what it runs on.",
                ) from error
            return
        if command.fails:
            raise CannotActError(
                f"The course's own command `{command.line}` was meant to fail and did not.",
                "This is the tutor's fault. `tutor doctor` shows what it runs on.",
            )
