"""Version transitions, from the journal's events."""

from __future__ import annotations

import pytest

from tests.judge.given import BASE, HEAD, event, history, revision
from tutor.judge.compare.transitions import transitions

LEFT, MERGE = "cccccccccccc", "dddddddddddd"


def test_transitions_are_named_by_where_they_lead() -> None:
    events = [
        event("migration", changes=[(BASE, HEAD)]),
        event("ddl", "CREATE TABLE x ()"),
        event("migration", changes=[(HEAD, BASE)]),
        event("migration", changes=[(BASE, None)]),
        event("stamp", changes=[(None, HEAD)]),
    ]
    found = transitions(events, [BASE], history())
    assert list(map(str, found)) == [
        f"upgrade to {HEAD}",
        f"downgrade to {BASE}",
        "downgrade to base",
        f"stamp to {HEAD}",
    ]
    assert [item.at_head for item in found] == [True, False, False, True]


@pytest.mark.parametrize(
    ("wanted", "which"),
    [("upgrade", [0]), ("upgrade head", [0]), ("downgrade", [1, 2]), ("downgrade base", [2])],
)
def test_a_step_names_the_transitions_that_it_wants(wanted: str, which: list[int]) -> None:
    events = [
        event("migration", changes=[(BASE, HEAD)]),
        event("migration", changes=[(HEAD, BASE)]),
        event("migration", changes=[("*", None)]),
    ]
    found = transitions(events, [BASE], history())
    assert [place for place, item in enumerate(found) if item.is_a(wanted)] == which


def test_a_merge_takes_two_rows_and_leaves_one() -> None:
    graph = history(
        revision(BASE), revision(HEAD, BASE), revision(LEFT, BASE), revision(MERGE, HEAD, LEFT)
    )
    events = [event("migration", changes=[(HEAD, MERGE), (LEFT, None)])]
    (found,) = transitions(events, [HEAD, LEFT], graph)
    assert found.kind == "upgrade"
    assert found.after == {MERGE}
