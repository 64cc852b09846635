"""The learner's role, and what the server's log notes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.connect import connect, database_errors

if TYPE_CHECKING:
    import psycopg

    from tutor.postgres.server import Server

# What the journal needs (see journal.py): each statement once, with its text, when it is complete.
# log_statement would note it before, so that one that fails looks like one that worked; and its
# narrower values leave COMMIT out. Only a superuser can change these.
LOG_SETTINGS = {
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "200",
}


def make_learner(server: Server) -> None:
    """Make the learner's role, or make it again as it was.

    It may log in and owns databases, but may not make any, and has no settings of its own.
    """
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    learner = server.learner
    with server.maintenance() as conn, database_errors("make the learner's role"):
        known = conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [learner.user]).fetchone()
        conn.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                sql.SQL("ALTER" if known else "CREATE"),
                sql.Identifier(learner.user),
                sql.Literal(learner.password),
            )
        )
        conn.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(learner.user)))


def is_refused(server: Server, password: str) -> bool:
    """Tell whether the live database refuses the learner's role with this password.

    Raises CannotActError where the login fails for another reason.
    """
    try:
        connect(replace(server.learner, password=password), server.live).close()
    except CannotActError as error:
        if "password authentication failed" in error.message:
            return True
        raise
    return False


def make_database(server: Server, name: str) -> None:
    """Make an empty database that the learner's role owns; nothing where it stands."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    with server.maintenance() as conn, database_errors(f"make the database {name}"):
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        names = sql.Identifier(name), sql.Identifier(server.learner.user)
        conn.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def log_learner(conn: psycopg.Connection, role: str, database: str) -> None:
    """Have the role's work in one database logged, from its next session on.

    The setting belongs to the database as such: it stays with it when it is renamed.
    """
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    for name, value in LOG_SETTINGS.items():
        conn.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                sql.Identifier(role),
                sql.Identifier(database),
                sql.Identifier(name),
                sql.Literal(value),
            )
        )


def stop_logging_learner(conn: psycopg.Connection, role: str, database: str) -> None:
    """Take back `log_learner`."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    conn.execute(
        sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(
            sql.Identifier(role), sql.Identifier(database)
        )
    )
