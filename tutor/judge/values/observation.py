"""A database as far as a goal is concerned: its catalog, and what became of probe inserts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.course import IndexGoal, TableGoal
    from tutor.postgres.catalog.catalog import Catalog
    from tutor.postgres.probe.ids import NextId
    from tutor.postgres.probe.probe import Outcome

UniqueKey = tuple[str, tuple[str, ...]]
"""A table and the columns that should be unique together."""


@dataclass(frozen=True)
class Observation:
    """What was seen of one database.

    `goals` are the step's goals with the learner's own names in the place of roles. `unique` tells
    whether a second row with the same values was refused. `probes` has the outcomes of a table's
    probe inserts in the order of its goal; None where no such row could be made. Both are empty for
    tables that lack columns of their goal. `serving` names the indexes that serve the question of
    an index's goal. `next_ids` tells where the next row's id comes from.
    """

    catalog: Catalog
    goals: tuple[TableGoal, ...] = ()
    unique: Mapping[UniqueKey, bool] = field(default_factory=dict)
    probes: Mapping[str, tuple[Outcome | None, ...]] = field(default_factory=dict)
    serving: Mapping[tuple[str, IndexGoal], frozenset[str]] = field(default_factory=dict)
    next_ids: Mapping[str, NextId] = field(default_factory=dict)
