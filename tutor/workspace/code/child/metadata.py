"""The learner's models, imported as their app imports them, and created on the copy."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, MetaData, Table, inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Mapper
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema

from .defaults import fills

if TYPE_CHECKING:
    from types import ModuleType

    from sqlalchemy.engine import Connection


def create_models(copy: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Create every table of models.py on the copy; return the tables and their mapped classes."""
    module = import_module("models")
    classes = _mapped_classes(module)
    for registry in {mapper.registry for mapper, _ in classes}:
        # Relationships that do not fit show here, as they would on the app's first query.
        registry.configure(cascade=True)
    metadatas = _metadatas(module)
    if copy is not None:
        asyncio.run(_create(metadatas, copy))
    return [
        {
            "name": table.name,
            "schema": table.schema,
            "columns": [column.name for column in table.columns],
            "fills": {column.name: fills(column) for column in table.columns},
            "classes": [entry for mapper, entry in classes if mapper.local_table is table],
        }
        for metadata in metadatas
        for table in metadata.sorted_tables
    ]


async def _create(metadatas: list[MetaData], copy: dict[str, Any]) -> None:
    url = URL.create(
        "postgresql+asyncpg",
        username=copy["user"],
        password=copy["password"],
        host=copy["host"],
        port=copy["port"],
        database=copy["database"],
    )
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_create_all, metadatas)
    await engine.dispose()


def _create_all(connection: Connection, metadatas: list[MetaData]) -> None:
    for metadata in metadatas:
        for schema in sorted({table.schema for table in metadata.tables.values() if table.schema}):
            connection.execute(CreateSchema(schema, if_not_exists=True))
        metadata.create_all(connection)


def _metadatas(module: ModuleType) -> list[MetaData]:
    """Return the collections of tables that a module knows: of its bases, models and tables."""
    found: dict[int, MetaData] = {}
    for value in vars(module).values():
        owned = getattr(value, "metadata", None) if isinstance(value, (type, Table)) else value
        if isinstance(owned, MetaData):
            found[id(owned)] = owned
    return list(found.values())


def mapped_tables(module: ModuleType) -> dict[str, Table]:
    """Return the tables of the mapped classes by the classes' names."""
    return {
        entry["name"]: mapper.local_table
        for mapper, entry in _mapped_classes(module)
        if isinstance(mapper.local_table, Table)
    }


def _mapped_classes(module: ModuleType) -> list[tuple[Mapper[Any], dict[str, Any]]]:
    """Return the mappers of the mapped classes, each with class name and attributes' columns."""
    found: list[tuple[Mapper[Any], dict[str, Any]]] = []
    for value in vars(module).values():
        mapper: object = inspect(value, raiseerr=False) if isinstance(value, type) else None
        if isinstance(mapper, Mapper):
            attributes = {
                attribute.key: attribute.columns[0].name for attribute in mapper.column_attrs
            }
            found.append((mapper, {"name": value.__name__, "attributes": attributes}))
    return found
