"""The record of the progress: formats of older tutors, and reset point apart from baseline."""

from __future__ import annotations

import pytest

from tutor.errors import CannotActError
from tutor.state.progress import Progress, State

FORMAT_1 = {
    "format": 1,
    "current": "3.5",
    "begun": True,
    "start": {
        "database": "tutor_0a1b2c3d_start_11223344",
        "files": "5566aabb",
        "versions": ["955bb0742a21"],
        "event": 17,
        "differs": True,
        "own": ["table notes"],
    },
    "done": ["1.1", "1.2"],
    "hints": {"3.4": 2},
}


def test_a_record_of_format_1_is_read() -> None:
    progress = Progress.from_json(FORMAT_1)
    state = State("tutor_0a1b2c3d_start_11223344", "5566aabb", ("955bb0742a21",))
    assert progress.reset_point == progress.baseline == state
    assert (progress.current, progress.begun, progress.event) == ("3.5", True, 17)
    assert (progress.rows_differ, progress.unmanaged) == (True, ("table notes",))
    assert progress.passed("1.2")
    assert progress.hints == {"3.4": 2}


def test_what_is_written_is_read_again() -> None:
    progress = Progress.from_json(FORMAT_1)
    assert Progress.from_json(progress.as_json()) == progress


def test_a_newer_format_asks_for_an_upgrade() -> None:
    with pytest.raises(CannotActError, match="newer tutor"):
        Progress.from_json({"format": 99})
