"""Help on the current step: hints, the reference as a diff."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from tutor.results.change import FileDiff, Solution
from tutor.results.lesson import Hint
from tutor.workbench import lay_over

if TYPE_CHECKING:
    from tutor.session.context import Pieces


def hint(pieces: Pieces) -> Hint:
    """Return one hint more than was seen of the current step; the last one stays."""
    step = pieces.course.step(pieces.progress.current)
    number = min(pieces.progress.hints.get(step.id, 0) + 1, len(step.hints))
    pieces.save(pieces.progress.with_hint(step.id, number))
    return Hint(number, len(step.hints), step.hints[number - 1])


def solution(pieces: Pieces) -> Solution:
    """Return the reference of the current step as diffs against the learner's present files."""
    step = pieces.course.step(pieces.progress.current)
    present = pieces.workspace.managed_files()
    wanted = lay_over(present, step.solution)
    names = sorted(name for name in {*present, *wanted} if present.get(name) != wanted.get(name))
    return Solution(
        step_id=step.id,
        diffs=tuple(FileDiff(name, _diff(name, present, wanted)) for name in names),
        commands=step.solution.run,
        answers=step.solution.answers,
    )


def _diff(name: str, present: dict[str, bytes], wanted: dict[str, bytes]) -> str:
    before, after = (
        files.get(name, b"").decode("utf-8", "replace").splitlines(keepends=True)
        for files in (present, wanted)
    )
    return "".join(difflib.unified_diff(before, after, f"yours/{name}", f"reference/{name}"))
