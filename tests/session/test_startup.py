"""What showing the step again loads: that is most of the time it takes."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tutor.errors import UsageError
from tutor.session.make.starting import start_workspace
from tutor.workspace.environment.venv import environment_folder, python

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {
    "alembic",
    "importlib.metadata",
    "psutil",
    "psycopg",
    "sqlalchemy",
    "tutor.judge.evidence",
    "tutor.postgres.providers.embedded.lifecycle",
    "tutor.session.change.build",
}
LOADED = """
import sys
from tutor.cli import run
assert run(["next"]) == 0
print(*sys.modules, file=sys.stderr)
"""


def test_a_kind_of_server_that_there_is_not_is_wrong_usage(tmp_path: Path) -> None:
    target = tmp_path / "fastapi-learn"
    with (
        pytest.raises(UsageError, match="only its own, `embedded`"),
        start_workspace(target, postgres="docker"),
    ):
        pass
    assert not target.exists()


def test_a_step_is_shown_again_without_what_only_other_commands_need(original: Path) -> None:
    done = subprocess.run(
        [python(original), "-c", LOADED],
        cwd=original,
        env={**os.environ, "VIRTUAL_ENV": str(environment_folder(original))},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    *said, loaded = done.stderr.splitlines()
    assert said == []
    assert HEAVY.isdisjoint(loaded.split())
