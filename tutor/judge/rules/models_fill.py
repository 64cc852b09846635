"""What models.py fills in for a new or a changed row, which no schema shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, unmet, warning
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import ColumnGoal
    from tutor.judge.evidence.evidence import Evidence
    from tutor.postgres.catalog.catalog import Column
    from tutor.workspace.code.runner import Fill

FOR = {Requirement.MODELS}
ORDER = (Layer.MODELS, 25)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield defaults that are one value for all rows, that cannot be stored, or that are missing.

    Asked in the models' own step only. A missing default is a warning: the app may give the value
    with every insert. (SQLAlchemy, "Column INSERT/UPDATE Defaults": Python-executed functions.)
    """
    models = evidence.models
    if isinstance(models, LearnerCodeError):
        return
    for goal in models.observation.goals:
        table = next((item for item in models.tables if item.name == goal.name), None)
        if table is None:
            continue
        for column in goal.columns:
            fill = table.fills.get(column.name)
            if fill is not None:
                built = models.catalog.tables[goal.name].columns.get(column.name)
                yield from _judge(f"{goal.name}.{column.name}", column, fill, built)


def _in_database(built: Column | None) -> bool | None:
    """Return the boolean that the database fills in, where it has such a default."""
    return {"true": True, "false": False}.get((built.default if built else None) or "")


def _judge(name: str, column: ColumnGoal, fill: Fill, built: Column | None) -> Iterator[Finding]:
    for argument in fill.once:
        yield unmet(
            "models.default",
            f"{argument}= of {name} is one and the same for all rows",
            expected=f"a function, such as {argument}=utc_now: SQLAlchemy calls it for every row",
            actual="a value that was computed once, when models.py was imported",
            next="Hand over the function itself: take the parentheses behind its name away.",
        )
    if fill.zone == "aware":
        yield unmet(
            "models.default",
            f"the default of {name} cannot be stored: it has a time zone, the column has none",
            expected="both with a time zone, or both without",
            actual="a datetime with tzinfo for a DateTime() column",
            next="Make the column DateTime(timezone=True).",
        )
    elif fill.zone == "naive":
        yield warning(
            "models.default",
            f"the default of {name} has no time zone, and the column has one",
            actual="asyncpg takes such a value for your computer's local time",
            next="Let the function return datetime.now(timezone.utc).",
        )
    given = fill.value if fill.value is not None else _in_database(built)
    if column.value is not None and given is not None and given != column.value:
        yield unmet(
            "models.default",
            f"the default of {name} is {given!r}",
            expected=f"default={column.value}",
            actual=f"default={given!r}",
            next=f"Make it {column.value}, without quotation marks.",
        )
    if column.default and not fill.default:
        then = "an insert that leaves it out will fail: it must not be NULL"
        yield _lacking(name, "default", then, "your app always gives the value")
    if column.onupdate and not fill.onupdate:
        then = "it will keep the moment at which the row was made"
        yield _lacking(name, "onupdate", then, "your app or a trigger sets it")


def _lacking(name: str, argument: str, then: str, unless: str) -> Finding:
    return warning(
        "models.default",
        f"{name} has no {argument}",
        actual=then,
        next=f"Give it one ({argument}=…), unless {unless}.",
    )
