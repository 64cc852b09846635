"""PostgreSQL drivers that are used without SQLAlchemy connect where the tutor says.

Each driver's functions that connect are wrapped when the driver is imported.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import sys
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


@dataclass(frozen=True)
class Place:
    """A database on a server."""

    host: str
    port: int
    database: str


def wrap_drivers(choose: Callable[[object, object, object], Place]) -> None:
    """Wrap the drivers that are imported already, and the others when they will be.

    `choose` takes host, port and database; it returns where to connect, or raises.
    """
    for name, wrap in _DRIVERS.items():
        if name in sys.modules:
            wrap(sys.modules[name], choose)
    sys.meta_path.insert(0, _Finder(choose))


def _wrap_psycopg(module: ModuleType, choose: Any) -> None:
    for owner in (module.Connection, module.AsyncConnection):
        original = owner.connect.__func__
        owner.connect = classmethod(_wrapped_class_method(original, choose))
    module.connect = module.Connection.connect  # type: ignore[attr-defined]


def _wrap_psycopg2(module: ModuleType, choose: Any) -> None:
    module.connect = _wrapped(module.connect, choose, "dbname")  # type: ignore[attr-defined]


def _wrap_asyncpg(module: ModuleType, choose: Any) -> None:
    connect = _wrapped(module.connect, choose, "database")
    module.connect = connect  # type: ignore[attr-defined]
    module.connection.connect = connect


def _wrap_pg8000(module: ModuleType, choose: Any) -> None:
    module.connect = _wrapped(module.connect, choose, "database")  # type: ignore[attr-defined]


_DRIVERS: dict[str, Callable[[Any, Any], None]] = {
    "psycopg": _wrap_psycopg,
    "psycopg2": _wrap_psycopg2,
    "asyncpg": _wrap_asyncpg,
    "pg8000": _wrap_pg8000,
}


class _Finder(MetaPathFinder):
    """Finds the drivers as Python would, and wraps them after they were loaded."""

    def __init__(self, choose: Any) -> None:
        self._choose = choose

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the driver's own spec, with a loader that wraps it; None for all else."""
        if name not in _DRIVERS:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, _DRIVERS[name], self._choose)
        return spec


class _Loader(Loader):
    """Loads a module as its own loader does, and wraps it then."""

    def __init__(self, loader: Any, wrap: Callable[[Any, Any], None], choose: Any) -> None:
        self._loader = loader
        self._wrap = wrap
        self._choose = choose

    def __getattr__(self, name: str) -> Any:
        """Be the module's own loader in all else: packages read their data with it."""
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Create the module as its own loader does."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, then wrap it."""
        self._loader.exec_module(module)
        self._wrap(module, self._choose)


def _wrapped(connect: Any, choose: Any, key: str) -> Any:
    @functools.wraps(connect)
    def wrapper(*arguments: Any, **parameters: Any) -> Any:
        return connect(*arguments, **_led(arguments, parameters, choose, key))

    return wrapper


def _wrapped_class_method(connect: Any, choose: Any) -> Any:
    @functools.wraps(connect)
    def wrapper(cls: type, *arguments: Any, **parameters: Any) -> Any:
        return connect(cls, *arguments, **_led(arguments, parameters, choose, "dbname"))

    return wrapper


def _led(
    arguments: tuple[Any, ...], parameters: dict[str, Any], choose: Any, key: str
) -> dict[str, Any]:
    """Return the parameters with host, port and database of the copy: they win over a DSN."""
    dsn = next((text for text in (*arguments[:1], parameters.get("dsn")) if text), None)
    said = {**(_parsed(dsn) if dsn else {}), **parameters}
    host = said.get("host") or os.environ.get("PGHOST") or "localhost"
    port = said.get("port") or os.environ.get("PGPORT") or 5432
    named = said.get("database") or said.get("dbname") or os.environ.get("PGDATABASE")
    elsewhere = said.get("service") or said.get("hostaddr")
    place = choose(host, port, None if elsewhere else named)
    return {**parameters, "host": place.host, "port": place.port, key: place.database}


def _parsed(dsn: object) -> dict[str, Any]:
    """Return what a URL, or `name=value` pairs, say."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - costs a check 0.06 s

    return dict(conninfo_to_dict(str(dsn)))
