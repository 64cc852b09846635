"""One workspace for each test process; every case begins at a step's start in it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.course.learner import Learner
from tests.course.shared_runners import shared_runners
from tutor.session.make.removing import remove
from tutor.session.make.starting import start_workspace
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def learner(state_home: Path) -> Iterator[Learner]:
    """Return a learner in a workspace of their own."""
    folder = Path(tempfile.mkdtemp(prefix="learner-", dir=state_home))
    with start_workspace(folder / "fastapi-learn") as context:
        root = context.workspace.root
    learner = Learner(root)
    with shared_runners():
        yield learner
        learner.close()
    with open_context(root) as context:
        remove(context.workspace, files=True)
    shutil.rmtree(folder, ignore_errors=True)
