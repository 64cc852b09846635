"""The evidence of one check: values that are gathered when a rule first asks for them, and once.

Nothing here changes what is the learner's: the live database is read in read-only transactions,
and learner code runs in a child process whose connections lead to copies.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Self

from tutor.course import Requirement
from tutor.judge.evidence import rows as followed
from tutor.judge.evidence.learner_code import LearnerCode
from tutor.judge.values.app import AppRun
from tutor.judge.values.database import Live
from tutor.judge.values.replay import Varied
from tutor.judge.values.rows import followed_tables
from tutor.postgres.catalog.catalog import read_catalog, read_versions, version_table
from tutor.postgres.rows import all_keys, count_rows, empty_tables, versions_of
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from tutor.judge.compare.diagnosis import Diagnosis
    from tutor.judge.compare.transitions import Transition
    from tutor.judge.evidence.case import Case
    from tutor.judge.findings import Finding
    from tutor.judge.values.command import CommandResult
    from tutor.judge.values.database import Baseline, Models
    from tutor.judge.values.history import History
    from tutor.judge.values.replay import Failure, Replay
    from tutor.postgres.databases.sessions import Client
    from tutor.postgres.journal.journal import Event
    from tutor.postgres.probe.ids import NextId
    from tutor.workspace.code.runner import RevisionInfo


class Evidence:
    """The values of one check. Close it: it drops its copies and ends its child processes.

    What a value needs is imported with it: a step that only asks where the database is should not
    wait for the replay's code.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.step = case.step
        self._open = ExitStack()
        self.code = LearnerCode(case, self._open, lambda: self.live.version_table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def requires(self, *requirements: Requirement) -> bool:
        """Whether the step requires any of these."""
        return not self.step.requires.isdisjoint(requirements)

    # What is the learner's: files, models, revisions.

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The learner's files by relative path."""
        return self.case.workspace.managed_files()

    @cached_property
    def models(self) -> Models | LearnerCodeError:
        """What models.py describes; or why it cannot be built."""
        from tutor.judge.evidence.models import build_models

        runner = self.code.runner  # its process gets ready while databases are made
        name = self.code.scratch.empty("models")
        self._open.callback(self.code.scratch.drop, name)
        self.code.aim(name)
        if self.requires(Requirement.DRAFT, Requirement.REHEARSAL):
            _ = self.code.scratch.mirror
        return build_models(self.case.step, self.code.scratch, name, runner)

    @cached_property
    def history(self) -> History:
        """The revisions: which there are, which are new, what is wrong with them."""
        from tutor.judge.evidence.history import read_history

        return read_history(self.case, self.files, self.code.runner)

    @cached_property
    def baseline(self) -> Baseline:
        """The state from which the new revisions are replayed."""
        from tutor.judge.evidence.baseline import find_baseline

        return find_baseline(self.case, self.history, self.code)

    @cached_property
    def new(self) -> tuple[RevisionInfo, ...]:
        """The learner's revisions since the baseline, each after those it needs."""
        return self.history.graph.after(self.baseline.versions)

    # What replaying the revisions shows.

    @cached_property
    def replay(self) -> Replay | None:
        """The new revisions replayed on rows; None where the history cannot be replayed.

        The learner's rows, and rows that were made to differ from them. An upgrade that fails with
        those is tried again with less of them, to tell which rows it fails on.
        """
        failed: Failure | None = None
        for varied in (Varied.ALL, Varied.WITHOUT_NULL, Varied.NOT):
            replayed = self._replay("replay", with_rows=True, varied=varied)
            if replayed is None or replayed.upgrade is None:
                break
            failed = failed or replayed.upgrade
        if replayed is not None and replayed.upgrade is None:
            replayed.failed_on_made = failed
        return replayed

    @cached_property
    def unseen(self) -> tuple[str, ...]:
        """The tables of models.py that autogenerate would drop, or would not build.

        The second is tried only where the step wants a healthy workspace.
        """
        models, replay = self.models, self.replay
        if replay is None or replay.drift is None or isinstance(models, LearnerCodeError):
            return ()
        from tutor.judge.evidence.seen import dropped, not_wanted

        found = dropped(models, replay.drift)
        if found or self.new or not self.requires(Requirement.HEALTHY):
            return found
        return not_wanted(models, self.code, self.baseline.database)

    @cached_property
    def replay_empty(self) -> Replay | None:
        """The new revisions replayed on empty tables: what a draft builds where no row objects."""
        return self._replay("draft", with_rows=False, varied=Varied.NOT)

    @cached_property
    def preservation(self) -> tuple[Finding, ...]:
        """What the new revisions do to rows; nothing where they do not run, or there are none."""
        if not self.new or self.replay is None or self.replay.upgrade is not None:
            return ()
        from tutor.judge.compare.preservation import preservation

        return tuple(preservation(self.replay))

    def _replay(self, purpose: str, *, with_rows: bool, varied: Varied) -> Replay | None:
        if not self.history.usable:
            return None
        from tutor.judge.evidence.replay import Plan, replay

        if self.requires(Requirement.APP):
            _ = self.code.app  # two processes, side by side
        name = self.code.copy(purpose, source=self.baseline.database)
        if not with_rows:
            with self.code.scratch.connect(name) as connection:
                empty_tables(connection)
        self.code.aim(name)
        plan = Plan(
            step=self.step,
            baseline=self.baseline,
            database=name,
            history=self.history,
            revisions=self.new,
            with_rows=with_rows,
            varied=varied,
            later=self.case.later,
        )
        return replay(plan, self.code.scratch, self.code.runner)

    # The live database.

    @cached_property
    def live(self) -> Live:
        """The learner's database, read in one read-only transaction."""
        with (
            self.case.server.connect(self.case.server.live, read_only=True) as connection,
            connection.transaction(),
        ):
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            catalog = read_catalog(connection)
            table = version_table(connection)
            versions = read_versions(connection, table)
            rows = followed.read(connection, catalog, followed_tables(self.step, catalog))
        return Live(None if versions is None else tuple(versions), catalog, rows, table)

    @cached_property
    def live_versions(self) -> tuple[str, ...] | None:
        """What alembic_version holds, where nothing else is asked of the live database."""
        if "live" in self.__dict__:
            return self.live.versions
        return versions_of(self.case.server, self.case.server.live)

    @cached_property
    def diagnosis(self) -> Diagnosis | None:
        """How the live database stands to the revisions; None where they cannot be replayed."""
        if self.replay is None or self.replay.upgrade is not None:
            return None
        from tutor.judge.compare.diagnosis import Comparison, diagnose

        return diagnose(
            Comparison(self.history, self.replay, self.live, self.events, self.case.unmanaged)
        )

    @cached_property
    def unknown_version(self) -> Finding | None:
        """The finding where alembic_version names a revision that no file has."""
        from tutor.judge.compare.unknown_version import unknown_version

        if set(self.live.versions or ()) <= self.history.graph.by_id.keys():
            return None
        from tutor.postgres.catalog.difference import compare

        with self.code.scratch.connect(self.baseline.database) as connection:
            unchanged = not compare(read_catalog(connection), self.live.catalog)
        return unknown_version(self.history, self.live, self.baseline, unchanged=unchanged)

    @cached_property
    def events(self) -> list[Event]:
        """What was committed in the live database since the step began, in order."""
        return self.case.journal.events(self.case.since)

    @cached_property
    def transitions(self) -> tuple[Transition, ...]:
        """The version transitions since the step began, in order."""
        from tutor.judge.compare.transitions import transitions

        return transitions(self.events, self.case.began_at, self.history)

    @cached_property
    def idle_clients(self) -> list[Client]:
        """Who has a transaction open in the live database."""
        clients = self.case.copies.clients(self.case.server.live)
        return [client for client in clients if client.in_transaction]

    @cached_property
    def upgrade_of_live_rows(self) -> LearnerCodeError | None:
        """Why `upgrade head` will fail on the live rows, where it did not on the baseline's.

        The replay begins with the step's own rows. What was inserted since is in the live database
        only: the server's log tells whether there is any, and then a copy of it is upgraded.
        """
        if not any(event.kind == "rows" for event in self.events):
            return None
        self.code.aim(self.code.copy_of_live("upgrade"))
        try:
            self.code.runner.alembic("upgrade", "heads")
        except LearnerCodeError as error:
            return error
        return None

    @cached_property
    def baseline_keys(self) -> dict[str, set[tuple[str, ...]]]:
        """The primary keys of all rows of all tables in the baseline."""
        with self.case.server.connect(self.case.baseline.database) as connection:
            return all_keys(connection, read_catalog(connection))

    @cached_property
    def live_ids(self) -> dict[str, NextId]:
        """Where the next row's id comes from, by table of the step's goal, in the live database."""
        from tutor.judge.evidence.observe import next_ids

        goals = {goal.name for goal in self.step.tables}
        tables = self.live.catalog.tables
        with self.case.server.connect(self.case.server.live, read_only=True) as connection:
            return next_ids(connection, {name: tables[name] for name in goals & tables.keys()})

    def count_rows(self, table: str) -> int:
        """Return how many rows a table of the live database has."""
        with self.case.server.connect(self.case.server.live, read_only=True) as connection:
            return count_rows(connection, table)

    # The app, and commands of the course.

    @cached_property
    def app(self) -> AppRun:
        """How the learner's app answers, served on a copy of the baseline at the head."""
        from tutor.judge.evidence.app import run_app

        name = self.code.copy("app", source=self.baseline.database)
        self.code.aim(name)
        try:
            self.code.runner.alembic("upgrade", "heads")
        except LearnerCodeError as error:
            return AppRun(not_started=error)
        return run_app(self.code.app, self.code.scratch, name, self.step.app)

    @cached_property
    def commands(self) -> tuple[CommandResult, ...]:
        """How the step's commands go, each on a copy of the live database of its own."""
        from tutor.judge.evidence.command import run_command

        results = []
        for goal in self.step.commands:
            self.code.aim(self.code.copy_of_live("command"))
            results.append(run_command(goal, self.code.runner))
        return tuple(results)
