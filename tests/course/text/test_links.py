"""Law 5: every link of a lesson leads to a file that is there (DESIGN, section 4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.course.learner import COURSE
from tutor.course import Requirement
from tutor.session.change.build import original_files

if TYPE_CHECKING:
    from tutor.course import Step

_LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)\s]+)\)")
_ELSEWHERE = ("https://", "http://")
_NEW_FILE = "{{new_file}}"


def files_of_steps() -> dict[str, tuple[set[str], set[str]]]:
    """Return for each step the files that it can link to, and the revisions that are new in it.

    The files are those at its start and those at the end of its reference; new is a revision that
    no reference of an earlier step has applied.
    """
    now = original_files(b"")
    applied = set(now)
    found = {}
    for step in COURSE.steps():
        if step.start is not None:
            now = step.start.change(now)
        before = set(now)
        now = step.solution.change(now)
        found[step.id] = (before | set(now), set(now) - applied)
        if Requirement.APPLIED in step.requires:
            applied = set(now)
    return found


FILES = files_of_steps()


@pytest.mark.parametrize("step", list(COURSE.steps()), ids=COURSE.step_ids)
def test_links_lead_to_files_that_are_there(step: Step) -> None:
    files, new = FILES[step.id]
    targets = [unquote(match["target"]) for match in _LINK.finditer(step.text)]
    missing = [
        target
        for target in targets
        if not (
            target.startswith(_ELSEWHERE)
            or target in files
            or any(name.startswith(f"{target}/") for name in files)
            or (target == _NEW_FILE and bool(new))
        )
    ]
    assert not missing
