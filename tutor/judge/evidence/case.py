"""What a check is given: the step, what is the learner's, and where the step began."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.course import Question, Step
    from tutor.judge.values.answers import Answered
    from tutor.judge.values.database import Baseline
    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.journal.journal import Journal
    from tutor.postgres.server import Server
    from tutor.workspace.folder import Workspace


Ask = Callable[["Question", str | None], str | None]
"""Asks a question. The second argument is None the first time; then it says what was wrong with the
answer before. Returns None where there is no answer, or nobody who could be asked again.
"""


@dataclass(frozen=True)
class Case:
    """What a check is given.

    `baseline` is the healthy state from which new revisions are replayed, `baseline_files` its
    files. `began_at` is what alembic_version held when the learner began, which a fault may have
    changed. `since` is the number of the journal's last event when the step began. `rows_differ`:
    whether the learner's rows were others than the baseline's already then, by their own doing.
    `kept` maps the questions that were answered rightly before to the answers; `keep` takes another
    right answer as soon as it is given. `in_terminal`: whether questions are asked in a terminal.
    `unmanaged` names objects of earlier steps that no revision builds. `later` returns the steps
    after this one.
    """

    step: Step
    workspace: Workspace
    server: Server
    copies: Copies
    journal: Journal
    baseline: Baseline
    baseline_files: dict[str, bytes]
    began_at: tuple[str, ...]
    since: int
    rows_differ: bool
    unmanaged: frozenset[str]
    later: Callable[[], tuple[Step, ...]]
    ask: Ask
    kept: Mapping[str, str]
    keep: Callable[[Answered], None]
    in_terminal: bool
    working: Callable[[str], None]
