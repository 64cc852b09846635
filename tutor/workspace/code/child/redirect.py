"""Connections aimed at the learner's database are sent to a copy; every other one is refused.

That holds for SQLAlchemy's engines and for drivers that are used without one. PostgreSQL's own
programs, which cannot be sent elsewhere, are not started.
"""

from __future__ import annotations

import gc
import ipaddress
import re
import sys
import weakref
from typing import TYPE_CHECKING, Any

from .drivers import Place, wrap_drivers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

# Parameters that could lead a driver elsewhere than host, port and database say.
_DETOURS = ("dsn", "conninfo", "service", "hostaddr")
_DATABASE_KEYS = ("database", "dbname")

_PROGRAMS = re.compile(
    r"(?:^|[\s/\\;&|(])"
    r"(psql|pg_dump|pg_dumpall|pg_restore|createdb|dropdb|createuser|dropuser|vacuumdb|reindexdb)"
    r"(?:\.exe)?(?:\s|$)"
)
_STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")


class RefusedConnectionError(Exception):
    """The learner's code wanted a database that is not its own, or none was offered to it."""


class Redirect:
    """Where the learner's database is, and the copy that stands in for it now."""

    def __init__(self) -> None:
        """Start with no database at all: every connection is refused."""
        self.live = Place("", 0, "")
        self.copy: Place | None = None
        # A pooled engine keeps the parameters that it was sent elsewhere with.
        self._known: set[Place] = set()
        self._engines: weakref.WeakSet[Engine] = weakref.WeakSet()

    def install(self) -> None:
        """Listen to every engine of this process, also those made before, and wrap the drivers."""
        from sqlalchemy import event  # noqa: PLC0415 - after the standard streams are captured
        from sqlalchemy.engine import Engine  # noqa: PLC0415 - as above

        event.listen(Engine, "do_connect", self._connect)
        event.listen(Engine, "engine_connect", self._remember)
        wrap_drivers(self.place_for)
        sys.addaudithook(_refuse_programs)

    def aim(self, live: dict[str, Any], copy: dict[str, Any] | None) -> None:
        """Set the database that connections are meant for, and the one that they get."""
        self.live = _place(live)
        self.copy = None if copy is None else _place(copy)
        self._known |= {self.live} if self.copy is None else {self.live, self.copy}

    def release(self) -> None:
        """Let go of pooled connections: their event loop has ended, and the copy must be free."""
        from sqlalchemy.pool import QueuePool  # noqa: PLC0415 - as above

        pooled = [engine for engine in self._engines if isinstance(engine.pool, QueuePool)]
        for engine in pooled:
            engine.dispose(close=False)
        if pooled:
            gc.collect()

    def place_for(self, host: object, port: object, database: object) -> Place:
        """Return the copy for a connection to the learner's database.

        Raises RefusedConnectionError for any other database, and where there is no copy.
        """
        if not any(_is_at(place, host, port, database) for place in self._known):
            raise RefusedConnectionError(
                f"the code connects to database {database!r} on {host}:{port}, which is not the "
                f"project's: {self.live.database!r} on {self.live.host}:{self.live.port}"
            )
        if self.copy is None:
            raise RefusedConnectionError(
                "the code connects to its database, and only its files should be read"
            )
        return self.copy

    def _remember(self, connection: Connection) -> None:
        self._engines.add(connection.engine)

    def _connect(
        self, dialect: Any, _record: Any, arguments: list[Any], parameters: dict[str, Any]
    ) -> None:
        """Change host, port and database in the parameters; credentials stay as the learner's."""
        if dialect.name != "postgresql":
            raise RefusedConnectionError(
                f"the code connects to a {dialect.name} database, not to the project's PostgreSQL"
            )
        key = next((key for key in _DATABASE_KEYS if key in parameters), None)
        host, port = parameters.get("host"), parameters.get("port") or 5432
        detour = arguments or any(name in parameters for name in _DETOURS)
        place = self.place_for(host, port, None if detour or key is None else parameters[key])
        assert key is not None  # noqa: S101 - a name was found under it
        parameters |= {"host": place.host, "port": place.port, key: place.database}


def _place(target: dict[str, Any]) -> Place:
    return Place(target["host"], int(target["port"]), target["database"])


def _is_at(place: Place, host: object, port: object, database: object) -> bool:
    same_host = host == place.host or (_is_loopback(host) and _is_loopback(place.host))
    return same_host and str(port) == str(place.port) and database == place.database


def _is_loopback(host: object) -> bool:
    if not isinstance(host, str):
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_programs(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse PostgreSQL's programs: where they connect cannot be changed."""
    if event not in _STARTS:
        return
    words = " ".join(str(word) for item in arguments[:2] for word in _words(item))
    program = _PROGRAMS.search(words)
    if program:
        raise RefusedConnectionError(
            f"the code starts {program[1]}, which cannot be tried on a copy of the database"
        )


def _words(item: object) -> list[object]:
    return list(item) if isinstance(item, list | tuple) else [item]
