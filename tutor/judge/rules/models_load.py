"""models.py can be parsed and imported, and its tables can be created."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet
from tutor.judge.words.learner_code import at, foreign_or, where
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.MODELS, Requirement.DRAFT, Requirement.REHEARSAL}
ORDER = (Layer.MODELS, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield why models.py cannot be used, where it cannot."""
    error = evidence.models
    if not isinstance(error, LearnerCodeError):
        yield met(
            "models.import",
            "models.py can be imported and its tables made",
        )
        return
    place = where(error) or "models.py"
    match error.kind:
        case "syntax":
            code, summary = "models.syntax", f"{place} is not valid Python"
            then = f"Look at {place}, and at the line before it."
        case "hang":
            code, summary = "models.import", f"importing models.py does not end{at(where(error))}"
            then = "Take out of models.py whatever waits or loops: it may only declare."
        case "sqlalchemy":
            code, summary = "models.base", f"SQLAlchemy refuses the models{at(where(error))}"
            then = f"Fix {place}."
        case "database":
            code, summary = "models.base", "the tables of models.py cannot be created"
            then = f"PostgreSQL says why: {error.message}"
        case _:
            code, summary = "models.import", f"models.py cannot be imported{at(where(error))}"
            then = f"Run `python -c 'import models'` to see it, and fix {place}."
    finding = unmet(
        code,
        summary,
        expected="`import models` works",
        actual=error.message,
        next=then,
    )
    yield foreign_or(error, finding)
