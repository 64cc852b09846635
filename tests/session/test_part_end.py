"""The end of a part is said once: when its last step passes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from tests.course.learner import COURSE
from tutor.judge.findings import Finding, Layer, Status
from tutor.judge.verdict import Verdict
from tutor.session.check.judging import part_end

CONTEXT = cast("Any", SimpleNamespace(course=COURSE))


def verdict(step: str, status: Status) -> Verdict:
    return Verdict(step, "", (Finding("answers.right", status, Layer.ANSWERS, ""),), 1, 36)


def test_the_last_step_of_a_part_ends_it() -> None:
    ended = part_end(CONTEXT, verdict("1.2", Status.MET))
    assert ended is not None
    assert ended.number == 1


def test_no_other_step_does_nor_one_that_has_not_passed() -> None:
    assert part_end(CONTEXT, verdict("1.1", Status.MET)) is None
    assert part_end(CONTEXT, verdict("1.2", Status.UNMET)) is None
