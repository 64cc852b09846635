"""Say in words what went wrong in the learner's code."""

from __future__ import annotations

import re
from dataclasses import replace
from textwrap import shorten
from typing import TYPE_CHECKING

from tutor.judge.findings import Layer
from tutor.workspace.template import VERSIONS

if TYPE_CHECKING:
    from tutor.judge.findings import Finding
    from tutor.workspace.code.error import LearnerCodeError


_UNNAMED = r"(\w+Constraint)\(.*\); it has no name"  # SQLAlchemy shows all that it is made of
_TOLD = 200
"""So many characters of a statement are told."""


def where(error: LearnerCodeError) -> str:
    """Return "models.py, line 12", or what is known of the place; it may be nothing."""
    if error.file is None:
        return ""
    return f"{error.file}, line {error.line}" if error.line else error.file


def line_of(error: LearnerCodeError) -> str:
    """Return "line 12" for a place in a revision file, whose name is told beside it."""
    if error.file is not None and error.line and error.file.startswith(VERSIONS):
        return f"line {error.line}"
    return where(error)


def at(place: str) -> str:
    """Return a place in parentheses, to stand behind a sentence; nothing where it is unknown."""
    return f" ({place})" if place else ""


def fix(error: LearnerCodeError) -> str:
    """Return the sentence that says where to fix it."""
    return f"Fix {where(error)}." if error.file else "Fix what the message above speaks of."


def said(error: LearnerCodeError) -> str:
    """Return what Python or PostgreSQL said, on one line, with the statement it was about."""
    message = re.sub(_UNNAMED, r"\1: it has no name", " ".join(error.message.split()))
    if error.statement:
        return f"{message} (running: {shorten(error.statement, _TOLD, placeholder=' …')})"
    return message


def foreign_or(error: LearnerCodeError, finding: Finding) -> Finding:
    """Return the finding, or the one for code that wanted another database than the learner's."""
    if error.kind != "refused":
        return finding
    return replace(
        finding,
        code="environment.foreign",
        layer=Layer.ENVIRONMENT,
        summary=f"your code connects to another database than the workspace's{at(where(error))}",
        expected="the database that .env names, and no other",
        actual=said(error),
        next="Let the URL come from .env. The check did not let the connection through.",
    )
