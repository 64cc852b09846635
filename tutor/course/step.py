"""What a step of the course is: frozen values, read from its folder by `load`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.course.answer_key import AnswerKey, read_answer_key
from tutor.course.goals import AppGoal, Goal, RowsGoal, TableGoal
from tutor.course.inherit import inherit
from tutor.errors import CannotActError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tutor.course.patch import Patch


class Requirement(StrEnum):
    """What a step requires; a rule judges the steps that require what it is about."""

    MODELS = "models"
    """models.py describes the goal."""
    DRAFT = "draft"
    """A revision builds the goal on empty tables; its dangers are told as warnings."""
    REHEARSAL = "rehearsal"
    """The revisions build the goal on a copy with rows, lose nothing, and can be undone."""
    APPLIED = "applied"
    """The live database is there too: one head, database at head, no drift."""
    ROWS = "rows"
    """The live rows are those that the step began with."""
    APP = "app"
    """The app still serves."""
    ANSWERS = "answers"
    """The questions are answered."""
    JOURNAL = "journal"
    """The version transitions of `journal` happened."""
    HEALTHY = "healthy"
    """A repair is whole: no new revision is left behind, autogenerate sees the models, and the
    database takes the learner's role with its own password only."""
    COMMANDS = "commands"
    """The commands succeed on a copy of the live database."""


_OF_THE_GOAL = frozenset(
    {Requirement.MODELS, Requirement.DRAFT, Requirement.REHEARSAL, Requirement.APPLIED}
)


@dataclass(frozen=True)
class Question:
    """A question. The right answer is written down, or looked up as `fact` in what is real.

    `fact` names a function of `judge.questions.facts`; `argument` is passed to it. `choices` (if
    any) maps a letter to its text. `shown` are lines of a file or of the screen that show the
    answer, and `wrong` maps an expected wrong answer to what to say of it; in both "…" stands for
    what varies. `hints` belong to this question alone.
    """

    ask: str
    answers: tuple[str, ...] = ()
    fact: str | None = None
    argument: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class CommandGoal:
    """A command that must succeed on a copy of the live database, with the learner's files."""

    run: str
    why: str


@dataclass(frozen=True)
class Step:
    """One step of the course, as its folder says.

    `start` makes the state in which the step begins, `fault` then breaks it. `own` is the part of
    the goal that the step adds; `previous` returns the step before it.
    """

    id: str
    slug: str
    part_title: str
    title: str
    minutes: int
    text: str
    hints: tuple[str, ...]
    learnt: str
    requires: frozenset[Requirement]
    own: Goal
    previous: Callable[[], Step | None]
    journal: tuple[str, ...]
    questions: tuple[Question, ...]
    commands: tuple[CommandGoal, ...]
    check_file: Path | None
    start: Patch | None
    fault: Patch | None
    solution: Patch
    folder: Path

    @cached_property
    def goal(self) -> Goal:
        """The whole goal, what earlier steps established included. Reads those steps.

        Raises CannotActError where the goals do not go together.
        """
        before = self.previous()
        try:
            if before is None:
                return inherit(Goal(), self.own, applied=False)
            return inherit(before.goal, self.own, applied=Requirement.APPLIED in before.requires)
        except ValueError as error:
            raise CannotActError(
                f"The goal of {self.folder / 'step.md'} cannot be used: {error}.",
                "Install the tutor again.",
            ) from error

    @property
    def tables(self) -> tuple[TableGoal, ...]:
        """What the tables must be; nothing where the step requires no part of the goal."""
        return self.goal.tables if self.requires & _OF_THE_GOAL else ()

    @property
    def rows(self) -> tuple[RowsGoal, ...]:
        """Which values must survive; nothing where the step requires no part of the goal."""
        return self.goal.rows if self.requires & _OF_THE_GOAL else ()

    @property
    def app(self) -> AppGoal | None:
        """What the app must do, where the step requires an app."""
        return self.goal.app if Requirement.APP in self.requires else None

    @cached_property
    def answer_key(self) -> AnswerKey:
        """The mistakes and alternatives. Reads answers.toml."""
        return read_answer_key(self.folder, self.solution)

    @property
    def mistakes(self) -> Mapping[str, Patch]:
        """What must be turned away, by name."""
        return self.answer_key.mistakes

    @property
    def alternatives(self) -> Mapping[str, Patch]:
        """What must pass as well, by name."""
        return self.answer_key.alternatives

    @property
    def builds(self) -> bool:
        """Whether the step has a goal that revisions build."""
        return not self.requires.isdisjoint({Requirement.DRAFT, Requirement.REHEARSAL})


@dataclass(frozen=True)
class Part:
    """A part of the course: its number, title, and the steps' ids in order.

    At its end the learner hears what they can do now (`can`, a line each) and what comes next
    (`then`, a sentence).
    """

    number: int
    title: str
    about: str
    can: tuple[str, ...]
    then: str
    step_ids: tuple[str, ...]
    chains: tuple[str, ...]
    folder: Path
