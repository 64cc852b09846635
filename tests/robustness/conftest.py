"""One workspace for each test module, used as a learner uses it: by the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.course.learner import Learner
from tutor.session.make.removing import remove
from tutor.session.make.starting import start_workspace
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from collections.abc import Iterator

Environment = dict[str, str] | None

DYING = Path(__file__).with_name("dying.py")


@dataclass(frozen=True)
class Said:
    """How a command ended: its exit code, and all it said, on one line and in lines."""

    code: int
    lines: str

    @property
    def text(self) -> str:
        return " ".join(self.lines.split())


class Shell(Learner):
    """A learner at a shell, without a terminal, in the workspace `root`."""

    def tutor(
        self, *arguments: str, folder: Path | None = None, environment: Environment = None
    ) -> Said:
        """Run a command of the tutor; none of them may ever show a traceback."""
        with self.begin(*arguments, folder=folder, environment=environment) as process:
            said, _ = process.communicate(timeout=120)
        assert "Traceback" not in said, said
        assert "The tutor itself failed" not in said, said
        return Said(process.returncode, said)

    def begin(
        self, *arguments: str, folder: Path | None = None, environment: Environment = None
    ) -> subprocess.Popen[str]:
        """Start a command of the tutor and return its process; what it says goes to a pipe."""
        return subprocess.Popen(
            [sys.executable, "-m", "tutor", *arguments],
            cwd=folder or self.root,
            env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1"} | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def verdict(self, environment: Environment = None) -> dict[str, Any]:
        """Return what `tutor check --json` says."""
        said = self.tutor("check", "--json", environment=environment)
        value: dict[str, Any] = json.loads(said.lines)
        assert said.code in {0, 1}, said.text
        return value

    def first_unmet(self, environment: Environment = None) -> dict[str, Any]:
        """Return the finding that a check puts first."""
        findings = self.verdict(environment)["findings"]
        found: dict[str, Any] = next(item for item in findings if item["status"] == "unmet")
        assert found["next"], found
        return found

    def signalled(
        self, name: str, at: int, log: Path, *arguments: str, folder: Path | None = None
    ) -> Said:
        """Run a command that sends itself a signal at its step `at`; see dying.py."""
        done = subprocess.run(
            [sys.executable, DYING, name, str(at), log, *arguments],
            cwd=folder or self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return Said(done.returncode, done.stdout)

    def sql(self, statement: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run a statement as the learner, in the live database; return its rows as text."""
        with open_context(self.root, reading=True) as context:
            server = context.server
        with server.connect(database or server.live, role="learner") as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def workspace(state_home: Path) -> Iterator[Shell]:
    """Return the shell of a new workspace that the tests of one module share.

    No module inherits what another left behind: which modules run in one process is chance.
    """
    folder = Path(tempfile.mkdtemp(prefix="shell-", dir=state_home))
    with start_workspace(folder / "fastapi learn ü") as context:
        root = context.workspace.root
    yield Shell(root)
    if root.exists():
        with open_context(root, server="removing") as context:  # a test may have ended the server
            remove(context.workspace, files=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def shell(workspace: Shell) -> Shell:
    """Return the shell, in whatever state the module's test before left it."""
    return workspace
