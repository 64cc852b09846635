"""Run the learner's code, on scratch copies only."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.workspace.environment.target import target_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from tutor.judge.evidence.case import Case
    from tutor.postgres.databases.scratch import Scratch
    from tutor.workspace.code.app import ServedApp
    from tutor.workspace.code.runner import Runner

LEARNER_SECONDS = 10
"""How long one call of the learner's code may take: their models, one revision up or down,
one request to their app."""


class LearnerCode:
    """Runs the learner's code in child processes that reach scratch copies, and nothing else.

    `held` ends the processes and drops the copies. What is not asked for is neither imported nor
    started.
    """

    def __init__(
        self, case: Case, held: ExitStack, version_table: Callable[[], tuple[str, str] | None]
    ) -> None:
        """Take the case, what ends the processes, and what returns the live version table's name.

        env.py may give that table another name than it had at the baseline.
        """
        self._case = case
        self._version_table = version_table
        self._open = held
        self.ran = False
        """Whether any of the learner's code was run."""

    @cached_property
    def runner(self) -> Runner:
        """The learner's interpreter; it reaches only the copy it was last told of."""
        from tutor.workspace.code.runner import Runner

        self.ran = True
        self._case.working("Trying your code on a copy of your database …")
        target = target_of(self._case.server)
        return self._open.enter_context(
            Runner(self._case.workspace.root, target, None, timeout=LEARNER_SECONDS)
        )

    @cached_property
    def scratch(self) -> Scratch:
        """The second server, on which the learner's code runs."""
        from tutor.postgres.databases.scratch import Scratch

        case = self._case
        return Scratch(
            case.server,
            case.workspace.id,
            case.baseline.database,
            self._open,
            version_table=self._version_table(),
        )

    def aim(self, database: str) -> None:
        """Let the learner's interpreter reach one copy, and only that, from now on."""
        self.runner.copy = replace(target_of(self.scratch.server), database=database)

    def copy(self, purpose: str, *, source: str | None = None) -> str:
        """Return a new copy of a scratch database, of the baseline where none is named.

        It is dropped at the end.
        """
        name = self.scratch.clone(source or self.scratch.mirror, purpose)
        self._open.callback(self.scratch.drop, name)
        return name

    def copy_of_live(self, purpose: str) -> str:
        """Return a new scratch copy of the live database; it is dropped at the end."""
        name = self.scratch.receive(self._case.server.live, purpose)
        self._open.callback(self.scratch.drop, name)
        return name

    @cached_property
    def app(self) -> ServedApp:
        """The app's process: it gets ready from now on, while other things are done."""
        from tutor.workspace.code.app import ServedApp

        self.ran = True
        target = target_of(self._case.server)
        app = ServedApp(self._case.workspace.root, target, timeout=LEARNER_SECONDS)
        app.get_ready()
        self._open.callback(app.close)
        return app
