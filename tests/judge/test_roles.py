"""Tables by role: the learner chooses the names (favourites in 10.2)."""

from __future__ import annotations

from tests.judge.given import catalog, pointing, table
from tutor.course import ColumnGoal, ProbeGoal, TableGoal
from tutor.judge.compare.goal import compare_goal
from tutor.judge.compare.roles import bind
from tutor.judge.findings import Layer
from tutor.judge.values.observation import Observation

GOAL = TableGoal(
    "favourite",
    points_to=("users", "products"),
    columns=(ColumnGoal("@users", nullable=False), ColumnGoal("@products", nullable=False)),
    unique=(("@users", "@products"),),
    probes=(ProbeGoal({"@users": None}, "a favourite of nobody", "23502"),),
)
LIKES = pointing(
    pointing(table(who="integer not null", what="integer not null"), "who", "users"),
    "what",
    "products",
)


def test_a_role_is_bound_to_the_table_that_points_to_all_its_targets() -> None:
    seen = catalog(
        users=table(), products=table(), orders=pointing(table(u="integer"), "u", "users")
    )
    assert bind([GOAL], seen) == (GOAL,)
    (bound,) = bind([GOAL], catalog(users=table(), products=table(), likes=LIKES))
    assert bound.name == "likes"
    assert [column.name for column in bound.columns] == ["who", "what"]
    assert bound.unique == (("who", "what"),)
    assert bound.probes[0].row == {"who": None}


def test_a_goal_with_a_name_is_left_alone() -> None:
    goal = TableGoal("users")
    assert bind([goal], catalog(people=table())) == (goal,)


def test_a_role_without_a_table_is_told_by_what_it_points_to() -> None:
    (finding,) = compare_goal(Observation(catalog(users=table()), (GOAL,)), Layer.REVISIONS)
    assert finding.code == "table.exists"
    assert finding.expected == "a table that points to users and products"
