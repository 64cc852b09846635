"""The learner's database, the baseline, and models.py, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.judge.values.observation import Observation
    from tutor.judge.values.rows import Rows
    from tutor.postgres.catalog.catalog import Catalog
    from tutor.workspace.code.error import LearnerCodeError
    from tutor.workspace.code.runner import ModelTable


@dataclass(frozen=True)
class Live:
    """The learner's database as it stands.

    `versions` is None where there is no version table; `version_table` is its schema and name.
    """

    versions: tuple[str, ...] | None
    catalog: Catalog
    rows: Rows
    version_table: tuple[str, str] | None = None

    @property
    def at(self) -> str:
        """Where the database says it is, in words."""
        return ", ".join(self.versions or ()) or "base (no revision)"


@dataclass(frozen=True)
class Baseline:
    """A database from which the new revisions are replayed, and what its alembic_version holds.

    Where a revision that it has been through was edited since: `edited_fails` is why the revisions
    up to the baseline no longer run, `edited_loses` are the tables that lack rows when they do.
    """

    database: str
    versions: tuple[str, ...]
    edited_fails: LearnerCodeError | None = None
    edited_loses: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        """The baseline's revisions, in words."""
        return ", ".join(self.versions) or "base"


@dataclass(frozen=True)
class Models:
    """The schema that models.py describes, built in an empty database, and its mapped tables."""

    observation: Observation
    tables: tuple[ModelTable, ...]

    @property
    def catalog(self) -> Catalog:
        """The schema that models.py describes."""
        return self.observation.catalog
