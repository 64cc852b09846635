"""`tutor schema` says of each thing in the live schema whether it is what the step wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, Learner
from tutor.session.look.schema_view import schema
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from tutor.session.look.schema_view import SchemaRow

pytestmark = pytest.mark.xdist_group("5.4")


def lines(learner: Learner) -> list[SchemaRow]:
    with open_context(learner.root, reading=True) as context:
        (table,) = schema(context, "products").tables
    return list(table.lines)


def missing(found: list[SchemaRow]) -> list[str]:
    return [line.wanted for line in found if line.state == "missing"]


def test_what_serves_is_marked_and_what_does_not_is_missing(learner: Learner) -> None:
    learner.go_to_start("5.4")
    found = lines(learner)
    assert missing(found) == ["(category_id, is_active)", "(id) WHERE is_active"]
    serving = {line.name for line in found if line.kind == "constraint" and line.state}
    assert serving == {
        "fk_products_category_id_categories",
        "uq_products_name_sku",
        "uq_products_sku",
    }
    probes = [line.wanted for line in found if line.kind == "probe insert"]
    assert probes == ["to be refused"] * 2 + ["to be accepted"] * 2

    learner.do_quickly(COURSE.step("5.4").solution)
    found = lines(learner)
    assert not missing(found)
    indexes = {line.name: line.state for line in found if line.kind == "index"}
    assert list(indexes.values()).count("as wanted") == 2
    assert indexes["ix_products_id"] == "", "nobody asked for it"
