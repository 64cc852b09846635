"""One process for all that the checks of a test run do with Alembic, in place of one a check.

Starting one takes a second, two thirds of a whole check. It changes nothing else: a runner reads
the learner's files anew for every request, and one that hung or died is not used again. Nor is an
app's process, unless it got ready for nothing. That a check starts processes of its own is tested
everywhere else, through the command line.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tutor.workspace.code import app, runner
from tutor.workspace.code.app import ServedApp
from tutor.workspace.code.process import ChildProcess
from tutor.workspace.code.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Key = tuple["Path", str, "Path | None"]


@contextmanager
def shared_runners() -> Iterator[None]:
    """Share the runners' processes, each with whoever works in the same folder next."""
    waiting: dict[Key, ChildProcess] = {}
    keys: dict[ChildProcess, Key] = {}

    def take(root: Path, mode: str, interpreter: Path | None = None) -> ChildProcess:
        key = (root, mode, interpreter)
        child = waiting.pop(key, None) or ChildProcess(root, mode, interpreter)
        keys[child] = key
        return child

    def give_back(self: Runner | ServedApp, *_error: object) -> None:
        child = self._child
        if isinstance(self, ServedApp) and self._served:
            child.kill()
            return
        kept = waiting.setdefault(keys[child], child)
        if kept is not child:
            child.kill()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "ChildProcess", take)
        patch.setattr(app, "ChildProcess", take)
        patch.setattr(Runner, "__exit__", give_back)
        patch.setattr(ServedApp, "close", give_back)
        yield
    for child in waiting.values():
        child.kill()
