"""Rows of the mapped classes, sent as the app's sessions would send them."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, create_engine, insert, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from .metadata import mapped_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Connection, Table

_DATA = "22"
"""The class of SQLSTATEs for values that do not fit (PostgreSQL, appendix A)."""


def send_rows(copy: dict[str, Any]) -> list[dict[str, str]]:
    """Try an INSERT and an UPDATE for each mapped class; return what values could not be sent.

    `model`, `action` ("INSERT", "UPDATE", "SELECT") and `message`. Nothing stays. Values are those
    of the first row; columns with a default get it, as SQLAlchemy computes it. What the database
    refuses for another reason, such as a duplicate key, was sent: that is no fault here.
    """
    tables = mapped_tables(import_module("models"))
    url = _url(copy)
    if url.get_dialect().is_async:
        return asyncio.run(_asynchronously(url, tables))
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return list(_try_all(connection, tables))


async def _asynchronously(url: URL, tables: dict[str, Table]) -> list[dict[str, str]]:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        return await connection.run_sync(lambda sync: list(_try_all(sync, tables)))


def _url(copy: dict[str, Any]) -> URL:
    """Return the copy's address with the driver of the app's engine: drivers differ in values."""
    module = import_module("database")
    engines = [value for value in vars(module).values() if isinstance(value, (Engine, AsyncEngine))]
    driver = engines[0].url.drivername if engines else "postgresql+asyncpg"
    return URL.create(
        driver,
        username=copy["user"],
        password=copy["password"],
        host=copy["host"],
        port=copy["port"],
        database=copy["database"],
    )


def _try_all(connection: Connection, tables: dict[str, Table]) -> Iterator[dict[str, str]]:
    for model, table in tables.items():
        for action in ("SELECT", "INSERT", "UPDATE"):
            transaction = connection.begin()
            try:
                _send(connection, table, action)
            except SQLAlchemyError as error:
                if _is_of_values(error):
                    yield {"model": model, "action": action, "message": _message(error)}
                    break
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
                yield {"model": model, "action": action, "message": str(error)}
                break
            finally:
                transaction.rollback()


def _send(connection: Connection, table: Table, action: str) -> None:
    row = connection.execute(select(table).limit(1)).mappings().first()
    if row is None or action == "SELECT":
        return
    if action == "INSERT":
        values = {name: row[name] for name, column in table.columns.items() if _is_given(column)}
        connection.execute(insert(table).values(values))
    else:
        given = [column for column in table.columns if column.onupdate is None]
        connection.execute(update(table).values({given[0].key: given[0]}))


def _is_given(column: Column[Any]) -> bool:
    """Whether an app gives the value of a column: neither a default nor the database does."""
    made = (column.default, column.server_default, column.computed, column.identity)
    return not column.primary_key and all(item is None for item in made)


def _is_of_values(error: SQLAlchemyError) -> bool:
    """Whether a value could not be sent: the driver refused it, or PostgreSQL its form."""
    if not isinstance(error, DBAPIError):
        return error.__cause__ is not None  # StatementError: a type refused the value
    state = getattr(error.orig, "sqlstate", None) or ""
    return str(state).startswith(_DATA)


def _message(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).partition("\n")[0]
