"""Bodies that an app's openapi.json asks for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tutor.course import AppGoal
from tutor.judge.evidence.body import Bodies, fits, replaced

GOAL = AppGoal("/products", "products", {"name": "Laptop", "price": 1999.99, "sku": "LAPTOP-001"})
EXISTING = {"categories": {"id": 7, "name": "Laptops"}}
OPENAPI = {
    "components": {
        "schemas": {
            "Product": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "category_id": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "parent": {
                        "anyOf": [{"$ref": "#/components/schemas/Product"}, {"type": "null"}]
                    },
                },
            }
        }
    }
}


def make(schema: dict[str, Any]) -> dict[str, Any]:
    return Bodies(OPENAPI, GOAL, EXISTING).make(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": r"^[A-Z]{3}-\d{4}$"},
        {"type": "string", "enum": ["draft", "live"]},
        {"const": "v1"},
        {"type": "string", "minLength": 20, "maxLength": 24},
        {"type": "string", "maxLength": 3},
        {"type": "integer", "exclusiveMinimum": 10, "maximum": 12},
        {"type": "number", "exclusiveMaximum": 0},
        {"type": "boolean"},
    ],
    ids=str,
)
def test_a_made_value_fits_its_schema(schema: dict[str, Any]) -> None:
    value = make({"required": ["x"], "properties": {"x": schema}})["x"]
    assert fits(value, schema), value


def test_a_number_is_a_multiple_where_it_has_to_be() -> None:
    schema = {"type": "integer", "minimum": 7, "multipleOf": 5}
    assert make({"required": ["x"], "properties": {"x": schema}}) == {"x": 10}


def test_references_are_followed_and_a_model_in_itself_ends() -> None:
    body = make({"$ref": "#/components/schemas/Product"})
    assert body["name"] == "Laptop"
    assert body["category_id"] == 7
    assert str(body).count("parent") < 10


@pytest.mark.parametrize(
    ("name", "schema", "value"),
    [
        ("category_id", {"type": "integer"}, 7),
        ("category", {"type": "string"}, "Laptops"),
        ("category_name", {"type": "string"}, "Laptops"),
    ],
)
def test_what_points_to_a_table_names_a_row_that_is_there(
    name: str, schema: dict[str, Any], value: object
) -> None:
    assert make({"properties": {name: schema}}) == {name: value}


def test_a_body_within_a_body_gets_the_goal_s_values() -> None:
    inner = {"$ref": "#/components/schemas/Product"}
    body = make({"required": ["product", "note"], "properties": {"product": inner, "note": {}}})
    assert body["product"]["name"] == "Laptop"
    assert replaced(body, {"name": 5})["product"]["name"] == 5
    assert replaced(body, {"price": "abc"})["price"] == "abc"


def test_the_goal_s_value_gives_way_to_the_app_s_own_form() -> None:
    own = {"type": "string", "pattern": "^P[0-9]{5}$"}
    sku = make({"required": ["sku"], "properties": {"sku": own}})["sku"]
    assert re.fullmatch("P[0-9]{5}", sku)
    assert make({"properties": {"sku": {"type": "string"}}})["sku"].startswith("LAPTOP-")
