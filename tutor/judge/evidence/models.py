"""Build the schema that models.py describes in an empty database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.evidence.observe import observe
from tutor.judge.values.database import Models
from tutor.postgres.catalog.catalog import read_catalog
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from tutor.judge.evidence.case import Case
    from tutor.workspace.code.runner import Runner


def build_models(case: Case, database: str, runner: Runner) -> Models | LearnerCodeError:
    """Return what models.py describes, or why it cannot be built in the empty `database`."""
    try:
        tables = runner.create_models()
    except LearnerCodeError as error:
        return error
    with case.server.connect(database) as connection:
        catalog = read_catalog(connection)
        return Models(observe(connection, catalog, case.step.tables), tuple(tables))
