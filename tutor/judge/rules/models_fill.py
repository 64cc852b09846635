"""What models.py fills in for a new or a changed row, which no schema shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course.step import Level
from tutor.judge.verdict import Finding, Layer, Status
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course.step import ColumnGoal
    from tutor.judge.evidence.evidence import Evidence
    from tutor.postgres.catalog.catalog import Column
    from tutor.workspace.code.runner import Fill

PLACE = (Layer.MODELS, 25)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield defaults that are one value for all rows, that cannot be stored, or that are missing.

    Asked in the models' own step only. A missing default is a warning: the app may give the value
    with every insert. (SQLAlchemy, "Column INSERT/UPDATE Defaults": Python-executed functions.)
    """
    if evidence.step.level is not Level.MODELS or isinstance(evidence.models, LearnerCodeError):
        return
    for goal in evidence.step.tables:
        table = next((item for item in evidence.model_tables if item.name == goal.name), None)
        if table is None:
            continue
        for column in goal.columns:
            fill = table.fills.get(column.name)
            if fill is not None:
                live = evidence.models.tables[goal.name].columns.get(column.name)
                yield from _judge(f"{goal.name}.{column.name}", column, fill, live)


def _in_database(live: Column | None) -> bool | None:
    """Return the boolean that the database fills in, where it has such a default."""
    return {"true": True, "false": False}.get((live.default if live else None) or "")


def _judge(name: str, column: ColumnGoal, fill: Fill, live: Column | None) -> Iterator[Finding]:
    for argument in fill.once:
        yield Finding(
            "models.default",
            Status.UNMET,
            Layer.MODELS,
            f"{argument}= of {name} is one and the same for all rows",
            expected=f"a function, such as {argument}=utc_now: SQLAlchemy calls it for every row",
            actual="a value that was computed once, when models.py was imported",
            next="Hand over the function itself: take the parentheses behind its name away.",
        )
    if fill.zone == "aware":
        yield Finding(
            "models.default",
            Status.UNMET,
            Layer.MODELS,
            f"the default of {name} cannot be stored: it has a time zone, the column has none",
            expected="both with a time zone, or both without",
            actual="a datetime with tzinfo for a DateTime() column",
            next="Make the column DateTime(timezone=True).",
        )
    elif fill.zone == "naive":
        yield Finding(
            "models.default",
            Status.WARNING,
            Layer.MODELS,
            f"the default of {name} has no time zone, and the column has one",
            actual="asyncpg takes such a value for your computer's local time",
            next="Let the function return datetime.now(timezone.utc).",
        )
    given = fill.value if fill.value is not None else _in_database(live)
    if column.value is not None and given is not None and given != column.value:
        yield Finding(
            "models.default",
            Status.UNMET,
            Layer.MODELS,
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
    return Finding(
        "models.default",
        Status.WARNING,
        Layer.MODELS,
        f"{name} has no {argument}",
        actual=then,
        next=f"Give it one ({argument}=…), unless {unless}.",
    )
