"""The learner's database, the baseline, and models.py, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.judge.values.observation import Observation
    from tutor.judge.values.rows import Rows
    from tutor.postgres.catalog.catalog import Catalog
    from tutor.workspace.code.runner import ModelTable


@dataclass(frozen=True)
class Live:
    """The learner's database as it stands. `versions` is None where there is no version table."""

    versions: tuple[str, ...] | None
    catalog: Catalog
    rows: Rows

    @property
    def at(self) -> str:
        """Where the database says it is, in words."""
        return ", ".join(self.versions or ()) or "base (no revision)"


@dataclass(frozen=True)
class Baseline:
    """A database from which the new revisions are replayed, and what its alembic_version holds."""

    database: str
    versions: tuple[str, ...]

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
