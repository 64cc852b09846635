"""A database as the learner's code addresses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.postgres.server import Server


@dataclass(frozen=True)
class Target:
    """One PostgreSQL database and the credentials of the learner's role on it."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)


def target_of(server: Server) -> Target:
    """Return a server's live database as the learner's code addresses it."""
    address = server.learner
    return Target(address.host, address.port, server.live, address.user, address.password)
