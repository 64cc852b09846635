"""Make a step's text ready to be shown: the learner's own names stand where it has placeholders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.results.lesson import Lesson

if TYPE_CHECKING:
    from tutor.session.context import Pieces
    from tutor.state.progress import Progress
    from tutor.workspace.folder import Workspace

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")

_UNKNOWN = {
    "head": "<id>",
    "new": "<new id>",
    "new_file": "<your new file>",
    "version": "base",
}
"""What stands for a placeholder while nothing is known; the keys are the placeholders there are."""


def lesson(pieces: Pieces, step_id: str, news: tuple[str, ...] = ()) -> Lesson:
    """Return a step's lesson with the learner's own revision ids and paths in it."""
    step = pieces.course.step(step_id)
    part = pieces.course.part_of(step_id)
    return Lesson(
        step_id=step.id,
        title=step.title,
        part_number=part.number,
        part_title=part.title,
        minutes=step.minutes,
        text=fill(step.text, pieces.workspace, pieces.progress),
        questions=len(step.questions),
        done=len(pieces.progress.done),
        total=len(pieces.course.step_ids),
        passed=pieces.progress.passed(step_id),
        to_come=to_come(pieces),
        workspace=pieces.workspace.root,
        news=news,
    )


def to_come(pieces: Pieces) -> str | None:
    """Return the first step that has not been passed yet; None at the end of the course."""
    steps = pieces.course.step_ids
    return next((step for step in steps if not pieces.progress.passed(step)), None)


def fill(text: str, workspace: Workspace, progress: Progress) -> str:
    """Replace the placeholders of a lesson; one that nothing is known of stays as <name>."""
    if "{{" not in text:
        return text
    from tutor.workspace.revision_files import read_revision_files  # noqa: PLC0415 - few texts need

    files = read_revision_files(workspace.managed_files())
    downs = {down for file in files for down in file.down}
    heads = [file for file in files if file.revision and file.revision not in downs]
    head = heads[0] if heads else None
    new = head if head is not None and head.revision not in progress.start.versions else None
    values = {
        "workspace": str(workspace.root),
        "head": head.revision if head else None,
        "new": new.revision if new else None,
        "new_file": new.name if new else None,
        "version": ", ".join(progress.start.versions),
    }
    return _PLACEHOLDER.sub(lambda match: values.get(match[1]) or _UNKNOWN[match[1]], text)
