"""Law 5: the table of finding codes and the rules say the same (DESIGN, section 4)."""

from __future__ import annotations

import re

from tests.course.text.texts import PACKAGE, of_code
from tutor.course import lessons_folder
from tutor.judge.findings import codes

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
