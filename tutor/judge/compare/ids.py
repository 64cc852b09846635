"""After the migration life goes on: the next INSERT gets an id that is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.findings import Finding, Layer, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.postgres.probe.ids import NextId


def next_id_works(table: str, found: NextId, layer: Layer) -> Iterator[Finding]:
    """Yield why an INSERT that leaves the id to the database fails, where it does.

    A sequence does not see ids that an INSERT gives (PostgreSQL, "Sequence Manipulation
    Functions").
    """
    if found.works:
        return
    column = found.column
    if not found.given:
        yield unmet(
            "trial.next_id",
            f"an INSERT into {table} without {column} fails: nothing gives a new row its {column}",
            layer=layer,
            expected="a sequence or an identity, as for the rows before",
            actual=f"{table}.{column} has no default",
            next=f"Let {column} be an autoincrement primary key, or keep its default.",
        )
        return
    follow = f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM"
    yield unmet(
        "trial.next_id",
        f"the next INSERT into {table} fails: its sequence gives {column} {found.value}, and rows "
        f"up to {found.largest} are there",
        layer=layer,
        expected=f"the sequence goes on behind {found.largest}",
        actual=f"its next value is {found.value}",
        next=f"Leave {column} out of your INSERT, so that the sequence gives it; or set the "
        f"sequence at the end of upgrade(), with `{follow} {table}`.",
    )
