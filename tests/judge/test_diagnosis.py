"""Which layer disagrees: the live database beside the stages of a replay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.judge.given import BASE, HEAD, catalog, event, history, live, replayed, stage, table
from tutor.course import ColumnGoal, TableGoal
from tutor.judge.compare.diagnosis import Comparison, Diagnosis, Fault, diagnose
from tutor.postgres.catalog.catalog import Catalog, Table

if TYPE_CHECKING:
    from tutor.judge.values.database import Live
    from tutor.postgres.journal.journal import Event

GOAL = (TableGoal("products", columns=(ColumnGoal("sku"),)),)
BEFORE = catalog(products=table())
AFTER = catalog(products=table(sku="text"))
CHANGED = catalog(products=table(sku="text", x="text"))
UPGRADE = event("migration", "ALTER TABLE products ADD sku text", changes=[(BASE, HEAD)])
STAMP = event("stamp", changes=[(BASE, HEAD)])
BY_HAND = event("ddl", "ALTER TABLE products ADD sku text", session="psql")


def diagnosed(
    seen: Live, *events: Event, known: frozenset[str] = frozenset(), edited: bool = False
) -> Diagnosis:
    replay = replayed(stage(None, [BASE], BEFORE, GOAL), stage(HEAD, [BASE, HEAD], AFTER, GOAL))
    read = history()
    if edited:
        read = history(edited=(read.files[0],))
    return diagnose(Comparison(read, replay, seen, events, known))


@pytest.mark.parametrize(
    ("seen", "events", "fault"),
    [
        (live(AFTER, HEAD), [UPGRADE], Fault.NONE),
        (live(BEFORE, BASE), [], Fault.BEHIND),
        (live(BEFORE, HEAD), [STAMP], Fault.STAMPED),
        (live(AFTER, BASE), [BY_HAND], Fault.PARTLY),
        (live(AFTER), [], Fault.VERSION_LOST),
        (live(catalog()), [], Fault.BEHIND),
        (live(AFTER, "cccccccccccc"), [], Fault.UNKNOWN_VERSION),
        (live(AFTER, BASE, HEAD), [], Fault.OVERLAPPING),
        (live(CHANGED, HEAD), [UPGRADE, BY_HAND], Fault.BY_HAND),
        (live(catalog(products=table(sku="integer")), HEAD), [UPGRADE], Fault.EDITED),
    ],
)  # fmt: skip
def test_each_fault_is_told_apart(seen: Live, events: list[Event], fault: Fault) -> None:
    assert diagnosed(seen, *events).fault is fault


def test_a_lost_version_names_the_stage_whose_schema_is_there() -> None:
    found = diagnosed(live(BEFORE))
    assert found.fault is Fault.VERSION_LOST
    assert found.claimed is not None
    assert found.claimed.revision is None


def test_tables_and_defaults_that_only_the_database_has_do_no_harm() -> None:
    own = Catalog(tables={**AFTER.tables, "notes": Table()})
    found = diagnosed(live(own, HEAD), UPGRADE)
    assert found.fault is Fault.NONE
    assert [item.name for item in found.unmanaged] == ["notes"]
    assert not diagnosed(live(own, HEAD), UPGRADE, known=frozenset({"table notes"})).unmanaged


def test_a_waiting_revision_is_noted_beside_another_fault() -> None:
    found = diagnosed(live(catalog(products=table(x="text")), BASE), BY_HAND)
    assert (found.fault, found.waiting) == (Fault.BY_HAND, True)


def test_a_revision_edited_before_this_step_is_an_edit() -> None:
    found = diagnosed(live(catalog(products=table(sku="integer")), HEAD), edited=True)
    assert found.fault is Fault.EDITED
