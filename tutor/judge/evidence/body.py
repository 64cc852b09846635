"""Build a request's body from its JSON schema in the app's openapi.json."""

from __future__ import annotations

import math
import re
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.course import AppGoal

Schema = dict[str, Any]

_FORMATS = {
    "date-time": "2026-01-01T12:00:00Z",
    "date": "2026-01-01",
    "time": "12:00:00",
    "duration": "PT1H",
    "email": "{token}@example.com",
    "uri": "https://example.com/{token}",
    "uuid": "00000000-0000-4000-8000-0000{token}",
    "ipv4": "192.0.2.1",
}
_DEPTH = 3
"""So deep go objects that may be left out: a model may have itself as a field."""

_UNIQUE = {"sku", "email", "username"}


class Bodies:
    """Makes bodies that fit a schema.

    A field that the goal names gets the goal's value where the schema takes it. One that points to
    another table (`category_id`, `category`, `category_name`) gets the id or the name of a row that
    is there. Everything else that is required is made by type and by the schema's bounds (JSON
    Schema, "Validation"; OpenAPI, "Schema Object"). `existing` has a row of each table.
    """

    def __init__(
        self,
        openapi: Mapping[str, Any],
        goal: AppGoal,
        existing: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._openapi = openapi
        self._goal = goal
        self._existing = existing

    def make(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return a body for a schema; the goal's own where the schema says nothing."""
        body = self._object(self._plain(schema))
        return body or dict(self._goal.body)

    def _object(self, schema: Schema, depth: int = 0) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        body = {}
        for name, described in schema.get("properties", {}).items():
            plain = self._plain(described)
            if (reference := self._reference(name, plain)) is not None:
                body[name] = reference
            elif name in self._goal.body and fits(given := self._fresh(name), plain):
                body[name] = given
            elif name in required or (depth < _DEPTH and self._leads_to_goal(plain)):
                body[name] = self._value(plain, depth + 1)
        return body

    def _leads_to_goal(self, schema: Schema) -> bool:
        """Whether an object that may be left out has fields that the goal names."""
        return not self._goal.body.keys().isdisjoint(schema.get("properties", {}))

    def _fresh(self, name: str) -> Any:
        """Make a value that must be unique new each time: the guide's sku may be taken already."""
        value = self._goal.body[name]
        if name not in _UNIQUE:
            return value
        # Of the same shape: the learner's model may ask for a pattern or a length.
        digits = re.sub(r"\d", lambda _: secrets.choice("0123456789"), str(value))
        return digits if digits != value else f"{value}-{secrets.token_hex(3)}"

    def _reference(self, name: str, schema: Schema) -> Any:
        """Return what points to a row that is there, by id or by name; None for another field."""
        stem = re.sub(r"_(id|name)$", "", name)
        for table in (stem, f"{stem}s", f"{stem.removesuffix('y')}ies"):
            row = self._existing.get(table)
            if row is None:
                continue
            for column in ("id", "name"):
                if column in row and fits(row[column], schema):
                    return row[column]
        return None

    def _value(self, schema: Schema, depth: int) -> Any:
        """Return a value that fits a schema without references or choices."""
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next((item for item in kind if item != "null"), "null")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            item = self._plain(schema.get("items", {}))
            return [self._value(item, depth) for _ in range(schema.get("minItems", 0))]
        if kind in {"integer", "number"}:
            return _number(schema, whole=kind == "integer")
        return {"boolean": True, "null": None}.get(kind, _text(schema))

    def _plain(self, schema: Mapping[str, Any]) -> Schema:
        """Return a schema with its references followed and its choices made: null is the last."""
        found = dict(schema)
        if "$ref" in found:
            found = {**self._plain(self._target(found.pop("$ref"))), **found}
        for part in found.pop("allOf", ()):
            found = _merged(self._plain(part), found)
        choices = [
            self._plain(choice) for key in ("anyOf", "oneOf") for choice in found.pop(key, ())
        ]
        choices.sort(key=lambda choice: choice.get("type") == "null")
        return _merged(choices[0], found) if choices else found

    def _target(self, reference: str) -> Mapping[str, Any]:
        found: Any = self._openapi
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        target: Mapping[str, Any] = found
        return target


def _merged(one: Schema, other: Schema) -> Schema:
    return {
        **one,
        **other,
        "properties": {**one.get("properties", {}), **other.get("properties", {})},
        "required": [*one.get("required", ()), *other.get("required", ())],
    }


def replaced(body: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body with other values, wherever in it the fields are; new ones at its top."""
    rest = dict(changed)
    return _replaced(body, rest) | rest


def _replaced(body: Mapping[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    made = {}
    for name, value in body.items():
        if name in rest:
            made[name] = rest.pop(name)
        else:
            made[name] = _replaced(value, rest) if isinstance(value, dict) else value
    return made


def fits(value: Any, schema: Schema) -> bool:
    """Whether a schema takes a value, as far as type, choices, pattern and bounds go."""
    if "const" in schema or schema.get("enum"):
        return value in (schema.get("enum") or [schema.get("const")])
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if isinstance(value, str):
        size = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", math.inf)
        matches = re.search(schema.get("pattern", ""), value) is not None
        return (not kinds or "string" in kinds) and size and matches
    if isinstance(value, bool):
        return not kinds or "boolean" in kinds
    if isinstance(value, int | float):
        numeric = not kinds or "number" in kinds or ("integer" in kinds and value == int(value))
        lowest, highest = _bounds(schema, 0)
        return numeric and lowest <= value <= highest
    return True


def _bounds(schema: Schema, step: float) -> tuple[float, float]:
    """Return the least and the largest number; `step` away from a bound that is excluded."""
    lowest = [schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf) + step]
    highest = [schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf) - step]
    return max(lowest), min(highest)


def _number(schema: Schema, *, whole: bool) -> float:
    lowest, highest = _bounds(schema, 1 if whole else 0.01)
    value = min(max(1, lowest), highest)
    step = schema.get("multipleOf")
    if step:
        value = math.ceil(value / step) * step
    return int(value) if whole else value


def _text(schema: Schema) -> str:
    token = secrets.token_hex(4)
    shape = _FORMATS.get(schema.get("format", ""))
    if shape is not None:
        return shape.format(token=token)
    if "pattern" in schema:
        import rstr  # noqa: PLC0415 - few apps ask for a pattern of their own

        return str(rstr.xeger(schema["pattern"]))
    text = f"made-up-{token}".ljust(schema.get("minLength", 0), "x")
    return text[-schema.get("maxLength", len(text)) :]
