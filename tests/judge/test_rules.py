"""Rules on evidence that is written down: what they say, and what they leave to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.judge.given import (
    BASE,
    HEAD,
    catalog,
    event,
    evidence,
    file,
    followed,
    history,
    live,
    replayed,
    revision,
    stage,
    table,
)
from tutor.course import ColumnGoal, CommandGoal, Requirement, TableGoal
from tutor.judge.compare.diagnosis import Diagnosis, Fault
from tutor.judge.compare.transitions import transitions
from tutor.judge.findings import Status, unmet
from tutor.judge.rules import (
    commands,
    drift,
    journal,
    models_agree,
    models_goal,
    models_load,
    revisions_downgrade,
    revisions_edited,
    revisions_files,
    revisions_new,
    revisions_upgrade,
    rows_kept,
    rows_live,
    schema,
    version,
)
from tutor.judge.values.command import CommandResult
from tutor.judge.values.database import Baseline, Models
from tutor.judge.values.observation import Observation
from tutor.judge.values.replay import Failure
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.runner import Drift

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.judge.findings import Finding
    from tutor.judge.values.rows import Rows

GOAL = (TableGoal("products", columns=(ColumnGoal("sku"),)),)
BEFORE = catalog(products=table())
AFTER = catalog(products=table(sku="text"))
START = stage(None, [BASE], BEFORE, GOAL)
END = stage(HEAD, [BASE, HEAD], AFTER, GOAL)
REPLAY = replayed(START, END)
NULLS = LearnerCodeError(
    "database",
    "contains null values",
    f"migrations/versions/{HEAD}.py",
    25,
    sqlstate="23502",
    statement="ALTER TABLE products ADD sku text NOT NULL",
)
APPLIED = (Requirement.REHEARSAL, Requirement.APPLIED)


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(item.code, item.status) for item in findings if item.status is not Status.MET]


def of(rule: Any, *requires: Requirement, **values: Any) -> list[tuple[str, str]]:
    return told(rule.judge(evidence(*requires, values=values)))


def first(rule: Any, *requires: Requirement, **values: Any) -> Finding:
    found: Finding = next(
        item
        for item in rule.judge(evidence(*requires, values=values))
        if item.status is not Status.MET
    )
    return found


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


def test_models_py_is_blamed_for_what_autogenerate_does_not_compare() -> None:
    goal = (TableGoal("products", columns=(ColumnGoal("sku", type="string"),)),)
    wrong = Models(Observation(catalog(products=table(sku="integer")), goal), ())
    reached = replayed(stage(HEAD, [BASE, HEAD], AFTER, goal))
    assert of(models_agree, models=wrong, replay=reached) == [("column.type", "unmet")]
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
    empty = history(files=(file(BASE), file(HEAD, BASE, upgrade_empty=True)))
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


def test_a_draft_that_fails_on_rows_only_is_a_warning() -> None:
    values = {
        "replay": replayed(START, upgrade=Failure(HEAD, NULLS)),
        "replay_empty": REPLAY,
        "live": live(BEFORE, BASE),
    }
    assert of(revisions_upgrade, Requirement.DRAFT, **values) == [("revision.upgrade", "warning")]


def test_a_downgrade_that_fails_leaves_something_or_does_nothing() -> None:
    failing = replayed(START, END, downgrade=Failure(HEAD, NULLS))
    assert of(revisions_downgrade, Requirement.REHEARSAL, replay=failing) == [
        ("revision.downgrade", "unmet")
    ]
    again = replayed(START, END, again=Failure(HEAD, NULLS))
    assert of(revisions_downgrade, Requirement.REHEARSAL, replay=again) == [
        ("revision.round_trip", "unmet")
    ]
    draft = {"replay": None, "replay_empty": failing}
    assert of(revisions_downgrade, Requirement.DRAFT, **draft) == [
        ("revision.downgrade", "warning")
    ]


DRIFT = Drift("add_index", None, "products", "ix", ("sku",), None, None, "op.create_index(…)")


def test_drift_counts_on_the_step_s_tables_and_is_told_elsewhere() -> None:
    here = replayed(START, END, drift=[DRIFT])
    assert of(drift, replay=here) == [("drift.none", "unmet")]
    other = Drift("add_index", None, "notes", "ix", ("a",), None, None, "…")
    assert of(drift, replay=replayed(START, END, drift=[other])) == [("drift.elsewhere", "warning")]
    lost = unmet("version.known", "…", next="…")
    assert of(drift, replay=here, unknown_version=lost) == []


@pytest.mark.parametrize(
    ("fault", "rule", "code"),
    [
        (Fault.BEHIND, version, "version.applied"),
        (Fault.STAMPED, version, "version.stamped"),
        (Fault.VERSION_LOST, version, "version.applied"),
        (Fault.OVERLAPPING, version, "version.single"),
        (Fault.BY_HAND, schema, "schema.as_migrated"),
        (Fault.EDITED, revisions_edited, "revision.unedited"),
    ],
)
def test_each_fault_has_one_rule_that_tells_it(fault: Fault, rule: Any, code: str) -> None:
    values = {"diagnosis": Diagnosis(fault, START), "live": live(BEFORE, BASE), "replay": REPLAY}
    found = {name: of(name, *APPLIED, **values) for name in (version, schema, revisions_edited)}
    assert found[rule] == [(code, "unmet")]
    assert [name for name, says in found.items() if says] == [rule]


def test_a_lost_version_is_recorded_and_not_run_again() -> None:
    values = {"diagnosis": Diagnosis(Fault.VERSION_LOST, END), "live": live(AFTER)}
    assert f"stamp --purge {HEAD}" in first(version, *APPLIED, **values).next


def test_lost_rows_are_told_while_the_revision_can_still_be_fixed() -> None:
    lost = unmet("rows.kept", "lost", next="Keep them.")
    values = {
        "preservation": (lost,),
        "live": live(BEFORE, BASE),
        "replay": REPLAY,
        "diagnosis": Diagnosis(Fault.BEHIND, START, waiting=True),
    }
    assert of(rows_kept, *APPLIED, **values) == [("rows.kept", "unmet")]
    assert of(rows_kept, Requirement.DRAFT, **values) == [("rows.kept", "warning")]
    assert first(version, *APPLIED, **values).next.startswith("Do not upgrade yet")


def test_a_revision_that_ran_is_taken_back_with_one_target() -> None:
    merged = stage(HEAD, [BASE, HEAD], BEFORE, GOAL)
    values = {
        "replay": replayed(START, merged),
        "live": live(BEFORE, HEAD),
        "history": history(
            revision(BASE), revision("cccccccccccc"), revision(HEAD, BASE), revision("d" * 12, HEAD)
        ),
        "baseline": Baseline("baseline", (BASE, "cccccccccccc")),
    }
    values["live"] = live(BEFORE, "d" * 12, "cccccccccccc")
    finding = first(revisions_upgrade, Requirement.REHEARSAL, **values)
    assert "downgrade -1`, 2 times" in finding.next


def rows(*keys: str) -> Rows:
    return {"products": {(key,): {"id": key} for key in keys}}


@pytest.mark.parametrize(
    ("requires", "events", "status"),
    [
        (APPLIED, [], "unmet"),
        (APPLIED, [event("rows", "DELETE FROM products")], "warning"),
        (APPLIED, [event("rows", "UPDATE notes SET a = 1")], "unmet"),
        ((*APPLIED, Requirement.ROWS), [event("rows", "DELETE FROM products")], "unmet"),
    ],
)
def test_rows_that_are_gone_live_are_the_learner_s_own_doing_or_not(
    requires: tuple[Requirement, ...], events: list[Any], status: str
) -> None:
    claimed = stage(HEAD, [BASE, HEAD], AFTER, GOAL, rows("1", "2"))
    values = {
        "replay": replayed(
            START,
            claimed,
            tables=(followed("id"),),
            learner_keys={"products": frozenset({("1",), ("2",)})},
        ),
        "diagnosis": Diagnosis(Fault.NONE, claimed),
        "live": live(AFTER, HEAD, rows=rows("1")),
        "events": events,
        "transitions": transitions(events, [HEAD], history()),
    }
    assert of(rows_live, *requires, **values) == [("rows.live", status)]


def test_the_journal_is_read_in_order() -> None:
    made = evidence(Requirement.JOURNAL)
    made.step.__dict__["journal"] = ("downgrade", "upgrade head")
    made.case.__dict__["journal"] = type("Log", (), {"lost_since": lambda _self, _n: False})()
    back = event("migration", changes=[(HEAD, BASE)])
    forth = event("migration", changes=[(BASE, HEAD)])
    made.__dict__["transitions"] = transitions([forth, back], [BASE], history())
    (finding,) = journal.judge(made)
    assert finding.next == "Run `python -m alembic upgrade head`."
    made.__dict__["transitions"] = transitions([back, forth], [HEAD], history())
    assert told(journal.judge(made)) == []


def test_a_command_that_fails_on_the_copy_is_unmet() -> None:
    goal = CommandGoal("python -m alembic check", "autogenerate finds nothing")
    assert of(commands, commands=(CommandResult(goal, "", NULLS),)) == [
        ("command.succeeds", "unmet")
    ]
    assert of(commands, commands=(CommandResult(goal, "", None),)) == []
