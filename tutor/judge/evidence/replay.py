"""Replay the learner's new revisions on a copy of the baseline.

Up one revision at a time, down again, up again: what each stage looks like, what fails, and what a
downgrade leaves behind. The live database is not involved.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tutor.judge.compare.goal import compare_goal
from tutor.judge.compare.later_steps import reached
from tutor.judge.evidence import rows as followed
from tutor.judge.evidence.downgrade import downgrade_target
from tutor.judge.evidence.observe import observe
from tutor.judge.findings import Layer
from tutor.judge.values.replay import Failure, Replay, Stage, Varied
from tutor.judge.values.rows import followed_tables
from tutor.postgres.catalog.catalog import read_catalog, read_file_nodes
from tutor.postgres.catalog.difference import compare
from tutor.postgres.probe.probe import fill_rows
from tutor.postgres.probe.varied import add_varied_rows
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tutor.course import Step
    from tutor.judge.values.database import Baseline
    from tutor.judge.values.history import History
    from tutor.judge.values.rows import FollowedTable
    from tutor.postgres.catalog.catalog import Catalog
    from tutor.postgres.catalog.difference import Difference
    from tutor.postgres.databases.scratch import Scratch
    from tutor.workspace.code.runner import RevisionInfo, Runner


@dataclass(frozen=True)
class Plan:
    """What to replay: the new revisions in order, on a copy of the baseline.

    `with_rows` is False for a draft on empty tables: then no rows are followed. `varied`: which
    rows are added before (see `add_varied_rows`). `later` returns the
    later steps whose goals are looked at as well.
    """

    step: Step
    baseline: Baseline
    database: str
    history: History
    revisions: tuple[RevisionInfo, ...]
    with_rows: bool
    varied: Varied
    later: Callable[[], tuple[Step, ...]]


def replay(plan: Plan, scratch: Scratch, runner: Runner) -> Replay:
    """Carry out the replay. A failure of the learner's code ends its leg, and is part of it."""
    return _Replaying(plan, scratch, runner).run()


class _Replaying:
    """One replay under way."""

    def __init__(self, plan: Plan, scratch: Scratch, runner: Runner) -> None:
        self.plan = plan
        self.scratch = scratch
        self.runner = runner
        self.result = Replay(varied=plan.varied)
        self._file_nodes: dict[str, int] = {}
        self.applied = plan.history.graph.lineage(plan.baseline.versions)

    def run(self) -> Replay:
        self._prepare()
        self.result.stages.append(self._look(None))
        if not self._upgrade():
            return self.result
        if len(self.plan.history.heads) == 1:  # Alembic compares with one head only
            self._compare_models()
            self._send_rows()
        if self.plan.revisions and self._downgrade():
            self._upgrade_again()
        return self.result

    def _connect(self) -> Any:
        return self.scratch.connect(self.plan.database)

    def _prepare(self) -> None:
        """Choose which rows are followed, and make those on which the step wants to see it."""
        if not self.plan.with_rows:
            return
        with self._connect() as connection:
            catalog = read_catalog(connection)
            tables = followed_tables(self.plan.step, catalog)
            rows = followed.read(connection, catalog, tables)
            for goal in self.plan.step.rows:
                if goal.many:
                    fill_rows(connection, goal.table, goal.many)
                if goal.prepare:
                    connection.execute(goal.prepare.encode())
            if self.plan.varied is not Varied.NOT:
                self.result.not_varied = tuple(self._add_varied_rows(connection, tables))
        self.result.tables = tables
        self.result.learner_keys = {table: frozenset(found) for table, found in rows.items()}

    def _add_varied_rows(self, connection: Any, tables: tuple[FollowedTable, ...]) -> Iterator[str]:
        """Make rows in the course's tables that keep what the step's goal asks for.

        Yields the tables that took none.
        """
        goals = {goal.name: goal for goal in self.plan.step.tables}
        for table in tables:
            if not table.managed or not table.columns:
                continue
            goal = goals[table.name]
            needed = {column.name for column in goal.columns if column.nullable is False}
            if not add_varied_rows(
                connection,
                table.name,
                nulls=self.plan.varied is Varied.ALL,
                never_null=needed,
                unique=goal.unique,
            ):
                yield table.name

    def _upgrade(self) -> bool:
        for revision in self.plan.revisions:
            try:
                locks = self.runner.alembic("upgrade", revision.id).locks
            except LearnerCodeError as error:
                self.result.upgrade = Failure(revision.id, error)
                return False
            self.applied |= {revision.id}
            nodes = self._file_nodes
            stage = self._look(revision.id)
            self.result.stages.append(
                replace(
                    stage,
                    locks={name: mode for name, mode in locks.items() if name in nodes},
                    rewritten=frozenset(
                        name for name in nodes if self._file_nodes.get(name) != nodes[name]
                    )
                    & stage.catalog.tables.keys(),
                )
            )
        return True

    def _compare_models(self) -> None:
        try:
            self.result.drift = self.runner.drift()
        except LearnerCodeError as error:
            self.result.drift_failed = error

    def _send_rows(self) -> None:
        if self.plan.with_rows:
            with suppress(LearnerCodeError):  # models.py or database.py: a rule of its own tells
                self.result.unsent = tuple(self.runner.send_rows())

    def _downgrade(self) -> bool:
        """Go back one revision at a time, comparing each state with that on the way up."""
        befores = [stage.catalog for stage in self.result.stages[:-1]]
        applied = self.applied
        for revision, before in zip(reversed(self.plan.revisions), reversed(befores), strict=True):
            others = self.plan.history.graph.tips(applied) - {revision.id}
            try:
                self.runner.alembic("downgrade", downgrade_target(revision, others))
            except LearnerCodeError as error:
                self.result.downgrade = Failure(revision.id, error)
                return False
            applied -= {revision.id}
            left = [item for item in compare(before, self._catalog()) if not _is_stricter(item)]
            if left:
                self.result.left_behind.append((revision.id, left))
        with self._connect() as connection:
            catalog = read_catalog(connection)
            rows = followed.read(connection, catalog, self.result.tables)
        self.result.rows_after_downgrade = rows
        return True

    def _upgrade_again(self) -> None:
        try:
            self.runner.alembic("upgrade", "heads")
        except LearnerCodeError as error:
            self.result.again = Failure(self.plan.revisions[-1].id, error)
            return
        self.result.not_the_same_again = compare(self.result.end.catalog, self._catalog())

    def _catalog(self) -> Catalog:
        with self._connect() as connection:
            return read_catalog(connection)

    def _look(self, revision: str | None) -> Stage:
        with self._connect() as connection:
            catalog = read_catalog(connection)
            rows = followed.read(connection, catalog, self.result.tables)
            self._file_nodes = read_file_nodes(connection)
            observation = observe(connection, catalog, self.plan.step.tables)
            goal = compare_goal(observation, Layer.REVISIONS)
            stage = Stage(revision, self.applied, observation, rows, goal)
            if stage.reached and len(self.plan.revisions) > 1:
                seen = {
                    step.id: observe(connection, catalog, step.tables)
                    for step in self.plan.later()
                    if step.builds
                }
                return replace(stage, later_steps=reached(seen))
        return stage


def _is_stricter(difference: Difference) -> bool:
    """Whether all that is left is a constraint which was NOT VALID before: no SQL undoes VALIDATE.

    A revision of its own for VALIDATE CONSTRAINT is the way for big tables (PostgreSQL, ALTER
    TABLE), and its downgrade has nothing to do.
    """
    return (
        difference.kind == "constraint"
        and difference.there is not None
        and difference.here == f"{difference.there} NOT VALID"
    )
