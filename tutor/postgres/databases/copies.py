"""The databases of one workspace: the live one, its baselines, scratch copies.

Only databases that carry the workspace's mark are ever dropped, renamed or overwritten. The mark is
a setting of the superuser's role in that database (`ALTER ROLE … IN DATABASE … SET`): nothing of
the tutor's is inside the database, and the learner, who owns it and may comment on it and change
its settings, cannot change a setting of another role. It stays with the database when that is
renamed. Before a copy has its mark, its name, which carries the workspace's id, serves as the mark,
and the next sweep finds it also after a crash in that instant. Workspaces of release 0.1 have a
comment as their mark.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.connect import APPLICATION, database_errors
from tutor.postgres.databases import dump, roles, sessions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import psycopg
    from psycopg import sql

    from tutor.postgres.databases.sessions import Client, Waiting
    from tutor.postgres.server import Server

# PostgreSQL cuts longer names off.
NAME_BYTES = 63

MARK = "alembic_tutor.workspace"
"""The setting that names a database's workspace."""

# CREATE DATABASE … TEMPLATE and RENAME wait 5 s for others to leave; the tutor gives up earlier,
# and earlier still where it sees one of its own sessions that may just be ending.
PATIENCE_MILLISECONDS = 2_000
SHORT_PATIENCE_MILLISECONDS = 400

# The release that brought the choice; before it there was only this way.
CHOOSES_STRATEGY = 15_00_00
RENAME_ATTEMPTS = 4


class Copies:
    """One workspace's databases on a server. Each method raises CannotActError where it fails."""

    def __init__(self, server: Server, workspace_id: str) -> None:
        """Take the server and the id that marks this workspace's databases."""
        self.server = server
        self._prefix = f"tutor_{workspace_id}_"
        self._mark = f"{MARK}={workspace_id}"
        self._old_mark = f"alembic-tutor workspace {workspace_id}"

    def create_live(self) -> None:
        """Make the empty live database, owned by the learner's role; nothing where it stands."""
        with self._admin("look for the live database") as admin:
            if self.server.live in self._databases(admin):
                self._require_ours(admin, self.server.live)
                return
        # Made under a scratch name, which carries the mark from the first moment.
        self.make_live(self.empty("live"), self.new_name("aside"))

    def empty(self, purpose: str) -> str:
        """Make an empty scratch database; return its name."""
        name = self.new_name(purpose)
        with self._admin(f"make the database {name}") as admin:
            self._create(admin, name, template="template0")
        return name

    def clone(self, source: str, purpose: str) -> str:
        """Copy a database, rows and all, to a new scratch database; return its name.

        By TEMPLATE where nobody is connected to the source; else by pg_dump, which disturbs
        nobody. What pg_dump made prints some expressions differently: compare catalogs with
        `compare` (catalog/difference.py), which knows that, never by their text.
        """
        name = self.new_name(purpose)
        if self._clone_by_template(source, name):
            return name
        with self._admin(f"copy the database {source}") as admin:
            self._create(admin, name, template="template0")
        try:
            dump.copy_contents(self.server, source, name)
        except CannotActError as error:
            self.drop(name)
            if holders := self.blockers(source):
                raise CannotActError(
                    f"The database {source} cannot be copied while a table in it is locked by "
                    f"{', '.join(map(str, holders))}.",
                    "Finish that transaction (COMMIT or ROLLBACK) or close that program.",
                ) from error
            raise
        return name

    def receive(self, origin: Server, source: str, purpose: str) -> str:
        """Copy a database of another server to a new scratch database; return its name."""
        name = self.empty(purpose)
        try:
            dump.copy_contents(self.server, source, name, origin=origin)
        except CannotActError:
            self.drop(name)
            raise
        return name

    def new_name(self, purpose: str) -> str:
        """Return a name for a scratch database that no other has: tutor_<id>_<purpose>_<random>."""
        ending = f"_{secrets.token_hex(4)}"
        room = NAME_BYTES - len(self._prefix) - len(ending)
        return self.name(purpose[:room] + ending)

    def name(self, purpose: str) -> str:
        """Return the name of the scratch database that is the only one for its purpose."""
        return f"{self._prefix}{purpose}"

    def rename(self, old: str, new: str) -> None:
        """Rename a scratch database in which nobody works."""
        with self._admin(f"rename the database {old}") as admin:
            self._require_ours(admin, old)
            admin.execute(_statement("ALTER DATABASE {} RENAME TO {}", old, new))

    def drop(self, name: str) -> None:
        """Drop a database of this workspace, ending the sessions in it; refuses any other."""
        with self._admin(f"drop the database {name}") as admin:
            self._require_ours(admin, name)
            admin.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))

    def exists(self, name: str) -> bool:
        """Tell whether the server has a database of this name, marked or not."""
        with self._admin("list the databases") as admin:
            return name in self._databases(admin)

    def names(self) -> list[str]:
        """Return all databases of this workspace, the live one among them, by name."""
        with self._admin("list the databases") as admin:
            return [name for name, ours in self._databases(admin).items() if ours]

    def clients(self, name: str) -> list[Client]:
        """Return who is connected to a database; background workers do not count."""
        with self._admin("list the sessions") as admin:
            return sessions.clients(admin, name)

    def blockers(self, name: str) -> list[Client]:
        """Return the sessions whose open transaction locks a table even against reading."""
        with self._admin("list the locks") as admin:
            return sessions.blockers(admin, name)

    def waiting(self, name: str) -> list[Waiting]:
        """Return the sessions in a database that wait for a lock."""
        with self._admin("list the locks") as admin:
            return sessions.waiting(admin, name)

    def make_live(self, new: str, aside: str) -> list[Client]:
        """Put `new` in the live database's place and the live one aside; return who was ended.

        Both renames are one transaction. Safe to repeat: (live, new), (aside, new) and (new) alone
        lead to the new one being live; (aside, live) is that end already. The journal's log
        settings follow the live database.
        """
        live = self.server.live
        with self._admin("change the live database") as admin:
            there = {live, new, aside} & self._databases(admin).keys()
            for name in there:
                self._require_ours(admin, name)
            if new in there:
                steps = [(new, live)]
                if live in there:
                    steps.insert(0, (live, aside))
            elif live in there:
                steps = []
            else:
                raise CannotActError(
                    f"Neither {new} nor {live} is on the server.",
                    "`tutor reset` brings the step's start back.",
                )
            return self._rename(admin, steps)

    def sweep(self, keep: Collection[str]) -> list[str]:
        """Drop this workspace's databases but the live one and those in `keep`; return which."""
        swept = [name for name in self.names() if name not in {self.server.live, *keep}]
        for name in swept:
            self.drop(name)
        return swept

    @contextmanager
    def _admin(self, action: str) -> Iterator[psycopg.Connection]:
        with database_errors(action), self.server.maintenance() as admin:
            yield admin

    def _databases(self, admin: psycopg.Connection) -> dict[str, bool]:
        """Return all databases of the server by name, and whether each carries our mark."""
        rows = admin.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') = %s OR datname LIKE %s, "
            "(SELECT setting FROM pg_db_role_setting, unnest(setconfig) setting "
            "WHERE setdatabase = d.oid AND setrole = current_user::regrole "
            "AND setting LIKE %s) FROM pg_database d ORDER BY 1",
            [self._old_mark, self._prefix.replace("_", r"\_") + "%", f"{MARK}=%"],
        ).fetchall()
        return {
            name: bool(unmarked) if mark is None else mark == self._mark
            for name, unmarked, mark in rows
        }

    def _require_ours(self, admin: psycopg.Connection, name: str) -> None:
        if not self._databases(admin).get(name, True):
            raise CannotActError(
                f"The database {name} does not belong to this workspace: the tutor leaves it alone."
            )

    def _create(self, admin: psycopg.Connection, name: str, *, template: str) -> None:
        from psycopg import sql  # noqa: PLC0415 - see connect.py

        owner = self.server.learner.user
        create = _statement("CREATE DATABASE {} TEMPLATE {} OWNER {}", name, template, owner)
        if admin.info.server_version >= CHOOSES_STRATEGY:
            create += sql.SQL(" STRATEGY file_copy")  # small databases: less to write than its log
        admin.execute(create)
        mark = _statement(f"ALTER ROLE CURRENT_USER IN DATABASE {{}} SET {MARK} = ", name)
        admin.execute(mark + sql.Literal(self._mark.partition("=")[2]))

    def _clone_by_template(self, source: str, name: str) -> bool:
        """Try the fast way; False where somebody is, or came to be, connected to the source."""
        from psycopg import errors  # noqa: PLC0415 - see connect.py

        with self._admin(f"copy the database {source}") as admin:
            present = sessions.clients(admin, source)
            if any(client.application != APPLICATION for client in present):
                return False
            patience = SHORT_PATIENCE_MILLISECONDS if present else PATIENCE_MILLISECONDS
            try:
                with _patience(admin, patience):
                    self._create(admin, name, template=source)
            except errors.InvalidCatalogName as error:
                raise CannotActError(
                    f"The database {source} is no longer on the server.",
                    "`tutor goto STEP` builds a step's start anew; your present files and database "
                    "are backed up first.",
                ) from error
            except (errors.ObjectInUse, errors.QueryCanceled):
                return False
        return True

    def _rename(self, admin: psycopg.Connection, steps: list[tuple[str, str]]) -> list[Client]:
        """Rename databases together or not at all, and log the learner in the live one only.

        A client that connects again at once (an app's pool) gets in the way of a rename: it is
        disconnected again, a few times.
        """
        from psycopg import errors  # noqa: PLC0415 - see connect.py

        ended: list[Client] = []
        for attempt in range(RENAME_ATTEMPTS):
            for old, _ in steps:
                ended += sessions.disconnect(admin, old)
            try:
                with admin.transaction():
                    admin.execute(f"SET LOCAL statement_timeout = {PATIENCE_MILLISECONDS}")
                    for old, new in steps:
                        admin.execute(_statement("ALTER DATABASE {} RENAME TO {}", old, new))
                    self._log_live_only(admin, [new for _, new in steps])
                break
            except (errors.ObjectInUse, errors.QueryCanceled):
                if attempt == RENAME_ATTEMPTS - 1:
                    raise
        return ended

    def _log_live_only(self, admin: psycopg.Connection, renamed: list[str]) -> None:
        learner, live = self.server.learner.user, self.server.live
        for name in renamed:
            roles.stop_logging_learner(admin, learner, name)
        if live in self._databases(admin):
            roles.log_learner(admin, learner, live)


@contextmanager
def _patience(admin: psycopg.Connection, milliseconds: int) -> Iterator[None]:
    """Let statements take so long, and no longer; CREATE DATABASE cannot be in a transaction."""
    admin.execute(f"SET statement_timeout = {milliseconds}")
    try:
        yield
    finally:
        if not admin.broken:
            admin.execute("RESET statement_timeout")


def _statement(text: str, *names: str) -> sql.Composed:
    """Return a statement with names of databases and roles in it, quoted."""
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    return sql.SQL(text).format(*map(sql.Identifier, names))
