"""What the replay did to the rows: which survive, and what they hold afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.judge.evidence.rows import counted, elsewhere, is_right, should_be
from tutor.judge.verdict import Finding, Layer, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tutor.course.step import RowsGoal
    from tutor.judge.evidence.replay import Replay
    from tutor.judge.evidence.rows import Row, TableRows

_TOLD = 3
"""So many values are named; the rest are counted."""

_ABSENT = "no such column"


def survival(goals: Sequence[RowsGoal], replay: Replay) -> Iterator[Finding]:
    """Yield what an upgrade that ran through lost, changed, or filled in, and what came back."""
    for goal in goals:
        before = replay.start.rows.get(goal.table, {})
        after = replay.judged.rows.get(goal.table, {})
        yield from _kept(goal, before, after)
        yield from _filled(goal, after, replay.mine.get(goal.table, frozenset()))
        if replay.downgrade is None:
            yield from _brought_back(goal, before, replay.rows_after_downgrade.get(goal.table, {}))


def _kept(goal: RowsGoal, before: TableRows, after: TableRows) -> Iterator[Finding]:
    gone = [key for key in before if key not in after]
    if gone:
        yield Finding(
            "rows.kept",
            Status.UNMET,
            Layer.ROWS,
            f"the migration loses {len(gone)} of {counted(len(before))} of {goal.table}",
            expected=f"all {counted(len(before))} are still there",
            actual=f"gone: {_listed(goal, gone)}",
            next="Let the revision change rows, not delete them.",
        )
    for column in goal.keep:
        changed = [
            key
            for key, row in before.items()
            if column in row and key in after and after[key].get(column, _ABSENT) != row[column]
        ]
        if changed:
            yield _changed(goal, column, changed, before, after)
    for column in goal.kept_as:
        behind = [
            key
            for key, row in after.items()
            if row.get(column) is not None and row.get(elsewhere(column), "") is None
        ]
        if behind:
            yield _left_behind(goal, column, behind, after)
    if not gone:
        yield Finding(
            "rows.kept",
            Status.MET,
            Layer.ROWS,
            f"all {counted(len(before))} of {goal.table} survive",
        )


def _left_behind(
    goal: RowsGoal, column: str, keys: list[tuple[str, ...]], after: TableRows
) -> Finding:
    """Return the finding on values that were neither lost nor carried over."""
    examples = "; ".join(
        f"{_listed(goal, [key])}: {_shown(after[key], column)}" for key in keys[:_TOLD]
    )
    return Finding(
        "rows.carried",
        Status.WARNING,
        Layer.ROWS,
        f"{goal.table}.{column} is kept, and nothing leads from {counted(len(keys))} to the new "
        f"place of the values",
        expected=goal.kept_as[column].sql,
        actual=examples + (f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else ""),
        next="Nothing is lost. But carry the values over as well, or both places will differ.",
    )


def _brought_back(goal: RowsGoal, before: TableRows, after: TableRows) -> Iterator[Finding]:
    """Yield the columns that the downgrade leaves with other values than before the upgrade.

    A warning only: not every upgrade can be undone without a loss.
    """
    for column in goal.keep:
        lost = [
            key
            for key, row in before.items()
            if row.get(column) is not None
            and column in after.get(key, {})
            and after[key][column] != row[column]
        ]
        if lost:
            yield Finding(
                "rows.brought_back",
                Status.WARNING,
                Layer.ROWS,
                f"after a downgrade {goal.table}.{column} has other values than before the upgrade "
                f"in {counted(len(lost))}",
                expected="the values that were there",
                actual=_examples(goal, column, lost, before, after),
                next="Let downgrade() carry the values back, as upgrade() carries them over.",
            )


def _changed(
    goal: RowsGoal, column: str, changed: list[tuple[str, ...]], before: TableRows, after: TableRows
) -> Finding:
    values = [key for key in changed if before[key].get(column) is not None]
    return Finding(
        "rows.kept",
        Status.UNMET,
        Layer.ROWS,
        f"the migration loses or changes {goal.table}.{column} in {counted(len(changed))}",
        expected="the values survive",
        actual=_examples(goal, column, values or changed, before, after),
        next="Carry the values over in upgrade(): nothing can bring them back afterwards.",
    )


def _examples(
    goal: RowsGoal, column: str, keys: list[tuple[str, ...]], before: TableRows, after: TableRows
) -> str:
    listed = "; ".join(
        f"{_listed(goal, [key])}: {_shown(before[key], column)} → {_shown(after[key], column)}"
        for key in keys[:_TOLD]
    )
    return listed + (f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else "")


def _filled(
    goal: RowsGoal, after: TableRows, mine: Collection[tuple[str, ...]]
) -> Iterator[Finding]:
    """Yield whether new columns hold what they should; `mine` are the keys of the learner's rows.

    The others were made up for the check, and are told of as such.
    """
    for column in goal.values:
        wrong = [key for key, row in after.items() if row.get(is_right(column)) != "true"]
        if not wrong:
            yield Finding(
                "rows.filled",
                Status.MET,
                Layer.ROWS,
                f"{goal.table}.{column} is filled in as it should be",
            )
            continue
        wrong.sort(key=lambda key: key not in mine)
        examples = "; ".join(
            f"{_listed(goal, [key])}{_circumstances(goal, column, after[key], mine=key in mine)}: "
            f"{_shown(after[key], column)}, not {_shown(after[key], should_be(column))}"
            for key in wrong[:_TOLD]
        )
        yield Finding(
            "rows.filled",
            Status.UNMET,
            Layer.ROWS,
            f"{goal.table}.{column} has other values than it should in {counted(len(wrong))}",
            expected=goal.values[column],
            actual=examples,
            next="Mend the UPDATE in upgrade().",
        )


def _circumstances(goal: RowsGoal, column: str, row: Row, *, mine: bool) -> str:
    """Return what the value depends on in this row, and whether the row was made up."""
    depends = [
        f"{name} {_shown(row, name)}"
        for name in goal.keep
        if re.search(rf"\b{re.escape(name)}\b", goal.values[column])
    ]
    said = ", ".join([*depends, *([] if mine else ["a row made up for the check"])])
    return f" ({said})" if said else ""


def _shown(row: Row, column: str) -> str:
    value = row.get(column, _ABSENT)
    return "NULL" if value is None else value


def _listed(goal: RowsGoal, keys: list[tuple[str, ...]]) -> str:
    name = ", ".join(goal.key)
    shown = ", ".join("/".join(key) for key in keys[:_TOLD])
    more = f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else ""
    return f"{name} {shown}{more}"
