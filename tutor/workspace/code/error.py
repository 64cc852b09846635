"""What went wrong in the learner's code: data for a finding, not words for the screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "syntax",  # a file does not parse
    "import",  # a file parses and cannot be imported; `python` lines at module level fail
    "hang",  # the time limit was over; file and line are where the code was then
    "exit",  # the code ends the process: sys.exit(), os._exit()
    "refused",  # the code wanted a database that is not the project's
    "database",  # the server refused a statement or the connection, or could not be reached
    "alembic",  # Alembic says that it cannot go on (CommandError)
    "sqlalchemy",  # SQLAlchemy refuses the models or a construct, before any statement is sent
    "crash",  # any other exception, or the process was killed
]


@dataclass(eq=False)
class LearnerCodeError(Exception):
    """The learner's code failed.

    `file` is relative to the workspace, POSIX style; with `line` it is the last of the learner's
    own lines on the way to the error, or None where there is none. `sqlstate`, `statement` and
    `detail` (detail, hint, schema, table, column, constraint) are the server's. `output` is what
    was printed until then, `traceback` Python's own text.
    """

    kind: Kind
    message: str
    file: str | None = None
    line: int | None = None
    sqlstate: str | None = None
    statement: str | None = None
    detail: dict[str, str] = field(default_factory=dict)
    output: str = ""
    traceback: str = ""

    def __post_init__(self) -> None:
        """Give the exception its arguments, for logs and pytest."""
        super().__init__(self.message)

    def __str__(self) -> str:
        """Return the kind, the place and the message."""
        place = f"{self.file}:{self.line}: " if self.file else ""
        return f"{self.kind}: {place}{self.message}"

    @classmethod
    def from_child(cls, facts: dict[str, Any], output: str) -> LearnerCodeError:
        """Return the error that a child process described (see `child/failure.py`)."""
        return cls(**facts, output=output)
