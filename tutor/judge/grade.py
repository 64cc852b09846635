"""Run the rules over the evidence, in layer order, and collect their findings."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from tutor.judge import rules
from tutor.judge.findings import LAYERS, in_layer_order

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from tutor.course import Requirement
    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.findings import Finding, Layer


@cache
def all_rules() -> tuple[ModuleType, ...]:
    """Return the rules' modules in the order in which they are asked."""
    modules = [
        importlib.import_module(f"{rules.__name__}.{found.name}")
        for found in pkgutil.iter_modules(rules.__path__)
    ]
    return tuple(sorted(modules, key=lambda rule: (LAYERS.index(rule.ORDER[0]), rule.ORDER[1])))


def rules_for(required: Iterable[Requirement]) -> list[ModuleType]:
    """Return the rules that judge any of the requirements, and those that judge every step."""
    wanted = frozenset(required)
    return [rule for rule in all_rules() if not rule.FOR or wanted & rule.FOR]


def grade(evidence: Evidence) -> tuple[Finding, ...]:
    """Return all findings on a step, in layer order.

    A rule whose earlier layers are unmet is not asked: what it would say follows from them. Nor is
    one whose layer has been ended.
    """
    findings: list[Finding] = []
    ended: set[Layer] = set()
    for rule in rules_for(evidence.step.requires):
        broken = {finding.layer for finding in findings if finding.unmet}
        if rule.ORDER[0] in ended or _follows_from(rule, broken):
            continue
        judged = tuple(cast("Iterable[Finding]", cast("Any", rule).judge(evidence)))
        findings.extend(judged)
        if getattr(rule, "ENDS_LAYER", False) and any(finding.unmet for finding in judged):
            ended.add(rule.ORDER[0])
    return in_layer_order(findings)


def _follows_from(rule: ModuleType, broken: set[Layer]) -> bool:
    own = LAYERS.index(rule.ORDER[0])
    despite: frozenset[Layer] = getattr(rule, "DESPITE", frozenset())
    return any(LAYERS.index(layer) < own and layer not in despite for layer in broken)
