"""How the learner's app answered, and what it stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.workspace.code.app import Response
    from tutor.workspace.code.error import LearnerCodeError


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. `changed`: what of the good body was replaced in this one."""

    path: str
    response: Response
    body: Mapping[str, Any] | None = None
    changed: Mapping[str, Any] | None = None

    @property
    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields of the body with their values, those of objects within it too."""
        yield from _leaves(self.body or {})


def _leaves(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield name, value


@dataclass
class AppRun:
    """What was seen of the app, as far as it got.

    `not_started`: why it did not start. `operations`: what it serves ("GET /products"). `failed`:
    why it stopped to answer. `elsewhere` are its answers about other things than the step's, as far
    as they came quickly. `stored` is the new row that the POST made, None where it made none.
    """

    not_started: LearnerCodeError | None = None
    operations: tuple[str, ...] = ()
    post: Exchange | None = None
    stored: Mapping[str, Any] | None = None
    reads: tuple[Exchange, ...] = ()
    refused: tuple[Exchange, ...] = ()
    delicate: tuple[Exchange, ...] = ()
    elsewhere: tuple[Exchange, ...] = ()
    failed: LearnerCodeError | None = None
