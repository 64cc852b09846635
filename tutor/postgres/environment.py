"""The environment in which PostgreSQL's own programs are run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tutor.postgres.connect import CONNECT_SECONDS

if TYPE_CHECKING:
    from tutor.postgres.server import Address

ENGLISH = {"LC_ALL": "C"}
"""The tutor reads what the programs say; macOS' server also wants a locale that surely exists."""


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would lead PostgreSQL's programs elsewhere.

    PGHOSTADDR, PGSERVICE, PGOPTIONS and their kin win over a host, or change the session. What
    only concerns psql's looks (PSQLRC, PSQL_PAGER) has other names and stays.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def login_environment(address: Address, application: str) -> dict[str, str]:
    """Return the environment that logs one of PostgreSQL's programs in, psql say.

    A password has no place among a program's arguments, which every user of the system can read.
    """
    settings = {
        "PGHOST": address.host,
        "PGPORT": str(address.port),
        "PGUSER": address.user,
        "PGPASSWORD": address.password,
        "PGSSLMODE": address.sslmode,
        "PGSSLROOTCERT": address.sslrootcert,
        "PGCLIENTENCODING": "UTF8",
        "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS),
        "PGAPPNAME": application,
    }
    return clean_environment() | {name: value for name, value in settings.items() if value}
