"""Say in words what went wrong in the learner's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.workspace.learner_error import LearnerCodeError


def where(error: LearnerCodeError) -> str:
    """Return "models.py, line 12", or what is known of the place."""
    if error.file is None:
        return "no line known"
    return f"{error.file}, line {error.line}" if error.line else error.file


def said(error: LearnerCodeError) -> str:
    """Return what Python or PostgreSQL said, on one line, with the statement it was about."""
    message = " ".join(error.message.split())
    if error.statement:
        return f"{message} (running: {' '.join(error.statement.split())[:200]})"
    return message
