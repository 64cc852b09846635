"""A lesson says from where a name comes that it shows, or that the step needs."""

from __future__ import annotations

import ast
import importlib
import re
from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE
from tutor.session.change.build import original_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.course import Step

LIBRARIES = ("sqlalchemy", "sqlalchemy.orm", "sqlalchemy.exc", "fastapi", "pydantic", "decimal")
"""What learners import from; the capitalised names in them are told apart from words."""
STEPS = list(COURSE.steps())

_BLOCK = re.compile(r"^```python.*\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
_STRING_OR_COMMENT = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|#.*")
_NAME = re.compile(r"(?<![\w.])[A-Z]\w*[a-z]\w*")
_IMPORT = re.compile(r"^ *from \S+ import ([^#\n]+)", re.MULTILINE)


@pytest.mark.parametrize("step", STEPS, ids=COURSE.step_ids)
def test_names_of_libraries_are_imported_where_a_lesson_shows_them(step: Step) -> None:
    there = {name for name, _ in imported(files_before(step))}
    said = "\n".join([step.text, *step.hints])
    lacking = {
        name
        for text in (step.text, *step.hints)
        for name in shown(text)
        if name not in there and not named_with_origin(name, said)
    }
    assert not lacking


@pytest.mark.parametrize("step", STEPS, ids=COURSE.step_ids)
def test_what_the_reference_imports_is_said_with_its_origin(step: Step) -> None:
    before = files_before(step)
    new = imported(step.solution.change(before)) - imported(before)
    assert not [name for name, _ in new if not named_with_origin(name, step.text)]


def files_before(step: Step) -> dict[str, bytes]:
    files = original_files(b"")
    for earlier in STEPS:
        if earlier.start is not None:
            files = earlier.start.change(files)
        if earlier.id == step.id:
            break
        files = earlier.solution.change(files)
    return files


def imported(files: Mapping[str, bytes]) -> set[tuple[str, str]]:
    """Return the names that models.py and main.py import, each with the module it is from."""
    return {
        (alias.name, str(node.module))
        for path in ("models.py", "main.py")
        for node in ast.walk(ast.parse(files[path]))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def shown(text: str) -> Iterator[str]:
    """Yield the names of libraries in a text's Python blocks; not those behind a dot."""
    for block in _BLOCK.finditer(text):
        code = _STRING_OR_COMMENT.sub("", block["body"])
        yield from (name for name in _NAME.findall(code) if of_a_library(name))


def of_a_library(name: str) -> bool:
    return any(hasattr(importlib.import_module(library), name) for library in LIBRARIES)


def named_with_origin(name: str, text: str) -> bool:
    """Whether a text imports a name, or says which module it is from within one sentence."""
    lines = [re.split(r", *", found.strip()) for found in _IMPORT.findall(text)]
    if any(name in names for names in lines):
        return True
    prose = _BLOCK.sub("", text)
    sentences = re.split(r"[.:] |\n\n", prose)
    return any(
        re.search(rf"`{name}`", sentence) and re.search(r"\bfrom `?[a-z]+", sentence)
        for sentence in sentences
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("```python\nx = Column(DateTime)\n```", ["Column", "DateTime"]),
        ("```python\nop.add_column('p', sa.Column('DateTime'))  # Boolean\n```", []),
        ("`DateTime` is a type", []),
    ],
)
def test_names_of_libraries_are_found_in_code(text: str, found: list[str]) -> None:
    assert list(shown(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "```python\nfrom sqlalchemy import Boolean, Index\n```",
        "Import `Index` and `text` from sqlalchemy.",
    ],
)
def test_where_a_name_comes_from_is_found_in_prose(text: str) -> None:
    assert named_with_origin("Index", text)


def test_a_name_without_its_module_is_found() -> None:
    assert not named_with_origin("Index", "`Index` is a class. Read it from top to bottom.")
