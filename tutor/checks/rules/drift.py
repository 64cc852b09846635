"""Models and revisions agree: the next autogenerate would find nothing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.checks.finding import Finding, Layer, Status
from tutor.checks.learner_code import at, foreign_or, mend, said, where
from tutor.course.step import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.checks.evidence import Evidence
    from tutor.workspace.learner_error import LearnerCodeError
    from tutor.workspace.runner import Drift

PLACE = (Layer.REVISIONS, 50)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what autogenerate would emit: unmet on the step's tables, else a warning."""
    if evidence.step.level < Level.APPLIED or evidence.replay is None:
        return
    if evidence.replay.drift_failed is not None:
        yield _failed(evidence.replay.drift_failed)
    drifts = evidence.replay.drift
    if drifts is None:
        return
    tables = {table.name for table in evidence.step.tables}
    concerned = [drift for drift in drifts if drift.table in tables]
    elsewhere = [drift for drift in drifts if drift.table not in tables]
    for drift in concerned:
        yield _finding(drift, "drift.none", Status.UNMET)
    for drift in elsewhere:
        yield _finding(drift, "drift.elsewhere", Status.WARNING)
    if not concerned:
        yield Finding(
            "drift.none",
            Status.MET,
            Layer.REVISIONS,
            "models.py and the revisions agree: `alembic check` has nothing to add",
        )


def _failed(error: LearnerCodeError) -> Finding:
    finding = Finding(
        "drift.compared",
        Status.UNMET,
        Layer.REVISIONS,
        f"Alembic cannot compare models.py with the database{at(where(error))}",
        expected="`python -m alembic check` runs to its end",
        actual=said(error),
        next=f"{mend(error)} `python -m alembic check` shows it too.",
    )
    return foreign_or(error, finding)


def _finding(drift: Drift, code: str, status: Status) -> Finding:
    return Finding(
        code,
        status,
        Layer.REVISIONS,
        f"models.py and the revisions differ: {_words(drift)}",
        expected="`python -m alembic check` finds no new operations",
        actual=f"autogenerate would write: {drift.python}",
        next="Bring models.py and the revisions together: change the one that is not what you want."
        if status is Status.UNMET
        else "The next autogenerate will write this; see that you want it.",
    )


def _words(drift: Drift) -> str:
    """Return what autogenerate wants, from the point of view of models.py."""
    action, _, thing = drift.kind.partition("_")
    names = ", ".join(drift.columns)
    if thing in {"table", "column"}:
        what = f"{drift.table}.{names}" if thing == "column" else f"the table {drift.table}"
        return f"only {'models.py' if action == 'add' else 'the database'} has {what}"
    if action == "modify":
        zone = "timezone=True" in drift.python
        more = " (one has a time zone, the other none)" if thing == "type" and zone else ""
        return f"{drift.table}.{names}: {thing} is {drift.before}, in models.py {drift.after}{more}"
    kind = {"fk": "foreign key"}.get(thing, thing)
    only = "models.py" if action == "add" else "the database"
    return f"only {only} has the {kind} on {drift.table} ({names})"
