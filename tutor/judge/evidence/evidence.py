"""The facts that rules judge by, each gathered when it is first asked for, and once.

Nothing here changes what is the learner's: the live database is read in read-only transactions,
and learner code runs in a child process whose connections lead to copies. What a fact needs is
imported with it: a step that only asks where the database is should not wait for the replay's code.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from tutor.course.step import Level
from tutor.judge.evidence import rows as followed
from tutor.judge.verdict import Layer
from tutor.postgres.catalog.catalog import read_catalog, read_versions
from tutor.postgres.rows import all_keys, count_rows, empty_tables, versions_of
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.environment.target import target_of

if TYPE_CHECKING:
    from tutor.course.step import Question, Step
    from tutor.judge.compare.diagnosis import Diagnosis
    from tutor.judge.evidence.app import AppEvidence
    from tutor.judge.evidence.baseline import Baseline
    from tutor.judge.evidence.history import History
    from tutor.judge.evidence.replay import Replay
    from tutor.judge.evidence.rows import Rows
    from tutor.judge.verdict import Finding
    from tutor.postgres.catalog.catalog import Catalog
    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.journal.journal import Event, Journal
    from tutor.postgres.server import Server
    from tutor.state.progress import Start
    from tutor.workspace.code.runner import ModelTable, RevisionInfo, Runner
    from tutor.workspace.folder import Workspace


Ask = Callable[["Question", str | None], str | None]
"""Asks a question. The second argument is None the first time; then it says what was wrong with the
answer before. Returns None where there is no answer, or nobody who could be asked again.
"""

LEARNER_SECONDS = 10
"""How long one call of the learner's code may take: their models, one revision up or down,
one request to their app."""


@dataclass(frozen=True)
class Live:
    """The learner's database as it stands. `versions` is None where there is no version table."""

    versions: tuple[str, ...] | None
    catalog: Catalog
    rows: Rows


@dataclass(frozen=True)
class Case:
    """What a check is given: the step, the learner's things, where it began, the steps to come."""

    step: Step
    workspace: Workspace
    server: Server
    copies: Copies
    journal: Journal
    start: Start
    start_files: dict[str, bytes]
    later: Callable[[], tuple[Step, ...]]
    ask: Ask
    working: Callable[[str], None]


class Evidence:
    """The facts of one check. Close it: it drops its copies and ends its child processes."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.step = case.step
        self.ran_code = False
        """Whether any of the learner's code was run."""
        self.model_tables: list[ModelTable] = []
        """What `models` found; empty until that was asked for."""
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The learner's files by relative path."""
        return self.case.workspace.managed_files()

    @cached_property
    def start_keys(self) -> dict[str, set[tuple[str, ...]]]:
        """The primary keys of all rows of all tables with which the step began."""
        with self.case.server.connect(self.case.start.database) as connection:
            return all_keys(connection, read_catalog(connection))

    @cached_property
    def runner(self) -> Runner:
        """The learner's interpreter; it reaches only the copy it was last told of."""
        from tutor.workspace.code.runner import Runner

        self.ran_code = True
        self.case.working("Trying your code on a copy of your database …")
        return self._open.enter_context(
            Runner(
                self.case.workspace.root,
                target_of(self.case.server),
                None,
                timeout=LEARNER_SECONDS,
            )
        )

    def aim(self, database: str) -> None:
        """Let the learner's interpreter reach one copy, and only that, from now on."""
        self.runner.copy = replace(target_of(self.case.server), database=database)

    def copy(self, purpose: str, *, source: str | None = None) -> str:
        """Return a new copy of the state in which the step began; it is dropped at the end."""
        name = self.case.copies.clone(source or self.case.start.database, purpose)
        self._open.callback(self.case.copies.drop, name)
        return name

    @cached_property
    def models(self) -> Catalog | LearnerCodeError:
        """The schema that models.py describes, built in an empty database; or why it cannot be."""
        name = self.models_database
        self.aim(name)
        try:
            self.model_tables = self.runner.create_models()
        except LearnerCodeError as error:
            return error
        with self.case.server.connect(name) as connection:
            return read_catalog(connection)

    @cached_property
    def models_database(self) -> str:
        """The name of the database in which `models` builds."""
        name = self.case.copies.empty("models")
        self._open.callback(self.case.copies.drop, name)
        return name

    @cached_property
    def history(self) -> History:
        """The revision files: which there are, which are new since the step began, their faults."""
        from tutor.judge.evidence.history import read_history

        return read_history(self)

    @cached_property
    def baseline(self) -> Baseline:
        """The state from which the new revisions are replayed."""
        from tutor.judge.evidence.baseline import find_baseline

        return find_baseline(self)

    @cached_property
    def new(self) -> tuple[RevisionInfo, ...]:
        """The learner's revisions since the baseline, in order."""
        return self.history.since(self.baseline.versions)

    @cached_property
    def replay(self) -> Replay | None:
        """The new revisions replayed on rows; None where the history cannot be replayed."""
        return self._replay("replay", empty=False)

    @cached_property
    def replay_empty(self) -> Replay | None:
        """The new revisions replayed on empty tables: what a draft builds where no row objects."""
        return self._replay("draft", empty=True)

    @cached_property
    def survival(self) -> tuple[Finding, ...]:
        """What the new revisions do to rows; nothing where they do not run, or none is needed."""
        replayed = self.replay if self.step.level >= Level.DRAFT and self.new else None
        if replayed is None or replayed.upgrade is not None:
            return ()
        from tutor.judge.compare.rows import survival

        return tuple(survival(self.step.rows, replayed))

    def _replay(self, purpose: str, *, empty: bool) -> Replay | None:
        if not self.history.usable:
            return None
        from tutor.judge.compare.later_steps import reached_later
        from tutor.judge.evidence.replay import Plan, replay

        if self.serves:
            _ = self.app  # two processes, side by side
        name = self.copy(purpose, source=self.baseline.database)
        if empty:
            empty_tables(self.case.server, name)
        self.aim(name)
        plan = Plan(
            database=name,
            before=self.baseline.versions,
            revisions=self.new,
            rows=() if empty else self.step.rows,
            judge=lambda catalog: self.judge_goal(catalog, name, Layer.REVISIONS),
            ahead=lambda catalog: reached_later(self.case, catalog, name),
        )
        return replay(plan, self.case.server, self.runner)

    def judge_goal(self, catalog: Catalog, database: str, layer: Layer) -> list[Finding]:
        """Judge a copy against the step's goal; trial rows are tried in it and rolled back."""
        from tutor.judge.compare import table as goal

        with self.case.server.connect(database) as connection:
            return [
                finding
                for table in self.step.tables
                for finding in goal.judge_table(table, catalog, connection, layer)
            ]

    @cached_property
    def live(self) -> Live:
        """The learner's database, read in one read-only transaction."""
        with (
            self.case.server.connect(self.case.server.live, read_only=True) as connection,
            connection.transaction(),
        ):
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            catalog = read_catalog(connection)
            versions = read_versions(connection)
            rows = followed.read(connection, self.step.rows, catalog)
        return Live(None if versions is None else tuple(versions), catalog, rows)

    @cached_property
    def live_versions(self) -> tuple[str, ...] | None:
        """What alembic_version holds, where nothing else is asked of the live database."""
        if "live" in self.__dict__:
            return self.live.versions
        return versions_of(self.case.server, self.case.server.live)

    @cached_property
    def diagnosis(self) -> Diagnosis | None:
        """How the live database stands to the revisions; None where they cannot be replayed."""
        replayed = self.replay
        if replayed is None or replayed.upgrade is not None:
            return None
        from tutor.judge.compare.diagnosis import diagnose

        return diagnose(self, replayed)

    @cached_property
    def events(self) -> list[Event]:
        """What was committed in the live database since the step began, in order."""
        return self.case.journal.events(self.case.start.event)

    def count_rows(self, table: str) -> int:
        """Return how many rows a table of the live database has."""
        with self.case.server.connect(self.case.server.live, read_only=True) as connection:
            return count_rows(connection, table)

    @property
    def serves(self) -> bool:
        """Whether the step's verdict needs the learner's app."""
        return self.step.serves or self.step.app is not None

    @cached_property
    def app(self) -> AppEvidence:
        """The learner's app: it gets ready from now on."""
        from tutor.judge.evidence.app import AppEvidence

        self.ran_code = True
        app = AppEvidence(self)
        self._open.callback(app.close)
        return app

    @property
    def draft(self) -> bool:
        """Whether the step accepts a revision that would not yet run on rows."""
        return self.step.level is Level.DRAFT
