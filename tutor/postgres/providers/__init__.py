"""Kinds of PostgreSQL server, one folder each; the rest of the tutor names none of them.

`folder` is where the tutor keeps what it knows of one workspace's server. There is one kind so far:
the embedded one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.postgres.server import Server

EMBEDDED = "embedded"
KINDS = (EMBEDDED,)


def require_known(kind: str) -> None:
    """Raise UsageError for a kind of server that there is not."""
    if kind not in KINDS:
        raise UsageError(
            f"The tutor cannot use the server {kind!r}: only its own, `{EMBEDDED}`, so far.",
            "Leave out `--postgres`: the tutor then brings its own.",
        )


def create(kind: str, folder: Path) -> Server:
    """Make a server, start it, make the learner's role. Safe to repeat.

    Raises UsageError for an unknown kind, CannotActError where it cannot be made.
    """
    require_known(kind)
    from tutor.postgres.providers.embedded.server import EmbeddedServer  # noqa: PLC0415 - its own

    return EmbeddedServer.create(folder)


def load(folder: Path) -> Server:
    """Open a server that `create` made; it need not run. Raises StateLostError."""
    from tutor.postgres.providers.embedded.server import EmbeddedServer  # noqa: PLC0415 - as above

    return EmbeddedServer.load(folder)


def discard(folder: Path) -> None:
    """Stop and delete whatever server there is, also one that was never finished."""
    from tutor.postgres.providers.embedded.server import EmbeddedServer  # noqa: PLC0415 - as above

    EmbeddedServer.discard(folder)
