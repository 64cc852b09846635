"""Find the requests that the learner's app takes, by what it says of itself in openapi.json."""

from __future__ import annotations

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
    return Post(path, schema, openapi)


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
