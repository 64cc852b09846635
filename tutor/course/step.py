"""What a step of the course is: frozen values, read from its folder by `load`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Requirement(StrEnum):
    """What a step requires; each rule of the judge says for which of these it is asked."""

    MODELS = "models"
    DRAFT = "draft"
    REHEARSAL = "rehearsal"
    APPLIED = "applied"
    ROWS = "rows"
    APP = "app"
    ANSWERS = "answers"
    JOURNAL = "journal"
    COMMANDS = "commands"


@dataclass(frozen=True)
class CommandGoal:
    """A command that must succeed on a copy of the live database; `why` says what that shows."""

    run: str
    why: str


class Level(IntEnum):
    """How far along the chain models → revisions → database a step is judged.

    Each level includes those before it.
    """

    NOTHING = 0
    """Only what else the step lists: questions, the journal, a check of its own."""
    MODELS = 1
    """models.py describes the goal."""
    DRAFT = 2
    """A revision builds the goal on empty tables; its dangers are told as warnings."""
    REHEARSAL = 3
    """The revisions build the goal on a copy with rows, lose nothing, and can be undone."""
    APPLIED = 4
    """The live database is there too: one head, database at head, no drift."""


@dataclass(frozen=True)
class ColumnGoal:
    """A column to reach. `type` is a family of `checks.types`, or None where any will do.

    `default`, `onupdate`: whether models.py should fill it in for a new and for a changed row.
    `value`: what a plain default has to be; None where any will do.
    """

    name: str
    type: str | None = None
    nullable: bool | None = None
    default: bool = False
    onupdate: bool = False
    value: bool | None = None


@dataclass(frozen=True)
class ForeignKeyGoal:
    """`columns` of the table must point to `references` (columns) of `table`."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class IndexGoal:
    """An index that starts with exactly these columns; `where` is the SQL of a partial one."""

    columns: tuple[str, ...]
    where: str | None = None


@dataclass(frozen=True)
class TrialGoal:
    """Rows that the table must let in, or must refuse with SQLSTATE `refused_with`.

    `row` holds the values that matter; the trial fills in the rest. `why` names the rule in words.
    """

    row: Mapping[str, Any]
    why: str
    refused_with: str | None = None


@dataclass(frozen=True)
class TableGoal:
    """What a table must be, as far as the step is concerned."""

    name: str
    points_to: tuple[str, ...] = ()
    columns: tuple[ColumnGoal, ...] = ()
    gone: tuple[str, ...] = ()
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKeyGoal, ...] = ()
    indexes: tuple[IndexGoal, ...] = ()
    trials: tuple[TrialGoal, ...] = ()


@dataclass(frozen=True)
class KeptAs:
    """An SQL expression that gives a dropped column's values, where the columns `needs` exist."""

    needs: tuple[str, ...]
    sql: str


@dataclass(frozen=True)
class RowsGoal:
    """Which values of a table must survive, compared by `key` between baseline and replay.

    `renamed` maps a column of the baseline to its name afterwards. `cast` maps a column of the
    baseline to the SQL type in which both sides are compared (a price, to the cent). `kept_as`
    maps a column to where its values may live on once it is gone. `values` maps a new column to
    the SQL expression, over the row as it is after the replay, that says what must stand in it.
    Before the replay, `many` rows are made up in the copy, and `prepare` is run on it.
    """

    table: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    cast: Mapping[str, str] = field(default_factory=dict)
    kept_as: Mapping[str, KeptAs] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    many: int = 0
    prepare: str = ""


@dataclass(frozen=True)
class AppGoal:
    """A POST that the learner's app must answer with 2xx, and the table in which a row arrives.

    `body` gives the guide's values by field name; the rest is built from the app's openapi.json.
    `refused` are bodies, laid over the good one, that must be answered with 422. `shows` are
    fields that the answer should have. `delicate` are bodies, laid over the good one, to which the
    app may say yes or no, but should not answer 500.
    """

    path: str
    table: str
    body: Mapping[str, Any]
    refused: tuple[Mapping[str, Any], ...] = ()
    shows: tuple[str, ...] = ()
    delicate: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Question:
    """A question. The right answer is written down, or looked up as `fact` in what is real.

    `fact` names a function of `checks.facts`; `argument` is passed to it. `choices` (if any) maps a
    letter to its text. `wrong` maps an expected wrong answer to what to say of it.
    """

    ask: str
    answers: tuple[str, ...] = ()
    fact: str | None = None
    argument: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Patch:
    """Files to lay over a workspace and commands to run in it: the one way states are made.

    `files` maps a path relative to the workspace (POSIX) to its file in the course. `run` holds
    shell lines: `python -m alembic …` or `tutor psql -c "…"`; a leading `! ` says that the line
    is meant to fail. `answers` are given to the check. `expect` is the finding code that a
    mistake must get first.
    """

    name: str
    about: str = ""
    files: Mapping[str, Path] = field(default_factory=dict)
    delete: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    expect: str | None = None
    restore_rows: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the course, as its folder says."""

    id: str
    slug: str
    part_title: str
    title: str
    minutes: int
    text: str
    hints: tuple[str, ...]
    learnt: str
    level: Level
    serves: bool
    tables: tuple[TableGoal, ...]
    rows: tuple[RowsGoal, ...]
    app: AppGoal | None
    journal: tuple[str, ...]
    questions: tuple[Question, ...]
    check_file: Path | None
    start: Patch | None
    solution: Patch
    mistakes: Mapping[str, Patch]
    alternatives: Mapping[str, Patch]
    folder: Path
    commands: tuple[CommandGoal, ...] = ()

    @property
    def requires(self) -> frozenset[Requirement]:
        found = {
            Level.NOTHING: set(),
            Level.MODELS: {Requirement.MODELS},
            Level.DRAFT: {Requirement.DRAFT},
            Level.REHEARSAL: {Requirement.REHEARSAL},
            Level.APPLIED: {Requirement.REHEARSAL, Requirement.APPLIED},
        }[self.level]
        if self.serves or self.app:
            found.add(Requirement.APP)
        if self.questions:
            found.add(Requirement.ANSWERS)
        if self.journal:
            found |= {Requirement.JOURNAL, Requirement.ROWS}
        if self.commands:
            found.add(Requirement.COMMANDS)
        return frozenset(found)

    @property
    def builds(self) -> bool:
        return bool(self.requires & {Requirement.DRAFT, Requirement.REHEARSAL})


@dataclass(frozen=True)
class Part:
    """A part of the course: its number, title, and the steps' ids in order."""

    number: int
    title: str
    about: str
    step_ids: tuple[str, ...]
    chains: tuple[str, ...]
    folder: Path
