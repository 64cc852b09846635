"""What the tests of this area work in."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.workspace.code.runner import Runner
from tutor.workspace.environment.venv import python
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.postgres.providers.embedded.server import EmbeddedServer
    from tutor.workspace.environment.target import Target


@dataclass(frozen=True)
class Site:
    """A workspace, its live database, and a copy that commands run on."""

    workspace: Workspace
    live: Target
    copy: Target
    server: EmbeddedServer

    @property
    def root(self) -> Path:
        return self.workspace.root

    def runner(self, timeout: float = 30) -> Runner:
        return Runner(self.root, self.live, self.copy, timeout=timeout)

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.root / name).read_text(encoding="utf-8") + text)

    def tables(self, database: str) -> list[str]:
        with self.server.connect(database) as connection:
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            )
            return [row[0] for row in rows]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the workspace's Python as a plain shell would, warnings as errors."""
        return subprocess.run(
            [str(python(self.root)), "-W", "error", *arguments],
            cwd=self.root,
            env=plain_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


def plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def make_workspace(target: Path) -> Workspace:
    """Make a workspace of the template alone, without a database."""
    workspace = Workspace.planned(target)
    workspace.lay()
    workspace.adopt()
    return workspace
