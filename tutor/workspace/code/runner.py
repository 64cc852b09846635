"""Alembic and the models, run in the learner's interpreter against a copy of their database."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.process import ChildProcess

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.workspace.environment.target import Target


@dataclass(frozen=True)
class Output:
    """What a command showed: standard output and standard error, in the order of writing.

    `locks`: by table, the strictest lock against writers that a transaction held at its commit,
    as pg_locks names it.
    """

    text: str
    locks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RevisionInfo:
    """One revision, as Alembic loads it: `file` is relative to the workspace, POSIX style.

    An `upgrade` or `downgrade` that is missing counts as empty.
    """

    id: str
    down: tuple[str, ...]
    depends_on: tuple[str, ...]
    file: str
    message: str
    is_head: bool
    upgrade_empty: bool = False
    downgrade_empty: bool = False


@dataclass(frozen=True)
class Drift:
    """One difference that the next autogenerate would write.

    `kind` is Alembic's: add_column, remove_column, modify_type, modify_nullable, modify_default,
    add_index, remove_index, add_constraint, remove_constraint, add_fk, remove_fk, add_table,
    remove_table, … `name` is the index's or constraint's (None if unnamed); `before` and `after`
    are given for modify_*; `python` is the line that would be written.
    """

    kind: str
    schema: str | None
    table: str | None
    name: str | None
    columns: tuple[str, ...]
    before: str | None
    after: str | None
    python: str


@dataclass(frozen=True)
class MappedClass:
    """A class of models.py: attributes to the names of their columns."""

    name: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class Fill:
    """How SQLAlchemy fills a column in: see `child/defaults.py`."""

    default: bool
    onupdate: bool
    once: tuple[str, ...]
    zone: str | None
    value: bool | float | str | None


@dataclass(frozen=True)
class ModelTable:
    """A table that models.py describes, and the classes mapped to it."""

    name: str
    schema: str | None
    columns: tuple[str, ...]
    classes: tuple[MappedClass, ...]
    fills: dict[str, Fill]


@dataclass(frozen=True)
class Unsent:
    """A row of a mapped class that could not be sent: at which statement, and why."""

    model: str
    action: str
    message: str


class Runner:
    """Runs commands in one process, one after the other. A context manager.

    Connections to `live` get the database `copy` instead; every other one is refused, and all are
    where `copy` is None. `copy` may be set anew between two commands. Every command reads the
    learner's files as they are then, and raises LearnerCodeError where their code fails.
    """

    def __init__(
        self,
        root: Path,
        live: Target,
        copy: Target | None,
        *,
        interpreter: Path | None = None,
        timeout: float = 30,
        lifetime: float = 300,
    ) -> None:
        """Prepare; `timeout` is for each command and `lifetime` for all of them, in seconds.

        `interpreter` is for a `root` without a `.venv` of its own.
        """
        self.copy = copy
        self._live = live
        self._timeout = timeout
        self._end = time.monotonic() + lifetime
        self._child = ChildProcess(root, "commands", interpreter)

    def __enter__(self) -> Self:
        """Start the process; it gets ready in the background."""
        self._child.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Kill the process."""
        self._child.kill()

    def create_models(self) -> list[ModelTable]:
        """Import models.py as the app does and create its tables on the copy, if there is one."""
        return [
            ModelTable(
                name=table["name"],
                schema=table["schema"],
                columns=tuple(table["columns"]),
                classes=tuple(MappedClass(**mapped) for mapped in table["classes"]),
                fills={
                    column: Fill(**fill | {"once": tuple(fill["once"])})
                    for column, fill in table["fills"].items()
                },
            )
            for table in self._call("create_models")["value"]
        ]

    def revisions(self) -> list[RevisionInfo]:
        """Return every revision that Alembic finds, bases first."""
        return [
            RevisionInfo(
                **revision
                | {"down": tuple(revision["down"]), "depends_on": tuple(revision["depends_on"])}
            )
            for revision in self._call("revisions")["value"]
        ]

    def alembic(self, *argv: str) -> Output:
        """Do what `python -m alembic ARGV` does, and return what it shows."""
        answer = self._call("alembic", argv=argv)
        return Output(answer["output"], answer["locks"])

    def drift(self) -> list[Drift]:
        """Return what the next autogenerate would write; the copy has to be at the head."""
        return [
            Drift(**difference | {"columns": tuple(difference["columns"])})
            for difference in self._call("drift")["value"]
        ]

    def send_rows(self) -> list[Unsent]:
        """Return which mapped classes' rows the app's driver cannot send; see `child/rows.py`."""
        return [Unsent(**item) for item in self._call("send_rows")["value"]]

    def seen_tables(self) -> list[str] | None:
        """Return the tables of the metadata that env.py hands to autogenerate, None without any.

        No database is needed.
        """
        tables: list[str] | None = self._call("seen_tables")["value"]
        return tables

    def _call(self, name: str, **arguments: Any) -> dict[str, Any]:
        timeout = min(self._timeout, max(0.0, self._end - time.monotonic()))
        answer = self._child.call(
            name,
            timeout,
            live=asdict(self._live),
            copy=None if self.copy is None else asdict(self.copy),
            **arguments,
        )
        if "error" in answer:
            raise LearnerCodeError.from_child(answer["error"], answer["output"])
        return answer
