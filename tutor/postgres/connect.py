"""Connections to PostgreSQL, and what its errors mean to a learner."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tutor.postgres.server import Address

APPLICATION = "tutor"

# How long a login, a lock and a statement may take before the tutor says so instead of hanging.
CONNECT_SECONDS = 5
LOCK_MILLISECONDS = 3_000
STATEMENT_MILLISECONDS = 30_000


def connect(address: Address, database: str, *, read_only: bool = False) -> psycopg.Connection:
    """Log in, in autocommit mode, with time limits and with nothing taken from PG* variables.

    Values come out the same everywhere: UTC, ISO dates, UTF-8. Raises CannotActError.
    """
    settings = {
        "lock_timeout": str(LOCK_MILLISECONDS),
        "statement_timeout": str(STATEMENT_MILLISECONDS),
        "default_transaction_read_only": "on" if read_only else "off",
    }
    with database_errors(f"log in to the database {database}"):
        conn = _connected(
            database,
            host=address.host,
            hostaddr=address.host if address.host[:1].isdigit() else None,
            port=address.port,
            user=address.user,
            password=address.password,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            application_name=APPLICATION,
            client_encoding="UTF8",
            options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
            sslmode=address.sslmode,
            sslrootcert=address.sslrootcert or None,
            gssencmode="disable",
            # The learner's migrations change tables between two statements of ours: a prepared
            # plan would be out of date ("cached plan must not change result type").
            prepare_threshold=None,
        )
        # Not among the options above: there PGTZ and PGDATESTYLE would win.
        conn.execute("SET timezone = 'UTC'; SET datestyle = 'ISO'")
        return conn


def _connected(database: str, **settings: Any) -> psycopg.Connection:
    """Connect; raises CannotActError of its own where there is no such database."""
    import psycopg  # noqa: PLC0415 - costs 0.2 s, which a command without a database does not pay

    try:
        return psycopg.connect(dbname=database, **settings)
    except psycopg.OperationalError as error:
        # At the login the driver tells no SQLSTATE; the server speaks English (lc_messages).
        if f'database "{database}" does not exist' not in str(error):
            raise
        raise CannotActError(
            f"The database {database} is no longer on the server.",
            "`tutor reset` makes it again as it was when the step began.",
        ) from error


@contextmanager
def database_errors(action: str) -> Iterator[None]:
    """Turn the driver's errors into CannotActError; `action` completes "The tutor could not …"."""
    import psycopg  # noqa: PLC0415 - see connect

    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        raise CannotActError(
            f"The tutor could not {action}: another program holds a lock on it.",
            "Finish the open transaction (COMMIT or ROLLBACK in psql, or close the program); "
            "`tutor doctor` names who holds the lock.",
        ) from error
    except psycopg.errors.QueryCanceled as error:
        raise CannotActError(
            f"The tutor could not {action}: PostgreSQL took longer than "
            f"{STATEMENT_MILLISECONDS // 1000} s.",
            "Run the command again; if it stays slow, `tutor doctor` tells what the server does.",
        ) from error
    except psycopg.Error as error:
        # At the login the driver tells no SQLSTATE, only what the operating system said.
        if isinstance(error, psycopg.errors.DiskFull) or os.strerror(errno.ENOSPC) in str(error):
            raise CannotActError(
                f"The tutor could not {action}: the disk is full.",
                "Free some disk space, then run the command again.",
            ) from error
        if "server closed the connection unexpectedly" in str(error):
            raise CannotActError(
                f"The tutor could not {action}: PostgreSQL broke off (on a full disk, say).",
                "`tutor doctor` looks for the cause; then run the command again.",
            ) from error
        raise CannotActError(
            f"The tutor could not {action}: {one_line(error)}.",
            "Run the command again; if it stays, `tutor doctor` looks for the cause.",
        ) from error


def one_line(error: psycopg.Error) -> str:
    """Return the server's own message, or the driver's first line, without a full stop."""
    message = error.diag.message_primary or str(error).partition("\n")[0] or type(error).__name__
    return message.strip().rstrip(".")
