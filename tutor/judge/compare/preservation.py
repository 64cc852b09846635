"""Data preservation: which rows survive the replay, and what they hold afterwards.

What a step does not ask to change must come through the upgrade: every column of every table that
was in the baseline.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.judge.findings import Finding, Status, met, unmet, warning
from tutor.judge.values.rows import carried, cast, counted, is_right, should_be

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tutor.judge.values.replay import Replay
    from tutor.judge.values.rows import FollowedTable, Key, Row, TableRows

_TOLD = 3
"""So many values are named; the rest are counted."""

_NO_COLUMN = "no such column"


def preservation(replay: Replay) -> Iterator[Finding]:
    """Yield what an upgrade that ran through lost, changed, or filled in, and what came back.

    For a table that is the learner's own, what would be unmet is a warning.
    """
    for table in replay.tables:
        for finding in _judge(table, replay):
            theirs = finding.unmet and not table.managed
            yield replace(finding, status=Status.WARNING) if theirs else finding


def _judge(table: FollowedTable, replay: Replay) -> Iterator[Finding]:
    before = replay.start.rows.get(table.name, {})
    after = replay.judged.rows.get(table.name, {})
    yield from _kept(table, before, after)
    yield from _filled(table, after, replay.learner_keys.get(table.name, frozenset()))
    if replay.rows_after_downgrade is not None:
        down = replay.rows_after_downgrade.get(table.name, {})
        yield from _restored(table, before, replay.end.rows.get(table.name, {}), down)


def value_of(table: FollowedTable, row: Row, column: str) -> Any:
    """Return the value that a column of the baseline has in a row of any stage.

    It is read from the column, under its old or its new name, else from where it is carried to.
    """
    for name in (cast(column), table.goal.renamed.get(column, column), column, carried(column)):
        if name in row:
            return row[name]
    return _NO_COLUMN


def _kept(table: FollowedTable, before: TableRows, after: TableRows) -> Iterator[Finding]:
    gone = [key for key in before if key not in after]
    if gone:
        yield unmet(
            "rows.kept",
            f"the migration loses {len(gone)} of {counted(len(before))} of {table.name}",
            expected=f"all {counted(len(before))} are still there",
            actual=f"gone: {_listed(table, gone)}",
            next="Let the revision change rows, not delete them.",
        )
    for column in table.columns:
        changed = [
            key
            for key, row in before.items()
            if key in after and value_of(table, after[key], column) != value_of(table, row, column)
        ]
        if changed:
            yield _changed(table, column, changed, before, after)
    for column in table.goal.kept_as:
        behind = [
            key
            for key, row in after.items()
            if row.get(column) is not None and row.get(carried(column), "") is None
        ]
        if behind:
            yield _not_carried(table, column, behind, after)
    if before and not gone:
        yield met("rows.kept", f"all {counted(len(before))} of {table.name} survive")


def _changed(
    table: FollowedTable, column: str, changed: list[Key], before: TableRows, after: TableRows
) -> Finding:
    values = [key for key in changed if value_of(table, before[key], column) is not None]
    return unmet(
        "rows.kept",
        f"the migration loses or changes {table.name}.{column} in {counted(len(changed))}",
        expected="the values survive",
        actual=_examples(table, column, values or changed, before, after),
        next="Carry the values over in upgrade(): nothing can bring them back afterwards.",
    )


def _not_carried(table: FollowedTable, column: str, keys: list[Key], after: TableRows) -> Finding:
    """Return the finding on values that were neither lost nor carried over."""
    examples = "; ".join(
        f"{_listed(table, [key])}: {shown(after[key].get(column))}" for key in keys[:_TOLD]
    )
    return warning(
        "rows.carried",
        f"{table.name}.{column} is kept, and nothing leads from {counted(len(keys))} to the new "
        f"place of the values",
        expected=table.goal.kept_as[column].sql,
        actual=examples + _more(keys),
        next="Nothing is lost. But carry the values over as well, or both places will differ.",
    )


def _restored(
    table: FollowedTable, before: TableRows, up: TableRows, down: TableRows
) -> Iterator[Finding]:
    """Yield what was there before the upgrade and is not there after the downgrade.

    Only what the upgrade kept: what it lost or changed is told as such.
    """
    gone = [key for key in before if key in up and key not in down]
    if gone:
        yield unmet(
            "rows.brought_back",
            f"the downgrade loses {len(gone)} of {counted(len(before))} of {table.name}",
            expected=f"all {counted(len(before))} are there after it",
            actual=f"gone: {_listed(table, gone)}",
            next="Let downgrade() change rows, not delete them.",
        )
    for column in table.columns:
        lost = [
            key
            for key, row in before.items()
            if key in up
            and key in down
            and value_of(table, up[key], column) == value_of(table, row, column)
            and value_of(table, down[key], column) != value_of(table, row, column)
        ]
        if lost:
            yield unmet(
                "rows.brought_back",
                f"after a downgrade {table.name}.{column} has other values than before the upgrade "
                f"in {counted(len(lost))}",
                expected="the values that were there",
                actual=_examples(table, column, lost, before, down),
                next="Let downgrade() carry the values back, as upgrade() carries them over.",
            )


def _filled(
    table: FollowedTable, after: TableRows, learner_keys: Collection[Key]
) -> Iterator[Finding]:
    """Yield whether new columns hold what they should.

    Rows that are not the learner's own were made for the check, and are told of as such.
    """
    for column, expression in table.goal.values.items():
        wrong = [key for key, row in after.items() if row.get(is_right(column)) is not True]
        if not wrong:
            yield met("rows.filled", f"{table.name}.{column} is filled in as it should be")
            continue
        wrong.sort(key=lambda key: key not in learner_keys)
        examples = "; ".join(
            f"{_listed(table, [key])}{_circumstances(table, column, after[key], made=made)}: "
            f"{shown(after[key].get(column, _NO_COLUMN))}, "
            f"not {shown(after[key].get(should_be(column)))}"
            for key in wrong[:_TOLD]
            for made in [key not in learner_keys]
        )
        yield unmet(
            "rows.filled",
            f"{table.name}.{column} has other values than it should in {counted(len(wrong))}",
            expected=expression,
            actual=examples,
            next="Fix the UPDATE in upgrade().",
        )


def _circumstances(table: FollowedTable, column: str, row: Row, *, made: bool) -> str:
    """Return what the value depends on in this row, and whether the row was made for the check."""
    expression = table.goal.values[column]
    depends = [
        f"{name} {shown(row[name])}"
        for name in row
        if name in expression and re.search(rf"\b{re.escape(name)}\b", expression)
    ]
    told = ", ".join([*depends, *(["a row made for the check"] if made else [])])
    return f" ({told})" if told else ""


def _examples(
    table: FollowedTable, column: str, keys: list[Key], before: TableRows, after: TableRows
) -> str:
    listed = "; ".join(
        f"{_listed(table, [key])}: {shown(value_of(table, before[key], column))} → "
        f"{shown(value_of(table, after[key], column))}"
        for key in keys[:_TOLD]
    )
    return listed + _more(keys)


def shown(value: Any) -> str:
    """Return a value as it is told of."""
    return "NULL" if value is None else str(value)


def _listed(table: FollowedTable, keys: Sequence[Key]) -> str:
    name = ", ".join(table.key) or "row"
    told = ", ".join("/".join(key) for key in keys[:_TOLD])
    return f"{name} {told}{_more(keys)}"


def _more(keys: Sequence[Key]) -> str:
    return f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else ""
