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
    for name in replay.not_varied:
        yield _not_varied(name)
    for table in replay.tables:
        for finding in _judge(table, replay):
            theirs = finding.unmet and not table.managed
            yield replace(finding, status=Status.WARNING) if theirs else finding


def _judge(table: FollowedTable, replay: Replay) -> Iterator[Finding]:
    before = replay.start.rows.get(table.name, {})
    after = replay.judged.rows.get(table.name, {})
    own = replay.learner_keys.get(table.name, frozenset())
    yield from _kept(table, before, after, own)
    yield from _filled(table, after, own)
    if replay.rows_after_downgrade is not None:
        down = replay.rows_after_downgrade.get(table.name, {})
        yield from _restored(table, before, replay.end.rows.get(table.name, {}), down, own)


def _not_varied(table: str) -> Finding:
    return warning(
        "rows.varied",
        f"no further row could be made in {table}: the migration was tried on your rows only",
        expected="it is right for other rows, too: NULL, new names, other ids",
        actual="a constraint or a trigger of yours refuses every row that the tutor makes",
        next="Read the revision with other rows in mind.",
    )


def value_of(table: FollowedTable, row: Row, column: str) -> Any:
    """Return the value that a column of the baseline has in a row of any stage.

    It is read from the column, under its old or its new name, else from where it is carried to.
    """
    for name in (cast(column), table.goal.renamed.get(column, column), column, carried(column)):
        if name in row:
            return row[name]
    return _NO_COLUMN


def _kept(
    table: FollowedTable, before: TableRows, after: TableRows, own: Collection[Key]
) -> Iterator[Finding]:
    gone = _own_or_made([key for key in before if key not in after], own)
    if gone:
        yield unmet(
            "rows.kept",
            f"the migration loses {len(gone)} of {counted(len(before))} of {table.name}",
            expected=f"all {counted(len(before))} are still there",
            actual=f"gone: {_listed(table, gone)}{_made(gone, own)}",
            next="Let the revision change rows, not delete them.",
        )
    for column in table.columns:
        changed = [
            key
            for key, row in before.items()
            if key in after and value_of(table, after[key], column) != value_of(table, row, column)
        ]
        if changed:
            yield _changed(table, column, _own_or_made(changed, own), before, after, own)
    for column in table.goal.kept_as:
        behind = [
            key
            for key, row in after.items()
            if row.get(column) is not None and row.get(carried(column), "") is None
        ]
        if behind:
            yield _not_carried(table, column, behind, after)
    if before and not gone:
        made = sum(key not in own for key in before)
        told = f", and {made} made for the check" if made else ""
        yield met("rows.kept", f"all {counted(len(before) - made)} of {table.name} are kept{told}")


def _changed(
    table: FollowedTable,
    column: str,
    changed: list[Key],
    before: TableRows,
    after: TableRows,
    own: Collection[Key],
) -> Finding:
    values = [key for key in changed if value_of(table, before[key], column) is not None]
    return unmet(
        "rows.kept",
        f"the migration loses or changes {table.name}.{column} in {counted(len(changed))}",
        expected="the values survive",
        actual=_examples(table, column, values or changed, before, after)
        + _made(values or changed, own),
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
    table: FollowedTable, before: TableRows, up: TableRows, down: TableRows, own: Collection[Key]
) -> Iterator[Finding]:
    """Yield what was there before the upgrade and is not there after the downgrade.

    Only what the upgrade kept: what it lost or changed is told as such.
    """
    gone = _own_or_made([key for key in before if key in up and key not in down], own)
    if gone:
        yield unmet(
            "rows.brought_back",
            f"the downgrade loses {len(gone)} of {counted(len(before))} of {table.name}",
            expected=f"all {counted(len(before))} are there after it",
            actual=f"gone: {_listed(table, gone)}{_made(gone, own)}",
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
            lost = _own_or_made(lost, own)
            yield unmet(
                "rows.brought_back",
                f"after a downgrade {table.name}.{column} has other values than before the upgrade "
                f"in {counted(len(lost))}",
                expected="the values that were there",
                actual=_examples(table, column, lost, before, down) + _made(lost, own),
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


def _own_or_made(keys: list[Key], own: Collection[Key]) -> list[Key]:
    """Return the keys of the learner's own rows; where there are none, of those made."""
    return [key for key in keys if key in own] or keys


def _made(keys: Collection[Key], own: Collection[Key]) -> str:
    """Say so where all rows told of were made for the check."""
    if any(key in own for key in keys):
        return ""
    return f" ({'a row' if len(keys) == 1 else 'rows'} made for the check)"


def shown(value: Any) -> str:
    """Return a value as it is told of."""
    return "NULL" if value is None else str(value)


def _listed(table: FollowedTable, keys: Sequence[Key]) -> str:
    name = ", ".join(table.key) or "row"
    told = ", ".join("/".join(key) for key in keys[:_TOLD])
    return f"{name} {told}{_more(keys)}"


def _more(keys: Sequence[Key]) -> str:
    return f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else ""
