"""What replaying the learner's new revisions on a copy showed."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.judge.findings import Finding
    from tutor.judge.values.observation import Observation
    from tutor.judge.values.rows import FollowedTable, Key, Rows
    from tutor.postgres.catalog.catalog import Catalog
    from tutor.postgres.catalog.difference import Difference
    from tutor.workspace.code.error import LearnerCodeError
    from tutor.workspace.code.runner import Drift, Unsent


@dataclass(frozen=True)
class Stage:
    """The copy after one revision: what was seen of it, its rows, and the goal's findings.

    `revision` is None for the baseline; `applied` are all revisions that have run by then.
    `later_steps` are the later steps whose goal it meets as well. `locks` are the locks that the
    revision held at its end on tables that were there before it, `rewritten` those of the tables
    that have a new file since.
    """

    revision: str | None
    applied: frozenset[str]
    observation: Observation
    rows: Rows
    goal: tuple[Finding, ...] = ()
    later_steps: frozenset[str] = frozenset()
    locks: dict[str, str] = field(default_factory=dict)
    rewritten: frozenset[str] = frozenset()

    @property
    def catalog(self) -> Catalog:
        """The schema of the copy."""
        return self.observation.catalog

    @property
    def reached(self) -> bool:
        """Whether this stage meets the step's goal."""
        return not any(finding.unmet for finding in self.goal)


class Varied(enum.Enum):
    """Which rows a replay adds to the learner's own."""

    NOT = "none"
    WITHOUT_NULL = "with other ids and values, NULL only where the learner's rows have it"
    ALL = "with other ids and values, and NULL wherever it may be"


@dataclass(frozen=True)
class Failure:
    """A command of the replay that failed: at which revision, and how."""

    revision: str
    error: LearnerCodeError


@dataclass
class Replay:
    """What the replay showed. `stages` begins with the baseline.

    `tables` are those whose rows are followed. `learner_keys` are, by table, the keys of the
    learner's own rows: others are made for the replay. `not_varied` are the tables in which none
    could be made. `failed_on_made` is the upgrade's failure where it only fails with rows that were
    made; then `varied` says with which rows it ran. `left_behind` has, by revision, what its
    downgrade did not take back. `unsent` are rows of mapped classes that the app could not send.
    """

    tables: tuple[FollowedTable, ...] = ()
    learner_keys: dict[str, frozenset[Key]] = field(default_factory=dict)
    not_varied: tuple[str, ...] = ()
    failed_on_made: Failure | None = None
    varied: Varied = Varied.NOT
    stages: list[Stage] = field(default_factory=list)
    upgrade: Failure | None = None
    downgrade: Failure | None = None
    again: Failure | None = None
    left_behind: list[tuple[str, list[Difference]]] = field(default_factory=list)
    rows_after_downgrade: Rows | None = None
    not_the_same_again: list[Difference] = field(default_factory=list)
    drift: list[Drift] | None = None
    drift_failed: LearnerCodeError | None = None
    unsent: tuple[Unsent, ...] = ()

    @property
    def start(self) -> Stage:
        """The baseline, before the first new revision."""
        return self.stages[0]

    @property
    def end(self) -> Stage:
        """The state after the last revision that ran."""
        return self.stages[-1]

    @property
    def reached(self) -> Stage | None:
        """The last stage that meets the goal before the learner went on to later steps, or None.

        Where there are new revisions, the baseline does not count. A revision belongs to a later
        step where it reaches that one's goal and the stages before it did not.
        """
        candidates = [stage for stage in self.stages[1:] or self.stages if stage.reached]
        own = [stage for stage in candidates if stage.later_steps <= candidates[0].later_steps]
        return own[-1] if own else None

    @property
    def judged(self) -> Stage:
        """The stage whose findings are told: the one that meets the goal, else the last."""
        return self.reached or self.end
