"""A PostgreSQL for the test process, and workspaces that lead to a database of their own on it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.workspace.site import Site, make_workspace
from tutor.postgres.databases.copies import Copies
from tutor.postgres.providers.embedded.server import EmbeddedServer
from tutor.workspace.environment.target import Target
from tutor.workspace.environment.venv import ensure_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.workspace.folder import Workspace


@pytest.fixture(scope="session")
def copies(state_home: Path) -> Iterator[tuple[EmbeddedServer, Copies]]:
    """Start a server, with an empty live database."""
    server = EmbeddedServer.create(state_home / "workspace-tests")
    made = Copies(server, "0a0b0c0d")
    made.create_live()
    yield server, made
    EmbeddedServer.discard(server.folder)


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    """Return a folder whose path has a space and letters beyond ASCII."""
    folder = Path(tempfile.mkdtemp(prefix="Übung 1 ")).resolve()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def workspace(empty_folder: Path) -> Workspace:
    """Return a new workspace without an environment or a database."""
    return make_workspace(empty_folder / "fastapi-learn")


@pytest.fixture
def site(copies: tuple[EmbeddedServer, Copies], workspace: Workspace) -> Iterator[Site]:
    """Return a whole workspace, its live database, and an empty copy."""
    server, made = copies
    learner = server.learner
    live = Target(learner.host, learner.port, server.live, learner.user, learner.password)
    workspace.write_env(live)
    ensure_environment(workspace.root)
    name = made.empty("test")
    yield Site(workspace, live, replace(live, database=name), server)
    made.drop(name)
