"""What `tutor list`, `status`, `schema`, `history` and `doctor` show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class StepLine:
    """One line of `tutor list`."""

    step_id: str
    title: str
    part_number: int
    part_title: str
    minutes: int
    done: bool
    current: bool


@dataclass(frozen=True)
class Where:
    """`tutor status`: where the learner is.

    `database_versions` is None where the server does not answer or there is no version table.
    """

    workspace: Path
    step_id: str
    title: str
    passed: bool
    done: int
    total: int
    server: str
    running: bool
    database: str
    database_versions: tuple[str, ...] | None
    heads: tuple[str, ...]
    backups: int
    next_move: str


@dataclass(frozen=True)
class SchemaRow:
    """One line of `tutor schema`: what there is beside what the step wants.

    `kind` is "column", "constraint", "index" or "trial row": one that a check tries on a copy.
    `state` is "as wanted", "missing" (without a name, but for a column), "differs", "to go",
    "untried", or "" where the step asks nothing of it.
    """

    kind: str
    name: str
    live: str
    wanted: str
    state: str


@dataclass(frozen=True)
class TableView:
    """A table of the live schema (`exists` False: only wanted) with its row count."""

    name: str
    exists: bool
    rows: int
    lines: tuple[SchemaRow, ...]


@dataclass(frozen=True)
class SchemaView:
    """`tutor schema`: the live database's version and its tables beside the step's goal.

    `later`: the step leaves the database alone, and what is missing comes with a later one.
    """

    step_id: str
    versions: tuple[str, ...] | None
    tables: tuple[TableView, ...]
    later: bool = False


@dataclass(frozen=True)
class RevisionLine:
    """One revision of `tutor history`, newest first.

    `file` is "" for a revision without one, and for a file that nobody can read.
    """

    revision: str
    down: tuple[str, ...]
    message: str
    file: str
    head: bool
    here: bool
    applied: bool


@dataclass(frozen=True)
class Ailment:
    """One line of `tutor doctor`: what was looked at, how it is, and the mend where it is not well.

    `state` is "well", "watch" or "ill".
    """

    what: str
    state: str
    detail: str
    mend: str = ""
