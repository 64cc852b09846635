"""What a replay did to rows."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from tests.judge.given import BASE, HEAD, catalog, followed, replayed, stage, table
from tutor.course import ColumnGoal, KeptAs, RowsGoal, Step, TableGoal
from tutor.judge.compare.preservation import preservation
from tutor.judge.findings import Status
from tutor.judge.values.rows import (
    FollowedTable,
    Rows,
    carried,
    cast as cast_label,
    followed_tables,
    is_right,
)

if TYPE_CHECKING:
    from tutor.judge.findings import Finding

SCHEMA = catalog(products=table(name="text", price="numeric"))


def judged(followed_table: FollowedTable, before: Rows, after: Rows, down: Rows) -> list[Finding]:
    replay = replayed(
        stage(None, [BASE], SCHEMA, rows=before),
        stage(HEAD, [BASE, HEAD], SCHEMA, rows=after),
        tables=(followed_table,),
        rows_after_downgrade=down,
        learner_keys={"products": frozenset({("1",)})},
    )
    return list(preservation(replay))


def told(findings: list[Finding]) -> list[tuple[str, Status]]:
    return [(item.code, item.status) for item in findings if item.status is not Status.MET]


def rows(*names: object) -> Rows:
    return {
        "products": {(str(key),): {"id": key, "name": name} for key, name in enumerate(names, 1)}
    }


def test_rows_that_come_through_are_met() -> None:
    same = rows("Laptop", None)
    (finding,) = judged(followed("id", "name"), same, same, same)
    assert (finding.code, finding.status) == ("rows.kept", Status.MET)


def test_a_lost_row_is_unmet() -> None:
    found = judged(followed("id", "name"), rows("a", "b"), rows("a"), rows("a"))
    assert told(found) == [("rows.kept", Status.UNMET)]
    assert found[0].actual == "gone: id 2 (a row made for the check)"


def test_a_changed_value_is_unmet_and_shown() -> None:
    found = judged(followed("name"), rows("a"), rows(None), rows("a"))
    assert told(found) == [("rows.kept", Status.UNMET)]
    assert found[0].actual == "id 1: a → NULL"


def test_values_are_compared_as_values() -> None:
    before: Rows = {"products": {("1",): {"id": 1, "price": Decimal("849.0")}}}
    after: Rows = {"products": {("1",): {"id": 1, "price": 849}}}
    assert not told(judged(followed("price"), before, after, before))


def test_a_cast_says_in_which_type_both_sides_are_compared() -> None:
    table = followed("price", goal=RowsGoal("products", cast={"price": "numeric(10,2)"}))
    before: Rows = {
        "products": {("1",): {"price": Decimal("9.994"), cast_label("price"): Decimal("9.99")}}
    }
    after: Rows = {
        "products": {("1",): {"price": Decimal("9.99"), cast_label("price"): Decimal("9.99")}}
    }
    assert told(judged(table, before, after, before)) == []


def test_a_renamed_column_is_read_under_its_new_name() -> None:
    goal = RowsGoal("products", renamed={"name": "title"})
    after: Rows = {"products": {("1",): {"id": 1, "title": "a"}}}
    assert not told(judged(followed("name", goal=goal), rows("a"), after, rows("a")))
    lost: Rows = {"products": {("1",): {"id": 1, "title": None}}}
    assert told(judged(followed("name", goal=goal), rows("a"), lost, rows("a"))) == [
        ("rows.kept", Status.UNMET)
    ]


def test_a_dropped_column_may_live_on_elsewhere() -> None:
    goal = RowsGoal("products", kept_as={"name": KeptAs(("categories.name",), "…")})
    after: Rows = {"products": {("1",): {"id": 1, carried("name"): "a"}}}
    assert not told(judged(followed("name", goal=goal), rows("a"), after, rows("a")))
    gone: Rows = {"products": {("1",): {"id": 1}}}
    (finding,) = [
        item
        for item in judged(followed("name", goal=goal), rows("a"), gone, rows("a"))
        if item.unmet
    ]
    assert finding.actual == "id 1: a → no such column"


def test_values_kept_and_not_carried_are_a_warning() -> None:
    goal = RowsGoal("products", kept_as={"name": KeptAs(("categories.name",), "…")})
    after: Rows = {"products": {("1",): {"id": 1, "name": "a", carried("name"): None}}}
    assert told(judged(followed("name", goal=goal), rows("a"), after, rows("a"))) == [
        ("rows.carried", Status.WARNING)
    ]


def test_what_the_downgrade_does_not_bring_back_is_told() -> None:
    found = judged(followed("name"), rows("a"), rows("a"), rows(None))
    assert told(found) == [("rows.brought_back", Status.UNMET)]
    lost = judged(followed("id", "name"), rows("a", "b"), rows("a", "b"), rows("a"))
    assert told(lost) == [("rows.brought_back", Status.UNMET)]
    changed_on_the_way_up = judged(followed("name"), rows("a"), rows("b"), rows("b"))
    assert told(changed_on_the_way_up) == [("rows.kept", Status.UNMET)]


def test_a_new_column_holds_what_the_goal_says_and_made_rows_are_told_apart() -> None:
    goal = RowsGoal("products", values={"discount": "CASE WHEN price > 5 THEN 1 ELSE 0 END"})
    wrong = {"discount": 7, is_right("discount"): False, "price": 3}
    after: Rows = {"products": {("9",): wrong, ("1",): wrong}}
    found = judged(followed(goal=goal), after, after, after)
    assert told(found) == [("rows.filled", Status.UNMET)]
    assert found[-1].actual.startswith("id 1 (price 3): 7")
    assert "id 9 (price 3, a row made for the check)" in found[-1].actual


def test_a_table_of_the_learner_s_own_is_a_warning() -> None:
    found = judged(followed("name", managed=False), rows("a", "b"), rows("a"), rows("a"))
    assert told(found) == [("rows.kept", Status.WARNING)]


def test_every_column_is_followed_but_those_that_go_and_those_that_note_changes() -> None:
    goal = TableGoal(
        "products", columns=(ColumnGoal("updated_at", onupdate=True),), gone=("category",)
    )
    step = cast("Step", SimpleNamespace(tables=(goal,), rows=()))
    seen = catalog(
        products=table(name="text", category="text", updated_at="timestamp"), notes=table()
    )
    products, notes = followed_tables(step, seen)
    assert products.columns == ("id", "name")
    assert products.key == ("id",)
    assert (notes.name, notes.managed) == ("notes", False)


def test_a_table_that_takes_no_further_row_is_told() -> None:
    same = rows("Laptop")
    replay = replayed(
        stage(None, [BASE], SCHEMA, rows=same),
        stage(HEAD, [BASE, HEAD], SCHEMA, rows=same),
        tables=(followed("id", "name"),),
        rows_after_downgrade=same,
        learner_keys={"products": frozenset({("1",)})},
        not_varied=("products",),
    )
    assert told(list(preservation(replay))) == [("rows.varied", Status.WARNING)]
