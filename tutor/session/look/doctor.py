"""Look at everything that the tutor stands on, and say of each thing how it is."""

from __future__ import annotations

import os
import platform
import secrets
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.judge.words.advice import drop_index
from tutor.postgres.catalog.catalog import read_invalid_indexes
from tutor.postgres.databases import roles
from tutor.session.look.diagnostic import Diagnostic
from tutor.session.look.migrations import autogenerate, database
from tutor.workspace.environment.credentials import (
    differing,
    env_leading_to,
    env_settings,
    exported_elsewhere,
)
from tutor.workspace.template import ENV_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.session.context import Context

_PACKAGES = ("alembic", "sqlalchemy", "asyncpg", "psycopg", "fastapi", "uvicorn", "pip")
_SECRET = "DB_PASSWORD"  # noqa: S105 - the name of a setting
_ROOM = 20
"""Megabytes that a check needs for its copies of a small database."""


def doctor(context: Context) -> list[Diagnostic]:
    """Return what was looked at, in order; no server is started, nothing changed."""
    found = [*_versions(), *_environment(context), *_clashes(context)]
    # What these need may itself be broken: then its error is the diagnostic.
    sections = (
        ("server", _server),
        ("database", database),
        ("autogenerate", autogenerate),
        ("progress", _progress),
        ("disk", _disk),
    )
    for what, section in sections:
        try:
            found += section(context)
        except TutorError as error:
            found.append(Diagnostic(what, "error", error.message, error.next_move))
    return found


def _versions() -> Iterator[Diagnostic]:
    yield Diagnostic("Python", "ok", platform.python_version())
    for name in _PACKAGES:
        try:
            yield Diagnostic(name, "ok", version(name))
        except PackageNotFoundError:
            yield Diagnostic(name, "error", "not installed", "Install the tutor again.")


def _environment(context: Context) -> Iterator[Diagnostic]:
    from tutor.workspace.environment.shell import activation_command, is_active  # noqa: PLC0415

    root = context.workspace.root
    if is_active(root):
        yield Diagnostic("environment", "ok", f"{root / '.venv'} is active")
    else:
        yield Diagnostic(
            "environment",
            "warning",
            f"{root / '.venv'} is not active in this shell",
            f"Run: {activation_command(root, Path.cwd())}",
        )


def _server(context: Context) -> Iterator[Diagnostic]:
    server = context.server
    yield from _credentials(context)
    place = f"PostgreSQL at {server.learner.host}, port {server.learner.port}"
    if server.is_running():
        yield Diagnostic("server", "ok", f"{place} answers")
        yield from _password(context)
        yield from _locks(context)
        yield from _indexes(context)
    elif obstacle := server.obstacle():
        yield Diagnostic(
            "server",
            "error",
            f"{place} is not running. {obstacle}",
            "Fix what it names, then run `tutor next`: it starts the server. "
            "`tutor start .` makes a new one where that cannot be.",
        )
    else:
        yield Diagnostic(
            "server",
            "warning",
            f"{place} is stopped",
            "`tutor next`, or any other command, starts it.",
        )


def _password(context: Context) -> Iterator[Diagnostic]:
    """Yield whether the server takes the learner's role with its own password and no other."""
    server = context.server
    role = server.learner.user
    if roles.is_refused(server, server.learner.password):
        yield Diagnostic(
            "password",
            "error",
            f"{role} has another password in the database than it was made with",
            "`tutor doctor --fix-env` gives it back, and writes it into .env.",
        )
    elif not roles.is_refused(server, secrets.token_urlsafe()):
        yield Diagnostic(
            "password",
            "error",
            f"the server lets {role} in with any password",
            "Put scram-sha-256 back into the server's pg_hba.conf, then `tutor stop`.",
        )


def _progress(context: Context) -> Iterator[Diagnostic]:
    progress = context.progress
    yield Diagnostic("progress", "ok", f"{len(progress.done)} done, now at {progress.current}")


def _disk(context: Context) -> Iterator[Diagnostic]:
    """Yield whether the tutor can write where it must, and for how much there is room."""
    folders = {context.workspace.home: _ROOM, context.workspace.root: 1}
    folders |= dict.fromkeys(context.server.folders, _ROOM)
    for folder, needed in folders.items():
        if not folder.is_dir():  # told of by whoever needs it
            continue
        free = shutil.disk_usage(folder).free // 1_000_000
        if folder not in context.server.folders and not os.access(folder, os.W_OK):
            yield Diagnostic(
                "disk",
                "error",
                f"{folder} cannot be written to",
                "Fix the folder's permissions.",
            )
        elif free < needed:
            yield Diagnostic(
                "disk",
                "error",
                f"{free} MB are free for {folder}: a copy of your database needs {_ROOM}",
                "Free some disk space.",
            )


def _credentials(context: Context) -> Iterator[Diagnostic]:
    """Yield whether .env leads to the database. The password is never shown."""
    wanted = env_settings(context.live)
    wrong = differing(context.workspace.database_settings(), wanted)
    if not wrong:
        yield Diagnostic(".env", "ok", f"leads to {context.server.live} as {wanted['DB_USER']}")
        return
    right = ", ".join(f"{name}={wanted[name]}" for name in wrong if name != _SECRET)
    yield Diagnostic(
        ".env",
        "error",
        f"{', '.join(wrong)} does not lead to your database",
        " ".join(
            [
                *([f"Write {right}."] if right else []),
                *(["`tutor doctor --fix-env` writes the password."] if _SECRET in wrong else []),
            ]
        ),
    )


def fix_env(context: Context) -> bool:
    """Write the credentials of the workspace's database into .env; return whether any was wrong.

    Whatever else the file says stays. Where the server runs, the learner's role gets its password
    back, which they may have changed.
    """
    if context.server.is_running():
        roles.make_learner(context.server)
    files = context.workspace.managed_files()
    fixed = env_leading_to(files.get(ENV_FILE, b""), context.live)
    if not differing(context.workspace.database_settings(), env_settings(context.live)):
        return False
    context.workspace.write({**files, ENV_FILE: fixed})
    return True


def _clashes(context: Context) -> Iterator[Diagnostic]:
    for name in exported_elsewhere(context.workspace.database_settings()):
        yield Diagnostic(
            "shell",
            "warning",
            f"{name} is exported in your shell, and .env says something else",
            f".env wins here; other tools may take the exported one: `unset {name}`",
        )


def _locks(context: Context) -> Iterator[Diagnostic]:
    live = context.server.live
    for item in context.copies.waiting(live):
        if item.holders:
            holders = " and ".join(map(str, item.holders))
            yield Diagnostic(
                "locks",
                "error",
                f"{item} waits for a lock that {holders} holds",
                f"End the transaction of {holders} with COMMIT or ROLLBACK: what waits goes on.",
            )
    idle = [client for client in context.copies.clients(live) if client.in_transaction]
    for client in idle:
        yield Diagnostic(
            "locks",
            "warning",
            f"{client.application or client.user} (process {client.pid}) has a transaction "
            f"open in your database: a migration may wait for it",
            "End it there with COMMIT or ROLLBACK.",
        )
    if not idle:
        yield Diagnostic("locks", "ok", "nobody has a transaction open in your database")


def _indexes(context: Context) -> Iterator[Diagnostic]:
    """Yield the indexes that an interrupted CREATE INDEX CONCURRENTLY left."""
    with context.server.connect(context.server.live, read_only=True) as connection:
        found = read_invalid_indexes(connection)
    for table, name in found:
        yield Diagnostic(
            "indexes",
            "error",
            f"the index {name} on {table} is INVALID: CREATE INDEX CONCURRENTLY was interrupted, "
            f"or refused",
            f"Run {drop_index(table, name)}, then the migration again.",
        )
