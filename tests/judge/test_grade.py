"""Which rules are asked, in which order, and when a broken layer hides the later ones."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.judge.given import evidence
from tutor.course import Requirement
from tutor.judge import grade as grading
from tutor.judge.findings import (
    LAYERS,
    Finding,
    Layer,
    Status,
    codes,
    in_layer_order,
    layer_of,
    met,
    unmet,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def rule(
    layer: Layer,
    *findings: Finding,
    despite: frozenset[Layer] = frozenset(),
    ends_layer: bool = False,
) -> ModuleType:
    made = ModuleType(f"rule_{layer}")

    def judge(_: object) -> Iterator[Finding]:
        yield from findings

    made.__dict__.update(
        ORDER=(layer, 10), FOR=frozenset(), DESPITE=despite, ENDS_LAYER=ends_layer, judge=judge
    )
    return made


BROKEN = unmet("revision.heads", "two heads", next="Merge them.")
BEHIND = unmet("version.applied", "behind", next="Upgrade.")
LOST = unmet("rows.kept", "lost", next="Keep them.")
KEPT = met("rows.live", "kept")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([rule(Layer.REVISIONS, BROKEN), rule(Layer.VERSION, BEHIND)], [BROKEN]),
        ([rule(Layer.VERSION, BEHIND), rule(Layer.ROWS, LOST)], [BEHIND]),
        (
            [
                rule(Layer.VERSION, BEHIND),
                rule(Layer.ROWS, LOST, despite=frozenset({Layer.VERSION})),
            ],
            [BEHIND, LOST],
        ),
        ([rule(Layer.ROWS, LOST), rule(Layer.ROWS, KEPT)], [LOST, KEPT]),
        ([rule(Layer.ROWS, LOST, ends_layer=True), rule(Layer.ROWS, KEPT)], [LOST]),
        ([rule(Layer.ROWS, KEPT, ends_layer=True), rule(Layer.ROWS, LOST)], [LOST, KEPT]),
    ],
)
def test_a_broken_layer_hides_what_follows_from_it(
    rules: list[ModuleType], told: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "all_rules", lambda: tuple(rules))
    assert list(grading.grade(evidence())) == told


def test_rules_are_in_layer_order_and_every_requirement_has_one() -> None:
    layers = [LAYERS.index(found.ORDER[0]) for found in grading.all_rules()]
    assert layers == sorted(layers)
    assert len({found.ORDER for found in grading.all_rules()}) == len(layers)
    judged = {requirement for found in grading.all_rules() for requirement in found.FOR}
    # rows: rows_live judges it, for every applied step more leniently
    assert judged | {Requirement.ROWS} == set(Requirement)


def test_a_rule_is_asked_where_the_step_requires_what_it_judges() -> None:
    names = {
        found.__name__.rpartition(".")[2] for found in grading.rules_for([Requirement.ANSWERS])
    }
    assert names == {"environment", "answers", "step_check"}


def test_the_layer_of_a_code_is_in_the_table() -> None:
    assert layer_of("drift.none") is Layer.REVISIONS
    assert met("app.starts", "").layer is Layer.APP
    with pytest.raises(KeyError):
        layer_of("column.exists")
    assert codes()["column.exists"]


def test_findings_are_told_by_layer_and_the_unmet_first() -> None:
    fine = met("version.single", "one")
    assert in_layer_order([LOST, fine, BEHIND]) == (BEHIND, fine, LOST)
    assert BEHIND.status is Status.UNMET
