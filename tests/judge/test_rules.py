"""Rules on evidence that is written down: what they say, and what they leave to others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.judge.asked import AFTER, APPLIED, BEFORE, END, GOAL, NULLS, REPLAY, START, first, of
from tests.judge.given import (
    BASE,
    HEAD,
    catalog,
    file,
    history,
    live,
    replayed,
    revision,
    stage,
    table,
)
from tutor.course import ColumnGoal, Requirement, TableGoal
from tutor.judge.findings import unmet
from tutor.judge.rules import (
    drift,
    drift_sees,
    models_agree,
    models_goal,
    models_load,
    revisions_downgrade,
    revisions_draft,
    revisions_files,
    revisions_locks,
    revisions_new,
    revisions_upgrade,
    rows_kept,
)
from tutor.judge.values.database import Models
from tutor.judge.values.observation import Observation
from tutor.judge.values.replay import Failure
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.runner import Drift


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("syntax", "models.syntax"),
        ("hang", "models.import"),
        ("sqlalchemy", "models.base"),
        ("database", "models.base"),
        ("import", "models.import"),
        ("refused", "environment.foreign"),
    ],
)
def test_models_that_cannot_be_used_are_told_by_why(kind: Any, code: str) -> None:
    error = LearnerCodeError(kind, "…", "models.py", 3)
    assert of(models_load, models=error) == [(code, "unmet")]


def test_a_models_py_that_went_on_is_judged_by_its_revisions() -> None:
    behind = Models(Observation(BEFORE, GOAL), ())
    assert of(models_goal, models=behind, replay=None, new=()) == [("column.exists", "unmet")]
    assert of(models_goal, models=behind, replay=REPLAY) == []


def test_where_both_miss_the_goal_models_py_is_blamed_first() -> None:
    goal = (TableGoal("products", columns=(ColumnGoal("sku", type="string"),)),)
    wrong = Models(Observation(catalog(products=table(sku="integer")), goal), ())
    both = replayed(START, stage(HEAD, [BASE, HEAD], catalog(products=table(sku="integer")), goal))
    values = {"models": wrong, "replay": both, "live": live(BEFORE, BASE)}
    assert of(models_agree, *APPLIED, **values) == [("column.type", "unmet")]
    assert "The revision builds the same." in first(models_agree, *APPLIED, **values).next


def test_models_py_is_blamed_for_what_autogenerate_does_not_compare() -> None:
    goal = (TableGoal("products", columns=(ColumnGoal("sku", type="string"),)),)
    wrong = Models(Observation(catalog(products=table(sku="integer")), goal), ())
    reached = replayed(stage(HEAD, [BASE, HEAD], AFTER, goal))
    assert of(models_agree, *APPLIED, models=wrong, replay=reached) == [("column.type", "unmet")]
    assert of(models_agree, models=wrong, replay=replayed(START, drift=[DRIFT])) == []


def test_two_heads_are_told_with_the_three_ways_out() -> None:
    forked = history(revision(BASE), revision(HEAD, BASE), revision("cccccccccccc", BASE))
    finding = first(revisions_files, history=forked)
    assert finding.code == "revision.heads"
    assert "merge heads" in finding.next


def test_a_file_that_is_gone_and_one_that_is_no_python_are_told() -> None:
    broken = file("x", error="SyntaxError: …", line=3)
    read = history(files=(broken,), missing=(BASE,), error=LearnerCodeError("syntax", "…"))
    assert of(revisions_files, history=read) == [
        ("revision.kept", "unmet"),
        ("revision.syntax", "unmet"),
    ]


def test_an_empty_revision_is_no_revision() -> None:
    empty = history(revision(BASE), revision(HEAD, BASE, upgrade_empty=True))
    models = Models(Observation(AFTER, GOAL), ())
    assert of(
        revisions_new, Requirement.REHEARSAL, history=empty, replay=REPLAY, models=models
    ) == [("revision.content", "unmet")]


def test_without_a_new_revision_the_model_is_looked_at_first() -> None:
    values = {
        "history": history(revision(BASE)),
        "replay": replayed(START),
        "live": live(BEFORE, BASE),
    }
    lacking = Models(Observation(BEFORE, GOAL), ())
    found = of(revisions_new, *APPLIED, models=lacking, **values)
    assert found == [("column.exists", "unmet"), ("revision.exists", "unmet")]
    complete = Models(Observation(AFTER, GOAL), ())
    assert of(revisions_new, *APPLIED, models=complete, **values) == [("revision.exists", "unmet")]
    by_hand = {**values, "live": live(AFTER, BASE)}
    assert (
        "no revision adds it" in first(revisions_new, *APPLIED, models=complete, **by_hand).summary
    )


def test_a_failing_upgrade_is_told_with_its_line_and_what_to_do() -> None:
    failed = replayed(START, upgrade=Failure(HEAD, NULLS))
    values = {"replay": failed, "live": live(BEFORE, BASE)}
    finding = first(revisions_upgrade, Requirement.REHEARSAL, **values)
    assert "(line 25)" in finding.summary
    assert "add it as nullable" in finding.next


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("INSERT INTO categories (name) SELECT DISTINCT category FROM products", "IS NOT NULL"),
        ("INSERT INTO categories (id) SELECT id FROM products", "leaves out a column"),
    ],
)
def test_an_insert_that_brings_a_null_is_told_from_one_that_lacks_a_column(
    statement: str, advice: str
) -> None:
    error = LearnerCodeError(
        "database", "null value", sqlstate="23502", statement=statement, detail={"column": "name"}
    )
    failing = replayed(START, upgrade=Failure(HEAD, error))
    assert advice in first(revisions_upgrade, Requirement.REHEARSAL, replay=failing).next


def test_a_draft_that_fails_on_rows_only_is_told_in_one_line() -> None:
    values = {
        "replay": replayed(START, upgrade=Failure(HEAD, NULLS)),
        "replay_empty": REPLAY,
        "live": live(BEFORE, BASE),
    }
    assert of(revisions_upgrade, Requirement.DRAFT, **values) == []
    assert of(revisions_draft, Requirement.DRAFT, **values) == [("revision.draft", "warning")]
    applied = {**values, "live": live(AFTER, HEAD)}
    assert of(revisions_draft, Requirement.DRAFT, **applied) == []


def test_a_draft_that_fails_on_empty_tables_is_told() -> None:
    failed = replayed(START, upgrade=Failure(HEAD, NULLS))
    values = {"replay": failed, "replay_empty": failed, "live": live(BEFORE, BASE)}
    assert of(revisions_upgrade, Requirement.DRAFT, **values) == [("revision.upgrade", "unmet")]


@pytest.mark.parametrize("rule", [revisions_downgrade, revisions_locks, rows_kept])
def test_what_a_draft_would_do_is_left_to_the_step_that_rehearses_it(rule: Any) -> None:
    assert Requirement.DRAFT not in rule.FOR


def test_a_downgrade_that_fails_leaves_something_or_does_nothing() -> None:
    failing = replayed(START, END, downgrade=Failure(HEAD, NULLS))
    assert of(revisions_downgrade, Requirement.REHEARSAL, replay=failing) == [
        ("revision.downgrade", "unmet")
    ]
    again = replayed(START, END, again=Failure(HEAD, NULLS))
    assert of(revisions_downgrade, Requirement.REHEARSAL, replay=again) == [
        ("revision.round_trip", "unmet")
    ]


DRIFT = Drift("add_index", None, "products", "ix", ("sku",), None, None, "op.create_index(…)")


def test_drift_counts_on_the_step_s_tables_and_is_told_elsewhere() -> None:
    here = replayed(START, END, drift=[DRIFT])
    assert of(drift, replay=here) == [("drift.none", "unmet")]
    other = Drift("add_index", None, "notes", "ix", ("a",), None, None, "…")
    assert of(drift, replay=replayed(START, END, drift=[other])) == [("drift.elsewhere", "warning")]
    lost = unmet("version.known", "…", next="…")
    assert of(drift, replay=here, unknown_version=lost) == []


def test_what_autogenerate_does_not_see_is_no_difference_of_the_models() -> None:
    dropped = Drift("remove_table", None, "products", None, (), None, None, "op.drop_table(…)")
    blind = {"replay": replayed(START, END, drift=[dropped, DRIFT]), "unseen": ("products",)}
    assert of(drift, **blind) == []
    assert of(drift_sees, **blind) == [("drift.sees", "unmet")]
    assert of(drift_sees, replay=REPLAY) == []
