"""Rules about the live database, its rows, the journal and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.judge.given import (
    BASE,
    HEAD,
    event,
    evidence,
    followed,
    history,
    live,
    replayed,
    revision,
    stage,
)
from tutor.course import CommandGoal, Requirement
from tutor.judge.compare.diagnosis import Diagnosis, Fault
from tutor.judge.compare.transitions import transitions
from tutor.judge.evidence.downgrade import downgrade_target
from tutor.judge.findings import Status, unmet
from tutor.judge.rules import (
    app_serves,
    commands,
    journal,
    revisions_edited,
    revisions_upgrade,
    rows_kept,
    rows_live,
    schema,
    version,
)
from tutor.judge.values.app import AppRun
from tutor.judge.values.command import CommandResult
from tutor.judge.values.database import Baseline

if TYPE_CHECKING:
    from tutor.judge.values.rows import Rows

from tests.judge.asked import (
    AFTER,
    APPLIED,
    BEFORE,
    END,
    GOAL,
    NULLS,
    REPLAY,
    START,
    first,
    of,
    told,
)


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


def test_an_app_that_calls_create_all_is_warned() -> None:
    made = evidence(
        Requirement.APP,
        values={"files": {"main.py": b"Base.metadata.create_all(engine)"}, "app": AppRun()},
    )
    found = [item for item in app_serves.judge(made) if item.status is not Status.MET]
    assert [(item.code, item.status) for item in found] == [("app.create_all", Status.WARNING)]


def test_a_target_takes_back_one_revision_only() -> None:
    merge = revision("m" * 12, BASE, HEAD)
    assert downgrade_target(merge, ()) == BASE
    assert downgrade_target(revision(HEAD, BASE), ()) == BASE
    assert downgrade_target(revision(HEAD, BASE), {"c" * 12}) == f"{HEAD}@-1"
    assert downgrade_target(revision(BASE), ()) == "base"
    assert downgrade_target(revision(BASE), {"c" * 12}) == f"{BASE}@base"
