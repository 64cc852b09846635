"""Build the schema that models.py describes in an empty database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.evidence.observe import observe
from tutor.judge.values.database import Models
from tutor.postgres.catalog.catalog import read_catalog
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from tutor.course import Step
    from tutor.postgres.databases.scratch import Scratch
    from tutor.workspace.code.runner import Runner


def build_models(
    step: Step, scratch: Scratch, database: str, runner: Runner
) -> Models | LearnerCodeError:
    """Return what models.py describes, or why it cannot be built in the empty `database`."""
    try:
        tables = runner.create_models()
    except LearnerCodeError as error:
        return error
    with scratch.connect(database) as connection:
        catalog = read_catalog(connection)
        return Models(observe(connection, catalog, step.tables), tuple(tables))
