"""What a check says: findings, each on one link of the chain, and the verdict they add up to."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(StrEnum):
    """How a finding stands."""

    MET = "met"
    UNMET = "unmet"
    WARNING = "warning"
    """Passes, but worth telling."""
    UNKNOWN = "unknown"
    """Could not be judged."""


class Layer(StrEnum):
    """The links of the chain, in the order in which a break is told."""

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


@cache
def codes() -> dict[str, str]:
    """Return every finding code with its meaning, from the one table of them."""
    table = Path(__file__).with_name("codes.toml").read_text(encoding="utf-8")
    return {
        f"{group}.{name}": meaning
        for group, names in tomllib.loads(table).items()
        for name, meaning in names.items()
    }


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


@dataclass(frozen=True)
class Verdict:
    """What a check of one step came to.

    `judged` is False where something could not be judged and nothing was found unmet.
    `done` and `total` count the course's steps.
    """

    step: str
    title: str
    findings: tuple[Finding, ...]
    done: int
    total: int

    @property
    def judged(self) -> bool:
        """Whether every finding could be judged, or one is unmet anyway."""
        return any(finding.unmet for finding in self.findings) or not any(
            finding.status is Status.UNKNOWN for finding in self.findings
        )

    @property
    def passed(self) -> bool:
        """Whether the step is done: everything judged, nothing unmet."""
        return self.judged and not any(finding.unmet for finding in self.findings)

    @property
    def first_unmet(self) -> Finding | None:
        """The first unmet finding in layer order."""
        return next((finding for finding in self.findings if finding.unmet), None)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `tutor check --json` prints (DESIGN: section 2)."""
        return {
            "step": self.step,
            "title": self.title,
            "passed": self.passed,
            "judged": self.judged,
            "findings": [asdict(finding) for finding in self.findings],
            "progress": {"done": self.done, "total": self.total},
        }


def in_layer_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by layer, unmet first within a layer, else in the order found."""
    order = (Status.UNMET, Status.UNKNOWN, Status.WARNING, Status.MET)
    return tuple(
        sorted(
            findings,
            key=lambda finding: (LAYERS.index(finding.layer), order.index(finding.status)),
        )
    )
