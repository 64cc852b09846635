"""Replay the learner's new revisions on a copy of the state in which the step began.

Up one revision at a time, down again, up again: what each stage looks like, what fails, and what a
downgrade leaves behind. The live database is not involved.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tutor.judge.evidence import rows as followed
from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.probe.probe import fill_rows
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tutor.course.step import RowsGoal
    from tutor.judge.evidence.rows import Rows
    from tutor.judge.verdict import Finding
    from tutor.postgres.catalog.catalog import Catalog
    from tutor.postgres.catalog.difference import Difference
    from tutor.postgres.rows import Key
    from tutor.postgres.server import Server
    from tutor.workspace.code.runner import Drift, RevisionInfo, Runner


@dataclass(frozen=True)
class Stage:
    """The copy after one revision: its catalog, rows, and what the step's goal says of it.

    `revision` is None for the state before the first new revision. `ahead` are the later steps
    whose goal it meets as well.
    """

    revision: str | None
    catalog: Catalog
    rows: Rows
    goal: tuple[Finding, ...] = ()
    ahead: frozenset[str] = frozenset()

    @property
    def reached(self) -> bool:
        """Whether this stage meets the step's goal."""
        return not any(finding.unmet for finding in self.goal)


@dataclass(frozen=True)
class Failure:
    """A command of the replay that failed: at which revision, and how."""

    revision: str
    error: LearnerCodeError


@dataclass
class Replay:
    """What the replay showed. `stages` begins with the state before the first new revision.

    `mine` are, by table, the keys of the learner's own rows: others are made up for the replay.
    """

    mine: dict[str, frozenset[Key]] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    upgrade: Failure | None = None
    downgrade: Failure | None = None
    again: Failure | None = None
    left_behind: list[tuple[str, list[Difference]]] = field(default_factory=list)
    rows_after_downgrade: Rows = field(default_factory=dict)
    not_the_same_again: list[Difference] = field(default_factory=list)
    drift: list[Drift] | None = None
    drift_failed: LearnerCodeError | None = None

    @property
    def start(self) -> Stage:
        """The state before the first new revision."""
        return self.stages[0]

    @property
    def end(self) -> Stage:
        """The state after the last revision that ran."""
        return self.stages[-1]

    @property
    def reached(self) -> Stage | None:
        """The last stage that meets the goal before the learner ran ahead of the step, or None.

        Where there are new revisions, the state before them does not count. A revision belongs to
        a later step where it reaches that one's goal and the stages before it did not.
        """
        candidates = [stage for stage in self.stages[1:] or self.stages if stage.reached]
        own = [stage for stage in candidates if stage.ahead <= candidates[0].ahead]
        return own[-1] if own else None

    @property
    def judged(self) -> Stage:
        """The stage whose findings are told: the one that meets the goal, else the last."""
        return self.reached or self.end


@dataclass(frozen=True)
class Plan:
    """What to replay: the new revisions in order, and how to look at each stage.

    `before` is the revision that the copy is at to begin with; none is the base. `judge` and
    `ahead` say what the step's goal and the later ones' say of the copy, given its catalog.
    """

    database: str
    before: tuple[str, ...]
    revisions: Sequence[RevisionInfo]
    rows: Sequence[RowsGoal]
    judge: Callable[[Catalog], list[Finding]]
    ahead: Callable[[Catalog], frozenset[str]]


def replay(plan: Plan, server: Server, runner: Runner) -> Replay:
    """Carry out the replay. A failure of the learner's code ends its leg, and is part of it."""
    result = Replay(mine=_prepare(plan, server))
    result.stages.append(_look(plan, server, None))
    if not _upgrade(plan, server, runner, result):
        return result
    try:
        result.drift = runner.drift()
    except LearnerCodeError as error:
        result.drift_failed = error
    if plan.revisions and _downgrade(plan, server, runner, result):
        _again(plan, server, runner, result)
    return result


def _prepare(plan: Plan, server: Server) -> dict[str, frozenset[Key]]:
    """Make up the rows, and the values in them, on which the step wants to see the revisions.

    Returns the keys of the rows that were there before.
    """
    with server.connect(plan.database) as connection:
        before = followed.read(connection, plan.rows, read_catalog(connection))
        for goal in plan.rows:
            if goal.many:
                fill_rows(connection, goal.table, goal.many)
            if goal.prepare:
                connection.execute(goal.prepare.encode())
    return {table: frozenset(rows) for table, rows in before.items()}


def _upgrade(plan: Plan, server: Server, runner: Runner, result: Replay) -> bool:
    for revision in plan.revisions:
        try:
            runner.alembic("upgrade", revision.id)
        except LearnerCodeError as error:
            result.upgrade = Failure(revision.id, error)
            return False
        result.stages.append(_look(plan, server, revision.id))
    return True


def _downgrade(plan: Plan, server: Server, runner: Runner, result: Replay) -> bool:
    """Go back one revision at a time, comparing each state with that on the way up.

    Where branches were merged there is no such order: then all of them go in one step.
    """
    if any(len(revision.down) > 1 for revision in plan.revisions):
        return _downgrade_at_once(plan, server, runner, result)
    befores = [stage.catalog for stage in result.stages[:-1]]
    for revision, before in zip(reversed(plan.revisions), reversed(befores), strict=True):
        try:
            runner.alembic("downgrade", *(revision.down or ("base",)))
        except LearnerCodeError as error:
            result.downgrade = Failure(revision.id, error)
            return False
        left = [item for item in before.difference(_catalog(plan, server)) if not _stricter(item)]
        if left:
            result.left_behind.append((revision.id, left))
    _look_after_downgrade(plan, server, result)
    return True


def _downgrade_at_once(plan: Plan, server: Server, runner: Runner, result: Replay) -> bool:
    last = plan.revisions[-1].id
    try:
        runner.alembic("downgrade", *(plan.before or ("base",)))
    except LearnerCodeError as error:
        result.downgrade = Failure(last, error)
        return False
    after = _catalog(plan, server)
    left = [item for item in result.start.catalog.difference(after) if not _stricter(item)]
    if left:
        result.left_behind.append((last, left))
    _look_after_downgrade(plan, server, result)
    return True


def _look_after_downgrade(plan: Plan, server: Server, result: Replay) -> None:
    with server.connect(plan.database) as connection:
        catalog = read_catalog(connection)
        result.rows_after_downgrade = followed.read(connection, plan.rows, catalog)


def _stricter(difference: Difference) -> bool:
    """Whether all that is left is a constraint which was NOT VALID before: no SQL undoes VALIDATE.

    A revision of its own for VALIDATE CONSTRAINT is the way for big tables (PostgreSQL, ALTER
    TABLE), and its downgrade has nothing to do.
    """
    return (
        difference.kind == "constraint"
        and difference.there is not None
        and difference.here == f"{difference.there} NOT VALID"
    )


def _again(plan: Plan, server: Server, runner: Runner, result: Replay) -> None:
    try:
        runner.alembic("upgrade", "heads")
    except LearnerCodeError as error:
        result.again = Failure(plan.revisions[-1].id, error)
        return
    result.not_the_same_again = result.end.catalog.difference(_catalog(plan, server))


def _catalog(plan: Plan, server: Server) -> Catalog:
    with server.connect(plan.database) as connection:
        return read_catalog(connection)


def _look(plan: Plan, server: Server, revision: str | None) -> Stage:
    with server.connect(plan.database) as connection:
        catalog = read_catalog(connection)
        rows = followed.read(connection, plan.rows, catalog)
    stage = Stage(revision, catalog, rows, tuple(plan.judge(catalog)))
    if stage.reached and len(plan.revisions) > 1:
        return replace(stage, ahead=plan.ahead(catalog))
    return stage
