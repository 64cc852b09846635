"""Goals inherit from the step before: what is new is said, what was established stays."""

from __future__ import annotations

import pytest

from tutor.course import AppGoal, ColumnGoal, Goal, IndexGoal, ProbeGoal, RowsGoal, TableGoal
from tutor.course.inherit import inherit

BEFORE = Goal(
    tables=(
        TableGoal(
            "products",
            columns=(
                ColumnGoal("name", "string", default=True),
                ColumnGoal("seen_at", "timestamp", onupdate=True),
            ),
            unique=(("name",),),
            indexes=(IndexGoal(("name",)), IndexGoal(("id",), "name IS NULL")),
            probes=(ProbeGoal({"name": "x"}, "a name"),),
        ),
        TableGoal("categories", columns=(ColumnGoal("name"),)),
    ),
    rows=(RowsGoal("products", values={"name": "'x'"}),),
    app=AppGoal("/products", "products", {"name": "a"}, ({"name": 1},), ("name",)),
)


def products(own: Goal) -> TableGoal:
    return next(
        item for item in inherit(BEFORE, own, applied=True).tables if item.name == "products"
    )


def test_what_is_not_said_stays() -> None:
    goal = inherit(BEFORE, Goal(), applied=True)
    assert {table.name for table in goal.tables} == {"products", "categories"}
    assert products(Goal()).unique == (("name",),)


def test_a_column_said_anew_overrides_and_its_defaults_were_the_earlier_step_s_business() -> None:
    own = Goal((TableGoal("products", columns=(ColumnGoal("name", nullable=False),)),))
    name, seen_at = products(own).columns
    assert (name.type, name.nullable, name.default) == ("string", False, False)
    assert seen_at.onupdate


@pytest.mark.parametrize("how", ["gone", "optional"])
def test_what_goes_takes_with_it_all_that_mentions_it(how: str) -> None:
    own = Goal((TableGoal("products", **{how: ("name",)}),))  # type: ignore[arg-type]
    left = products(own)
    assert [column.name for column in left.columns] == ["seen_at"]
    assert (left.unique, left.indexes, left.probes) == ((), (), ())


def test_keys_indexes_and_probes_add_up() -> None:
    own = Goal((TableGoal("products", unique=(("name", "id"),)),))
    assert set(products(own).unique) == {("name",), ("name", "id")}


def test_rows_are_inherited_until_the_revisions_were_applied() -> None:
    assert inherit(BEFORE, Goal(), applied=False).rows == BEFORE.rows
    assert inherit(BEFORE, Goal(), applied=True).rows == ()


def test_the_app_s_body_is_inherited_field_by_field() -> None:
    app = inherit(
        BEFORE, Goal(app=AppGoal(body={"price": 1}, refused=({"price": 0},))), applied=True
    ).app
    assert app is not None
    assert app.body == {"name": "a", "price": 1}
    assert app.refused == ({"price": 0}, {"name": 1})
    assert app.shows == ()


def test_a_role_has_to_say_what_it_points_to() -> None:
    own = Goal((TableGoal("favourite", points_to=("users",), unique=(("@users", "@products"),)),))
    with pytest.raises(ValueError, match="does not say points_to products"):
        inherit(BEFORE, own, applied=True)
