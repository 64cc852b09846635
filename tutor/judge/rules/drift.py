"""Models and revisions agree: the next autogenerate would find nothing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet, warning
from tutor.judge.words.learner_code import at, fix, foreign_or, said, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.workspace.code.error import LearnerCodeError
    from tutor.workspace.code.runner import Drift

FOR = {Requirement.REHEARSAL}
ORDER = (Layer.REVISIONS, 50)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what autogenerate would emit: unmet on the step's tables, else a warning."""
    if evidence.replay is None:
        return
    if evidence.unknown_version is not None:  # Alembic refuses every command until that is fixed
        return
    if not evidence.new and not evidence.replay.start.reached:  # so there is a revision to come
        return
    if evidence.replay.drift_failed is not None:
        yield _failed(evidence.replay.drift_failed)
    if evidence.replay.drift is None:
        return
    # What it does not see, it drops: that is told already.
    drifts = [drift for drift in evidence.replay.drift if drift.table not in evidence.unseen]
    tables = {goal.name for goal in evidence.replay.start.observation.goals}
    concerned = [drift for drift in drifts if drift.table in tables]
    elsewhere = [drift for drift in drifts if drift.table not in tables]
    for both in _together(concerned):
        yield unmet(
            "drift.none",
            _words(both),
            expected="`python -m alembic check` finds no new operations",
            actual=_operations(both),
            next="Bring models.py and the revisions together: change the one that is not what you "
            "want.",
        )
    for both in _together(elsewhere):
        yield warning(
            "drift.elsewhere",
            _words(both),
            expected="`python -m alembic check` finds no new operations",
            actual=_operations(both),
            next="The next autogenerate will write this; see that you want it.",
        )
    if not concerned and not evidence.unseen:
        yield met(
            "drift.none", "models.py and the revisions agree: `alembic check` has nothing to add"
        )


def _failed(error: LearnerCodeError) -> Finding:
    finding = unmet(
        "drift.compared",
        f"Alembic cannot compare models.py with the database{at(where(error))}",
        expected="`python -m alembic check` runs to its end",
        actual=said(error),
        next=f"{fix(error)} `python -m alembic check` shows it too.",
    )
    return foreign_or(error, finding)


def _together(drifts: list[Drift]) -> list[list[Drift]]:
    """Return the differences; what is taken away and added anew on the same columns is one."""
    found: dict[tuple[str | None, str, tuple[str, ...]], list[Drift]] = {}
    for drift in drifts:
        _, _, thing = drift.kind.partition("_")
        found.setdefault((drift.table, thing, drift.columns), []).append(drift)
    return [
        group
        for same in found.values()
        for group in ([same] if _replaced(same) else [[drift] for drift in same])
    ]


def _replaced(drifts: list[Drift]) -> bool:
    kinds = sorted(drift.kind.partition("_")[0] for drift in drifts)
    return kinds == ["add", "remove"]


def _operations(drifts: list[Drift]) -> str:
    lines = "; ".join(" ".join(drift.python.split()) for drift in drifts)
    return f"autogenerate would write: {lines}"


def _words(drifts: list[Drift]) -> str:
    return f"models.py and the revisions differ: {_difference(drifts)}"


def _difference(drifts: list[Drift]) -> str:
    """Return what autogenerate wants, from the point of view of models.py."""
    drift = drifts[0]
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
    if len(drifts) > 1:
        return f"the {kind} on {drift.table} ({names}) is not the same in both"
    only = "models.py" if action == "add" else "the database"
    return f"only {only} has the {kind} on {drift.table} ({names})"
