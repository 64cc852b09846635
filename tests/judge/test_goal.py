"""Goals compared with what was seen of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.judge.given import catalog, pointing, table
from tutor.course import ColumnGoal, ForeignKeyGoal, IndexGoal, ProbeGoal, TableGoal
from tutor.judge.compare.goal import compare_goal
from tutor.judge.findings import Layer, Status
from tutor.judge.values.observation import Observation
from tutor.postgres.probe.probe import Outcome

if TYPE_CHECKING:
    from tutor.postgres.catalog.catalog import Catalog


def unmet(goal: TableGoal, seen: Catalog, **facts: object) -> list[str]:
    observation = Observation(seen, (goal,), **facts)  # type: ignore[arg-type]
    return [item.code for item in compare_goal(observation, Layer.REVISIONS) if item.unmet]


def test_a_missing_table_is_all_that_is_told() -> None:
    goal = TableGoal("products", columns=(ColumnGoal("sku"),), gone=("category",))
    assert unmet(goal, catalog(others=table())) == ["table.exists"]


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        (ColumnGoal("sku"), []),
        (ColumnGoal("sku", type="string", nullable=False), []),
        (ColumnGoal("sku", type="integer"), ["column.type"]),
        (ColumnGoal("sku", nullable=True), ["column.nullable"]),
        (ColumnGoal("name"), ["column.exists"]),
    ],
)
def test_a_column_has_a_type_and_a_nullability(column: ColumnGoal, codes: list[str]) -> None:
    seen = catalog(products=table(sku="character varying(64) not null"))
    assert unmet(TableGoal("products", columns=(column,)), seen) == codes


def test_a_column_that_should_be_gone_is_told() -> None:
    goal = TableGoal("products", gone=("category",))
    assert unmet(goal, catalog(products=table(category="text"))) == ["column.gone"]
    assert unmet(goal, catalog(products=table())) == []


def test_a_constraint_that_was_never_validated_is_told() -> None:
    seen = catalog(products=pointing(table(c="integer"), "c", "categories", validated=False))
    assert unmet(TableGoal("products"), seen) == ["constraint.validated"]


def test_a_foreign_key_has_to_lead_to_the_right_table() -> None:
    goal = TableGoal("products", foreign_keys=(ForeignKeyGoal(("c",), "categories", ("id",)),))
    assert unmet(goal, catalog(products=pointing(table(c="integer"), "c", "categories"))) == []
    wrong = catalog(products=pointing(table(c="integer"), "c", "others"))
    assert unmet(goal, wrong) == ["foreign_key.enforced"]


def test_an_index_is_there_where_one_was_found_to_serve() -> None:
    wanted = IndexGoal(("id",), "is_active")
    goal = TableGoal("products", indexes=(wanted,))
    seen = catalog(products=table(is_active="boolean not null"))
    assert unmet(goal, seen, serving={("products", wanted): frozenset({"any"})}) == []
    assert unmet(goal, seen, serving={("products", wanted): frozenset()}) == ["index.exists"]


def test_uniqueness_is_what_the_second_row_showed() -> None:
    goal = TableGoal("products", unique=(("sku",),))
    seen = catalog(products=table(sku="text"))
    assert unmet(goal, seen, unique={("products", ("sku",)): True}) == []
    assert unmet(goal, seen, unique={("products", ("sku",)): False}) == ["unique.enforced"]


ZERO = ProbeGoal({"price": 0}, "a price of 0", refused_with="23514")
CENT = ProbeGoal({"price": 0.01}, "a price of one cent")


@pytest.mark.parametrize(
    ("probe", "outcome", "codes"),
    [
        (ZERO, Outcome(ok=False, sqlstate="23514"), []),
        (ZERO, Outcome(ok=False, sqlstate="23502"), ["trial.refused"]),
        (ZERO, Outcome(ok=True), ["trial.refused"]),
        (CENT, Outcome(ok=True), []),
        (CENT, Outcome(ok=False, sqlstate="23514"), ["trial.accepted"]),
    ],
)
def test_probe_inserts_count_by_their_sqlstate(
    probe: ProbeGoal, outcome: Outcome, codes: list[str]
) -> None:
    goal = TableGoal("products", probes=(probe,))
    seen = catalog(products=table(price="numeric(10,2)"))
    assert unmet(goal, seen, probes={"products": (outcome,)}) == codes


def test_a_probe_that_could_not_be_made_is_a_warning() -> None:
    observation = Observation(
        catalog(products=table()),
        (TableGoal("products", probes=(ZERO,)),),
        {},
        {"products": (None,)},
    )
    (_, finding) = compare_goal(observation, Layer.REVISIONS)
    assert finding.status is Status.WARNING
    assert "could not try" in finding.summary


def test_an_unmet_finding_says_what_to_do_at_its_layer() -> None:
    seen = Observation(catalog(), (TableGoal("products"),))
    (finding,) = compare_goal(seen, Layer.MODELS)
    assert finding.layer is Layer.MODELS
    assert finding.next == "Add it in models.py."
