"""Engines aimed at the learner's database are sent to a copy; every other one is refused."""

from __future__ import annotations

import gc
import ipaddress
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

# Parameters that could lead a driver elsewhere than host, port and database say.
_DETOURS = ("dsn", "conninfo", "service", "hostaddr")
_DATABASE_KEYS = ("database", "dbname")


class RefusedConnectionError(Exception):
    """The learner's code wanted a database that is not its own, or none was offered to it."""


class Redirect:
    """Where the learner's database is, and the copy that stands in for it now."""

    def __init__(self) -> None:
        """Start with no database at all: every connection is refused."""
        self.host, self.port, self.live = "", 0, ""
        self.copy: str | None = None
        self._names: set[str] = set()
        self._engines: weakref.WeakSet[Engine] = weakref.WeakSet()

    def install(self) -> None:
        """Listen to every engine of this process, also those made before."""
        from sqlalchemy import event  # noqa: PLC0415 - after the standard streams are captured
        from sqlalchemy.engine import Engine  # noqa: PLC0415 - as above

        event.listen(Engine, "do_connect", self._connect)
        event.listen(Engine, "engine_connect", self._remember)

    def aim(self, live: dict[str, Any], copy: dict[str, Any] | None) -> None:
        """Set the database that connections are meant for, and the one that they get."""
        self.host, self.port, self.live = live["host"], live["port"], live["database"]
        self.copy = None if copy is None else copy["database"]
        # A pooled engine keeps the parameters that it was sent elsewhere with.
        self._names |= {self.live} if self.copy is None else {self.live, self.copy}

    def release(self) -> None:
        """Let go of pooled connections: their event loop has ended, and the copy must be free."""
        from sqlalchemy.pool import QueuePool  # noqa: PLC0415 - as above

        pooled = [engine for engine in self._engines if isinstance(engine.pool, QueuePool)]
        for engine in pooled:
            engine.dispose(close=False)
        if pooled:
            gc.collect()

    def _remember(self, connection: Connection) -> None:
        self._engines.add(connection.engine)

    def _connect(
        self, dialect: Any, _record: Any, arguments: list[Any], parameters: dict[str, Any]
    ) -> None:
        """Change the database's name in the parameters; credentials stay as the learner's."""
        if dialect.name != "postgresql":
            raise RefusedConnectionError(
                f"the code connects to a {dialect.name} database, not to the project's PostgreSQL"
            )
        key = next((key for key in _DATABASE_KEYS if key in parameters), None)
        host, port = parameters.get("host"), parameters.get("port") or 5432
        name = parameters.get(key) if key else None
        if (
            arguments
            or any(detour in parameters for detour in _DETOURS)
            or not self._is_server(host, port)
            or name not in self._names
        ):
            raise RefusedConnectionError(
                f"the code connects to database {name!r} on {host}:{port}, which is not the "
                f"project's: {self.live!r} on {self.host}:{self.port}"
            )
        if self.copy is None:
            raise RefusedConnectionError(
                "the code connects to its database, and only its files should be read"
            )
        assert key is not None  # noqa: S101 - a name was found under it
        parameters[key] = self.copy

    def _is_server(self, host: object, port: object) -> bool:
        same_host = host == self.host or (_is_loopback(host) and _is_loopback(self.host))
        return same_host and str(port) == str(self.port)


def _is_loopback(host: object) -> bool:
    if not isinstance(host, str):
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
