"""A database as the learner's code addresses it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    """One PostgreSQL database and the credentials of the learner's role on it."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
