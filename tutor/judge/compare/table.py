"""Judge one table of a database against a step's goal, by what is there and by what it lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError
from tutor.judge.compare import types
from tutor.judge.compare.structure import foreign_keys, indexes, unique_indexes
from tutor.judge.verdict import Finding, Layer, Status
from tutor.postgres.probe.probe import enforces_unique, try_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course.step import ColumnGoal, ForeignKeyGoal, IndexGoal, TableGoal, TrialGoal
    from tutor.postgres.catalog.catalog import Catalog, Table

_WHERE = {
    Layer.MODELS: "models.py",
    Layer.REVISIONS: "what your revisions build",
    Layer.SCHEMA: "the live database",
}
_MEND = {
    Layer.MODELS: "it in models.py.",
    Layer.REVISIONS: "it in upgrade() of your new revision file.",
}
_VERBS = {"exists": "Add", "enforced": "Add", "gone": "Drop"}
"""What to do about a finding, by the end of its code; all others are to be mended."""


def judge_table(
    wanted: TableGoal, catalog: Catalog, connection: Any, layer: Layer
) -> Iterator[Finding]:
    """Yield findings on one table. `connection` leads to the copy that `catalog` describes."""
    table = catalog.tables.get(wanted.name)
    yield _finding(
        "table.exists",
        layer,
        table is not None,
        f"{_WHERE[layer]} has the table {wanted.name}",
        f"{_WHERE[layer]} has no table {wanted.name}",
        f"a table {wanted.name}",
        f"tables: {', '.join(sorted(catalog.tables)) or 'none'}",
    )
    if table is None:
        return
    present = {column.name for column in wanted.columns if column.name in table.columns}
    for column in wanted.columns:
        yield from _column(wanted.name, column, table, layer)
    for name in wanted.gone:
        yield _finding(
            "column.gone",
            layer,
            name not in table.columns,
            f"{wanted.name}.{name} is gone from {_WHERE[layer]}",
            f"{_WHERE[layer]} still has {wanted.name}.{name}",
            "no such column",
            "it is there",
        )
    for name, constraint in table.constraints.items():
        if not constraint.validated:
            yield _finding(
                "constraint.validated",
                layer,
                False,  # noqa: FBT003 - unmet
                "",
                f"{name} on {wanted.name} was added NOT VALID and never validated",
                f"ALTER TABLE {wanted.name} VALIDATE CONSTRAINT {name}",
                constraint.definition,
            )
    if present != {column.name for column in wanted.columns}:
        return  # the rules below speak of columns that are not there yet
    yield from _keys(wanted, table, connection, layer)
    for index in wanted.indexes:
        yield _index(wanted.name, index, table, layer)
    for trial in wanted.trials:
        yield _trial(wanted.name, trial, connection, layer)


def _finding(
    code: str,
    layer: Layer,
    met: bool,  # noqa: FBT001 - the outcome, positional in every call below
    good: str,
    bad: str,
    expected: str = "",
    actual: str = "",
) -> Finding:
    summary = good if met else bad
    return Finding(
        code=code,
        status=Status.MET if met else Status.UNMET,
        layer=layer,
        summary=summary[0].upper() + summary[1:]
        if summary.startswith(("what", "the"))
        else summary,
        expected=expected,
        actual=expected if met else actual,
        next="" if met else f"{_VERBS.get(code.partition('.')[2], 'Mend')} {_MEND[layer]}",
    )


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


def _keys(wanted: TableGoal, table: Table, connection: Any, layer: Layer) -> Iterator[Finding]:
    if wanted.primary_key:
        actual = table.primary_key
        yield _finding(
            "primary_key.exists",
            layer,
            actual == wanted.primary_key,
            f"the primary key of {wanted.name} is right",
            f"{wanted.name} has another primary key in {_WHERE[layer]}",
            ", ".join(wanted.primary_key),
            ", ".join(actual) or "none",
        )
    for columns in wanted.unique:
        listed = ", ".join(columns)
        yield _finding(
            "unique.enforced",
            layer,
            _is_unique(wanted.name, columns, table, connection),
            f"two rows of {wanted.name} cannot share {listed} in {_WHERE[layer]}",
            f"two rows of {wanted.name} can share the same {listed} in {_WHERE[layer]}",
            f"unique ({listed})",
            "a second row with the same values was let in",
        )
    for key in wanted.foreign_keys:
        yield _foreign_key(wanted.name, key, table, layer)


def _is_unique(name: str, columns: tuple[str, ...], table: Table, connection: Any) -> bool:
    """Try a second row; where no row can be made up (a CHECK refuses it), read the catalog."""
    try:
        return enforces_unique(connection, name, columns)
    except CannotActError:
        return bool(unique_indexes(table, columns))


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


def _index(table_name: str, wanted: IndexGoal, table: Table, layer: Layer) -> Finding:
    listed = ", ".join(wanted.columns)
    condition = f" WHERE {wanted.where}" if wanted.where else ""
    return _finding(
        "index.exists",
        layer,
        bool(indexes(table, wanted)),
        f"an index on {table_name} ({listed}){condition} is in {_WHERE[layer]}",
        f"no index on {table_name} ({listed}){condition} in {_WHERE[layer]}",
        f"an index on ({listed}){condition}",
        "; ".join(index.definition for index in table.indexes.values()) or "no index",
    )


def _trial(table_name: str, wanted: TrialGoal, connection: Any, layer: Layer) -> Finding:
    (outcome,) = try_rows(connection, table_name, [dict(wanted.row)])
    if wanted.refused_with is None:
        return _finding(
            "trial.accepted",
            layer,
            outcome.ok,
            f"{table_name} lets in {wanted.why} in {_WHERE[layer]}",
            f"{table_name} refuses {wanted.why} in {_WHERE[layer]}",
            "the row is let in",
            outcome.message,
        )
    return _finding(
        "trial.refused",
        layer,
        outcome.sqlstate == wanted.refused_with,
        f"{table_name} refuses {wanted.why} in {_WHERE[layer]}",
        f"{table_name} lets in {wanted.why} in {_WHERE[layer]}"
        if outcome.ok
        else f"{table_name} refuses {wanted.why} for another reason in {_WHERE[layer]}",
        "the row is refused",
        "the row was let in" if outcome.ok else outcome.message,
    )
