"""Build a request from what the learner's app says of itself in openapi.json."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.course import AppGoal


@dataclass(frozen=True)
class Post:
    """A POST operation: its path, the JSON schema of its body, and where its references lead."""

    path: str
    schema: Mapping[str, Any]
    openapi: Mapping[str, Any]


def find_post(openapi: Mapping[str, Any], goal: AppGoal) -> Post | None:
    """Return the POST of the goal's path: as given, with a trailing slash, or behind a prefix."""
    wanted = goal.path.rstrip("/")
    paths: Mapping[str, Any] = openapi.get("paths", {})
    fitting = [
        path
        for path, operations in paths.items()
        if "post" in operations
        and (path.rstrip("/") == wanted or path.rstrip("/").endswith(wanted))
    ]
    if not fitting:
        return None
    path = min(fitting, key=len)
    content = paths[path]["post"].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return Post(path, _resolved(schema, openapi), openapi)


def operations(openapi: Mapping[str, Any]) -> list[str]:
    """Return what the app serves: "GET /products" and so on."""
    return [
        f"{method.upper()} {path}"
        for path, methods in openapi.get("paths", {}).items()
        for method in methods
    ]


def plain_gets(openapi: Mapping[str, Any]) -> list[str]:
    """Return the paths that can be read without knowing anything: GET, no parameter required."""
    return [
        path
        for path, methods in openapi.get("paths", {}).items()
        if "get" in methods
        and not any(item.get("required") for item in methods["get"].get("parameters", ()))
    ]


def make_body(post: Post, goal: AppGoal, existing: Mapping[str, str]) -> dict[str, Any]:
    """Return a body: the goal's values by field name, the rest made up by type.

    `existing` gives for each table the key of a row that is there, so that a
    field such as `category_id` points to something.
    """
    properties: Mapping[str, Any] = post.schema.get("properties", {})
    required = set(post.schema.get("required", ()))
    body = {}
    for name, schema in properties.items():
        if name in goal.body:
            body[name] = _fresh(name, goal.body[name])
        elif name.endswith("_id") and (key := _existing_key(name, existing)) is not None:
            body[name] = int(key) if key.isdecimal() else key
        elif name in required:
            body[name] = _made_up(schema, post.openapi)
    return body or dict(goal.body)


def _fresh(name: str, value: Any) -> Any:
    """Make a value that must be unique new each time: the guide's sku may be taken already."""
    if name not in {"sku", "email", "username"}:
        return value
    # Of the same shape: the learner's model may ask for a pattern or a length.
    digits = re.sub(r"\d", lambda _: secrets.choice("0123456789"), str(value))
    return digits if digits != value else f"{value}-{secrets.token_hex(3)}"


def _existing_key(name: str, existing: Mapping[str, str]) -> str | None:
    stem = name.removesuffix("_id")
    for table, key in existing.items():
        if table in {stem, f"{stem}s", f"{stem.removesuffix('y')}ies"}:
            return key
    return None


def _made_up(schema: Mapping[str, Any], openapi: Mapping[str, Any]) -> Any:
    """Return a value that fits a JSON schema."""
    schema = _resolved(schema, openapi)
    choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    choices = [choice for choice in choices if choice.get("type") != "null"]
    if choices:
        return _made_up(choices[0], openapi)
    if schema.get("type") == "object":
        fields = schema.get("properties", {})
        return {name: _made_up(fields[name], openapi) for name in schema.get("required", ())}
    if "enum" in schema:
        return schema["enum"][0]
    token = secrets.token_hex(4)
    by_format = {
        "date-time": "2026-01-01T12:00:00Z",
        "date": "2026-01-01",
        "email": f"{token}@example.com",
    }
    at_least_one = max(1, schema.get("minimum", 1))
    by_type = {
        "string": by_format.get(schema.get("format", ""), f"made-up-{token}"),
        "integer": at_least_one,
        "number": at_least_one,
        "boolean": True,
        "array": [],
    }
    return by_type.get(schema.get("type", ""), {})


def _resolved(schema: Mapping[str, Any], openapi: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = openapi
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(found, openapi)
