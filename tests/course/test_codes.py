"""Laws 5 and 6: the table of finding codes, the rules and the mistakes say the same (DESIGN, 4)."""

from __future__ import annotations

import re

import pytest

from tests.course.text.texts import PACKAGE, of_code
from tutor.course import Course, lessons_folder
from tutor.judge.findings import codes

CLONE = PACKAGE.parent
_CODE = re.compile(r"[a-z_]+\.[a-z_]+")
_FILES = (".py", ".ini", ".toml", ".jsonl")


def used() -> set[str]:
    """Return the strings of the rules, and of the steps' own checks, that look like a code."""
    groups = {code.partition(".")[0] for code in codes()}
    places = (PACKAGE / "judge", PACKAGE / "session")
    rules = [said for place in places for said in of_code(place)]
    rules += of_code(lessons_folder(), "check.py")
    return {
        said.text
        for said in rules
        if _CODE.fullmatch(said.text)
        and said.text.partition(".")[0] in groups
        and not said.text.endswith(_FILES)
    }


def test_every_code_that_is_used_has_a_meaning() -> None:
    assert not used() - codes().keys()


def test_every_code_with_a_meaning_is_used() -> None:
    assert not codes().keys() - used()


NO_MISTAKE = {
    "environment.begun": "comes before the step has begun (tests/course/stories/test_faults.py)",
    "environment.foreign": "needs a second database (tests/robustness/test_elsewhere.py)",
    "environment.exported": "a warning (tests/robustness/test_elsewhere.py)",
    "environment.hardcoded": "a warning (tests/robustness/test_elsewhere.py)",
    "environment.untouched": "a warning (tests/robustness/test_elsewhere.py)",
    "environment.database": "needs the superuser (tests/robustness/test_server_lost.py)",
    "version.interrupted": "a failed upgrade (tests/course/stories/test_interrupted.py)",
    "environment.locked": "needs an open session (tests/robustness/test_server_lost.py)",
    "revision.draft": "a warning (tests/judge/test_rules.py)",
    "revision.imports_models": "a warning (tests/course/stories/test_dead_ends.py)",
    "schema.own_objects": "a warning (tests/robustness/test_own_objects.py)",
    "drift.elsewhere": "a warning (tests/judge/test_rules.py)",
    "revision.locks": "a warning (tests/course/stories/test_locks.py)",
    "rows.varied": "a warning (tests/judge/test_preservation.py)",
    "rows.carried": "a warning (tests/judge/test_preservation.py)",
    "app.create_all": "a warning (tests/judge/test_rules_live.py)",
    "answers.given": "what the start of a step with questions gets (tests/course/test_laws.py)",
    "command.succeeds": "other rules see the same before it (tests/judge/test_rules_live.py)",
}
"""The codes that no mistake gets first, each with the reason and where it is tested instead."""


def test_every_code_is_what_a_mistake_gets_first_or_says_why_not() -> None:
    first = {item.expect for step in Course().steps() for item in step.mistakes.values()}
    assert codes().keys() - first == NO_MISTAKE.keys()


@pytest.mark.parametrize("code", NO_MISTAKE)
def test_what_no_mistake_gets_is_tested_where_the_list_says(code: str) -> None:
    place = NO_MISTAKE[code].rpartition("(")[2].rstrip(")")
    text = (CLONE / place).read_text(encoding="utf-8")
    assert code in text or code == "answers.given"
