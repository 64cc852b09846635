"""What a check finds: findings, each at one layer, built here and nowhere else."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(StrEnum):
    """How a finding came out."""

    MET = "met"
    UNMET = "unmet"
    WARNING = "warning"
    """Passes, but worth telling."""
    UNKNOWN = "unknown"
    """Could not be judged."""


class Layer(StrEnum):
    """The layers from the learner's files to their app, in the order in which a break is told."""

    ENVIRONMENT = "environment"
    MODELS = "models"
    REVISIONS = "revisions"
    VERSION = "version"
    SCHEMA = "schema"
    ROWS = "rows"
    APP = "app"
    ANSWERS = "answers"
    JOURNAL = "journal"


LAYERS = tuple(Layer)


@dataclass(frozen=True)
class Finding:
    """One thing that a check found. `next` is one sentence: what to do."""

    code: str
    status: Status
    layer: Layer
    summary: str
    expected: str = ""
    actual: str = ""
    next: str = ""

    @property
    def unmet(self) -> bool:
        """Whether this finding keeps the step from passing."""
        return self.status is Status.UNMET


def met(code: str, summary: str, *, layer: Layer | None = None, actual: str = "") -> Finding:
    """Return a finding that passes. `layer` is for codes that are judged at several layers."""
    return Finding(code, Status.MET, layer or layer_of(code), summary, actual=actual)


def unmet(
    code: str,
    summary: str,
    *,
    next: str,  # noqa: A002 - the field's name in the JSON of `tutor check`
    expected: str = "",
    actual: str = "",
    layer: Layer | None = None,
) -> Finding:
    """Return a finding that keeps the step from passing; `next` says what to do about it."""
    place = layer or layer_of(code)
    return Finding(code, Status.UNMET, place, summary, expected, actual, next)


def warning(
    code: str,
    summary: str,
    *,
    next: str,  # noqa: A002 - as above
    expected: str = "",
    actual: str = "",
    layer: Layer | None = None,
) -> Finding:
    """Return a finding that passes, and is worth telling."""
    place = layer or layer_of(code)
    return Finding(code, Status.WARNING, place, summary, expected, actual, next)


def layer_of(code: str) -> Layer:
    """Return the layer of a code's group. Raises KeyError where the caller has to say it."""
    return Layer(_table()["layers"][code.partition(".")[0]])


@cache
def codes() -> dict[str, str]:
    """Return every finding code with its meaning, from the one table of them."""
    return {
        f"{group}.{name}": meaning
        for group, names in _table().items()
        if group != "layers"
        for name, meaning in names.items()
    }


@cache
def _table() -> dict[str, Any]:
    text = Path(__file__).with_name("codes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def in_layer_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by layer, unmet first within a layer, else in the order found."""
    order = (Status.UNMET, Status.UNKNOWN, Status.WARNING, Status.MET)
    return tuple(
        sorted(
            findings,
            key=lambda finding: (LAYERS.index(finding.layer), order.index(finding.status)),
        )
    )
