"""Look at everything that the tutor stands on, and say of each thing how it is."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.postgres.rows import versions_of
from tutor.results.views import Ailment
from tutor.workspace.environment.credentials import differing, env_settings, exported_elsewhere
from tutor.workspace.revision_files import read_revision_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.session.context import Pieces

_PACKAGES = ("alembic", "sqlalchemy", "asyncpg", "psycopg", "fastapi", "uvicorn", "pip")
_ROOM = 20
"""Megabytes that a check needs for its copies of a small database."""


def doctor(pieces: Pieces) -> list[Ailment]:
    """Return what was looked at, in order; nothing is changed, nor started."""
    found = [*_versions(), *_environment(pieces), *_clashes(pieces)]
    # What these stand on may itself be what is ill: then its error is the finding.
    for what, section in (("server", _server), ("progress", _progress), ("disk", _disk)):
        try:
            found += section(pieces)
        except TutorError as error:
            found.append(Ailment(what, "ill", error.message, error.next_move))
    return found


def _versions() -> Iterator[Ailment]:
    yield Ailment("Python", "well", platform.python_version())
    for name in _PACKAGES:
        try:
            yield Ailment(name, "well", version(name))
        except PackageNotFoundError:
            yield Ailment(name, "ill", "not installed", "Install the tutor again.")


def _environment(pieces: Pieces) -> Iterator[Ailment]:
    from tutor.workspace.environment.shell import activation_command, is_active  # noqa: PLC0415

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
    server = pieces.server
    yield from _credentials(pieces)
    place = f"PostgreSQL at {server.learner.host}, port {server.learner.port}"
    if server.is_running():
        versions = versions_of(server, server.live)
        yield Ailment("server", "well", f"{place} answers")
        yield _database(pieces, versions)
        yield from _locks(pieces)
    elif obstacle := server.obstacle():
        yield Ailment(
            "server",
            "ill",
            f"{place} is not running. {obstacle}",
            "Mend what it names, then run `tutor next`: it starts the server. "
            "`tutor start .` makes a new one where that cannot be.",
        )
    else:
        yield Ailment(
            "server", "watch", f"{place} is stopped", "`tutor next`, or any other verb, starts it."
        )


def _database(pieces: Pieces, versions: tuple[str, ...] | None) -> Ailment:
    """Say which revision the live database is at; None is: there is no alembic_version."""
    live = pieces.server.live
    if not versions:
        table = ", and there is no table alembic_version yet" if versions is None else ""
        return Ailment("database", "well", f"{live} is at base: no revision is applied{table}")
    known = {file.revision for file in read_revision_files(pieces.workspace.managed_files())}
    at = ", ".join(versions)
    if set(versions) <= known:
        return Ailment("database", "well", f"{live} is at {at}")
    return Ailment(
        "database",
        "ill",
        f"{live} says that it is at {at}, and no revision file has that id: Alembic refuses every "
        f"command",
        "Bring the file back; or `tutor check` says what to stamp, and `tutor reset` begins the "
        "step anew.",
    )


def _progress(pieces: Pieces) -> Iterator[Ailment]:
    progress = pieces.progress
    yield Ailment("progress", "well", f"{len(progress.done)} done, now at {progress.current}")


def _disk(pieces: Pieces) -> Iterator[Ailment]:
    """Yield whether the tutor can write where it must, and for how much there is room."""
    folders = {pieces.workspace.home: _ROOM, pieces.server.data: _ROOM, pieces.workspace.root: 1}
    for folder, needed in folders.items():
        if not folder.is_dir():  # told of by whoever needs it
            continue
        free = shutil.disk_usage(folder).free // 1_000_000
        if folder != pieces.server.data and not os.access(folder, os.W_OK):
            yield Ailment(
                "disk",
                "ill",
                f"{folder} cannot be written to",
                "Mend the folder's permissions.",
            )
        elif free < needed:
            yield Ailment(
                "disk",
                "ill",
                f"{free} MB are free for {folder}: a copy of your database needs {_ROOM}",
                "Free some disk space.",
            )


def _credentials(pieces: Pieces) -> Iterator[Ailment]:
    said = pieces.workspace.database_settings()
    wanted = env_settings(pieces.live)
    wrong = differing(said, wanted)
    if wrong:
        right = ", ".join(f"{name}={wanted[name]}" for name in wrong)
        yield Ailment(
            ".env", "ill", f"{', '.join(wrong)} does not lead to your database", f"Write {right}"
        )
    else:
        yield Ailment(".env", "well", f"leads to {pieces.server.live} as {wanted['DB_USER']}")


def _clashes(pieces: Pieces) -> Iterator[Ailment]:
    for name in exported_elsewhere(pieces.workspace.database_settings()):
        yield Ailment(
            "shell",
            "watch",
            f"{name} is exported in your shell, and .env says something else",
            f".env wins here; other tools may take the exported one: `unset {name}`",
        )


def _locks(pieces: Pieces) -> Iterator[Ailment]:
    idle = [client for client in pieces.copies.clients(pieces.server.live) if client.in_transaction]
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
