"""Compare what was seen of a database with a step's goal: what is there, and what it accepts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.judge.compare import types
from tutor.judge.compare.ids import next_id_works
from tutor.judge.compare.structure import foreign_keys
from tutor.judge.findings import Finding, Layer, met, unmet, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import ColumnGoal, ForeignKeyGoal, IndexGoal, ProbeGoal, TableGoal
    from tutor.judge.values.observation import Observation
    from tutor.postgres.catalog.catalog import Table
    from tutor.postgres.probe.probe import Outcome

_WHERE = {
    Layer.MODELS: "models.py",
    Layer.REVISIONS: "what your revisions build",
    Layer.SCHEMA: "the live database",
}
_FIX = {
    Layer.MODELS: "it in models.py.",
    Layer.REVISIONS: "it in upgrade() of your new revision file.",
}
_FROZEN = re.compile(r"'\d{4}-\d\d-\d\d[^']*'::(timestamp|date|time)")
"""A default that is a literal moment (PostgreSQL, "Date/Time Types", on 'now' in a default)."""

_VERBS = {"exists": "Add", "enforced": "Add", "gone": "Drop"}
"""What to do about a finding, by the end of its code; all others are to be fixed."""


def compare_goal(observation: Observation, layer: Layer) -> tuple[Finding, ...]:
    """Return the findings on all tables of the goal, as seen at one layer."""
    return tuple(
        finding for goal in observation.goals for finding in _table(goal, observation, layer)
    )


def _table(goal: TableGoal, observation: Observation, layer: Layer) -> Iterator[Finding]:
    tables = observation.catalog.tables
    table = tables.get(goal.name)
    yield _finding(
        "table.exists",
        layer,
        table is not None,
        f"{_WHERE[layer]} has the table {goal.name}",
        f"{_WHERE[layer]} has no {wanted_table(goal)}",
        f"a {wanted_table(goal)}",
        f"tables: {', '.join(sorted(tables)) or 'none'}",
    )
    if table is None:
        return
    for column in goal.columns:
        yield from _column(goal.name, column, table, layer)
    for name in goal.gone:
        yield _finding(
            "column.gone",
            layer,
            name not in table.columns,
            f"{goal.name}.{name} is gone from {_WHERE[layer]}",
            f"{_WHERE[layer]} still has {goal.name}.{name}",
            "no such column",
            "it is there",
        )
    if goal.name in observation.next_ids:
        yield from next_id_works(goal.name, observation.next_ids[goal.name], layer)
    for name, constraint in table.constraints.items():
        if not constraint.validated:
            yield unmet(
                "constraint.validated",
                f"{name} on {goal.name} was added NOT VALID and never validated",
                layer=layer,
                expected=f"ALTER TABLE {goal.name} VALIDATE CONSTRAINT {name}",
                actual=constraint.definition,
                next=f"Fix {_FIX[layer]}",
            )
    if not has_columns(goal, table):
        return  # the rules below speak of columns that are not there yet
    yield from _keys(goal, table, observation, layer)
    for index in goal.indexes:
        serving = observation.serving.get((goal.name, index), frozenset())
        yield _index(goal.name, index, table, layer, serves=bool(serving))
    for probe, outcome in zip(goal.probes, observation.probes.get(goal.name, ()), strict=True):
        yield _probe(goal.name, probe, outcome, layer)


def has_columns(goal: TableGoal, table: Table) -> bool:
    """Whether a table has every column of its goal."""
    return all(column.name in table.columns for column in goal.columns)


def wanted_table(goal: TableGoal) -> str:
    """Return the table in words: by its name, or by what it points to."""
    if goal.points_to:
        return f"table that points to {' and '.join(goal.points_to)}"
    return f"table {goal.name}"


def _finding(
    code: str,
    layer: Layer,
    holds: bool,  # noqa: FBT001 - the outcome, positional in every call here
    good: str,
    bad: str,
    expected: str,
    actual: str,
) -> Finding:
    if holds:
        return met(code, _capitalised(good), layer=layer, actual=expected)
    verb = _VERBS.get(code.partition(".")[2], "Fix")
    return unmet(
        code,
        _capitalised(bad),
        layer=layer,
        expected=expected,
        actual=actual,
        next=f"{verb} {_FIX[layer]}",
    )


def _capitalised(sentence: str) -> str:
    """Return a sentence with a capital, unless it begins with a name of the learner's."""
    begins_with_word = sentence.startswith(("what", "the"))
    return sentence[0].upper() + sentence[1:] if begins_with_word else sentence


def _column(table_name: str, wanted: ColumnGoal, table: Table, layer: Layer) -> Iterator[Finding]:
    name = f"{table_name}.{wanted.name}"
    column = table.columns.get(wanted.name)
    yield _finding(
        "column.exists",
        layer,
        column is not None,
        f"{name} is in {_WHERE[layer]}",
        f"{name} is not in {_WHERE[layer]}",
        f"a column {wanted.name}",
        f"columns: {', '.join(table.columns)}",
    )
    if column is None:
        return
    if wanted.type is not None:
        yield _finding(
            "column.type",
            layer,
            types.fits(wanted.type, column.type),
            f"{name} has a type that fits in {_WHERE[layer]}",
            f"{name} has another type in {_WHERE[layer]}",
            types.words(wanted.type),
            column.type.upper(),
        )
    if wanted.nullable is not None:
        yield _finding(
            "column.nullable",
            layer,
            column.nullable == wanted.nullable,
            f"{name} {'allows' if wanted.nullable else 'refuses'} NULL in {_WHERE[layer]}",
            f"{name} {'still allows' if column.nullable else 'refuses'} NULL in {_WHERE[layer]}",
            "NULL allowed" if wanted.nullable else "NOT NULL",
            "NULL allowed" if column.nullable else "NOT NULL",
        )
    if _FROZEN.match(column.default or ""):
        yield unmet(
            "column.frozen",
            f"the default of {name} is one moment for all rows in {_WHERE[layer]}",
            layer=layer,
            expected="now() or CURRENT_TIMESTAMP, which PostgreSQL asks for each row",
            actual=f"DEFAULT {column.default}",
            next="Write server_default=func.now(), or sa.text('now()'), in models.py and in "
            "upgrade(): a word in quotes is read once, when the table is made.",
        )


def _keys(
    goal: TableGoal, table: Table, observation: Observation, layer: Layer
) -> Iterator[Finding]:
    if goal.primary_key:
        yield _finding(
            "primary_key.exists",
            layer,
            table.primary_key == goal.primary_key,
            f"the primary key of {goal.name} is right",
            f"{goal.name} has another primary key in {_WHERE[layer]}",
            ", ".join(goal.primary_key),
            ", ".join(table.primary_key) or "none",
        )
    for columns in goal.unique:
        listed = ", ".join(columns)
        yield _finding(
            "unique.enforced",
            layer,
            observation.unique.get((goal.name, columns), False),
            f"two rows of {goal.name} cannot share {listed} in {_WHERE[layer]}",
            f"two rows of {goal.name} can share the same {listed} in {_WHERE[layer]}",
            f"unique ({listed})",
            "a second row with the same values was accepted",
        )
    for key in goal.foreign_keys:
        yield _foreign_key(goal.name, key, table, layer)


def _foreign_key(table_name: str, wanted: ForeignKeyGoal, table: Table, layer: Layer) -> Finding:
    keys = [key for key in table.constraints.values() if key.kind == "foreign key"]
    target = f"{wanted.table}({', '.join(wanted.references)})"
    listed = ", ".join(wanted.columns)
    return _finding(
        "foreign_key.enforced",
        layer,
        bool(foreign_keys(table, wanted)),
        f"{table_name}.{listed} points to {target} in {_WHERE[layer]}",
        f"{table_name}.{listed} has no foreign key to {target} in {_WHERE[layer]}",
        f"FOREIGN KEY ({listed}) REFERENCES {target}",
        "; ".join(key.definition for key in keys) or "no foreign key",
    )


def _index(
    table_name: str, wanted: IndexGoal, table: Table, layer: Layer, *, serves: bool
) -> Finding:
    listed = ", ".join(wanted.columns)
    condition = f" WHERE {wanted.where}" if wanted.where else ""
    return _finding(
        "index.exists",
        layer,
        serves,
        f"an index on {table_name} ({listed}){condition} is in {_WHERE[layer]}",
        f"no index on {table_name} ({listed}){condition} in {_WHERE[layer]}",
        f"an index on ({listed}){condition}",
        "; ".join(index.definition for index in table.indexes.values()) or "no index",
    )


def _probe(table_name: str, wanted: ProbeGoal, outcome: Outcome | None, layer: Layer) -> Finding:
    code = "trial.accepted" if wanted.refused_with is None else "trial.refused"
    if outcome is None:
        return warning(
            code,
            f"could not try whether {table_name} accepts {wanted.why}",
            layer=layer,
            actual="no such row can be made under the other constraints of the table",
            next="Look at it yourself, with an INSERT in `tutor psql`.",
        )
    if wanted.refused_with is None:
        return _finding(
            code,
            layer,
            outcome.ok,
            f"{table_name} accepts {wanted.why} in {_WHERE[layer]}",
            f"{table_name} refuses {wanted.why} in {_WHERE[layer]}",
            "the row is accepted",
            outcome.message,
        )
    return _finding(
        code,
        layer,
        outcome.sqlstate == wanted.refused_with,
        f"{table_name} refuses {wanted.why} in {_WHERE[layer]}",
        f"{table_name} accepts {wanted.why} in {_WHERE[layer]}"
        if outcome.ok
        else f"{table_name} refuses {wanted.why} for another reason in {_WHERE[layer]}",
        "the row is refused",
        "the row was accepted" if outcome.ok else outcome.message,
    )
