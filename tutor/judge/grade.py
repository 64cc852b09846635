"""Run the rules over the evidence, in layer order, and add their findings up."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from tutor.judge import rules
from tutor.judge.verdict import LAYERS, in_layer_order

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.verdict import Finding, Layer


@cache
def all_rules() -> tuple[ModuleType, ...]:
    """Return the rules' modules in the order in which they are asked."""
    modules = [
        importlib.import_module(f"{rules.__name__}.{found.name}")
        for found in pkgutil.iter_modules(rules.__path__)
    ]
    return tuple(sorted(modules, key=lambda rule: (LAYERS.index(rule.PLACE[0]), rule.PLACE[1])))


def grade(evidence: Evidence) -> tuple[Finding, ...]:
    """Return all findings on a step, in layer order.

    A rule whose earlier layers are unmet is not asked: what it would say follows from them.
    """
    findings: list[Finding] = []
    for rule in all_rules():
        broken = {finding.layer for finding in findings if finding.unmet}
        if not _hidden_by(rule, broken):
            judged = cast("Iterable[Finding]", cast("Any", rule).judge(evidence))
            findings.extend(judged)
    return in_layer_order(findings)


def _hidden_by(rule: ModuleType, broken: set[Layer]) -> bool:
    own = LAYERS.index(rule.PLACE[0])
    spared: frozenset[Layer] = getattr(rule, "IN_SPITE_OF", frozenset())
    return any(LAYERS.index(layer) < own and layer not in spared for layer in broken)
