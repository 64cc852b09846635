"""Look at everything that the tutor stands on, and say of each thing how it is."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.database.values import versions_of
from tutor.errors import TutorError
from tutor.results.views import Ailment
from tutor.workspace.folder import env_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.session.pieces import Pieces

_PACKAGES = ("alembic", "sqlalchemy", "asyncpg", "psycopg", "fastapi", "uvicorn", "pip")
_CLASHES = ("DATABASE_URL", "DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD")


def doctor(pieces: Pieces) -> list[Ailment]:
    """Return what was looked at, in order; nothing is changed."""
    return [
        *_versions(),
        *_environment(pieces),
        *_server(pieces),
        *_credentials(pieces),
        *_clashes(pieces),
        *_locks(pieces),
    ]


def _versions() -> Iterator[Ailment]:
    yield Ailment("Python", "well", platform.python_version())
    for name in _PACKAGES:
        try:
            yield Ailment(name, "well", version(name))
        except PackageNotFoundError:
            yield Ailment(name, "ill", "not installed", "Install the tutor again.")


def _environment(pieces: Pieces) -> Iterator[Ailment]:
    from tutor.workspace.shell import activation_command, is_active  # noqa: PLC0415

    root = pieces.workspace.root
    if is_active(root):
        yield Ailment("environment", "well", f"{root / '.venv'} is active")
    else:
        yield Ailment(
            "environment",
            "watch",
            f"{root / '.venv'} is not active in this shell",
            f"Run: {activation_command(root, Path.cwd())}",
        )


def _server(pieces: Pieces) -> Iterator[Ailment]:
    address = pieces.server.learner
    place = f"PostgreSQL at {address.host}, port {address.port}"
    if not pieces.server.is_running():
        yield Ailment("server", "ill", f"{place} is not running", "Run `tutor next`: it starts it.")
        return
    try:
        versions = versions_of(pieces.server, pieces.server.live)
    except TutorError as error:
        yield Ailment("server", "ill", error.message, error.next_move)
        return
    yield Ailment("server", "well", f"{place} answers")
    at = "no alembic_version table" if versions is None else ", ".join(versions) or "base"
    yield Ailment("database", "well", f"{pieces.server.live} is at {at}")


def _credentials(pieces: Pieces) -> Iterator[Ailment]:
    said = pieces.workspace.database_settings()
    wanted = env_settings(pieces.live)
    wrong = [name for name, value in wanted.items() if said.get(name) != value]
    if wrong:
        right = ", ".join(f"{name}={wanted[name]}" for name in wrong)
        yield Ailment(
            ".env", "ill", f"{', '.join(wrong)} does not lead to your database", f"Write {right}"
        )
    else:
        yield Ailment(".env", "well", f"leads to {pieces.server.live} as {wanted['DB_USER']}")


def _clashes(pieces: Pieces) -> Iterator[Ailment]:
    said = pieces.workspace.database_settings()
    for name in _CLASHES:
        exported = os.environ.get(name)
        if exported is not None and exported != said.get(name):
            yield Ailment(
                "shell",
                "watch",
                f"{name} is exported in your shell, and .env says something else",
                f".env wins here; other tools may take the exported one: `unset {name}`",
            )


def _locks(pieces: Pieces) -> Iterator[Ailment]:
    if not pieces.server.is_running():
        return
    idle = [
        client
        for client in pieces.copies.clients(pieces.server.live)
        if client.state.startswith("idle in transaction")
    ]
    for client in idle:
        yield Ailment(
            "locks",
            "watch",
            f"{client.application or client.user} (process {client.pid}) has a transaction "
            f"open in your database: a migration may wait for it",
            "End it there with COMMIT or ROLLBACK.",
        )
    if not idle:
        yield Ailment("locks", "well", "nobody has a transaction open in your database")
