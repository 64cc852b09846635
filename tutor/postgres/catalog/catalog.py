"""What a database consists of, as plain data: tables, columns, constraints, indexes and so on.

Frozen and comparable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.postgres.connect import database_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg


@dataclass(frozen=True)
class Column:
    """A column. `type` as PostgreSQL prints it: "character varying(64)", "numeric(10,2)".

    `default` and `generated` are expressions; `identity` is "always", "by default" or None.
    """

    type: str
    nullable: bool
    default: str | None = None
    identity: str | None = None
    generated: str | None = None


@dataclass(frozen=True)
class Reference:
    """What a foreign key points to; actions as in SQL: "NO ACTION", "CASCADE"…"""

    table: str
    columns: tuple[str, ...]
    on_delete: str
    on_update: str


@dataclass(frozen=True)
class Constraint:
    """A constraint. `kind`: "primary key", "unique", "foreign key", "check" or "exclude".

    Also "not null", but only one that is NOT VALID.
    """

    kind: str
    columns: tuple[str, ...]
    definition: str
    validated: bool = True
    references: Reference | None = None


@dataclass(frozen=True)
class Index:
    """An index. `columns`: names, or expressions as text; `where`: its predicate.

    `constraint` names the constraint that it exists for. One that is not `valid` is what a failed
    CREATE INDEX CONCURRENTLY leaves.
    """

    columns: tuple[str, ...]
    unique: bool
    where: str | None
    method: str
    definition: str
    valid: bool = True
    constraint: str | None = None


@dataclass(frozen=True)
class Table:
    """A table: its columns in their order, the rest by name; triggers as their definitions."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    constraints: Mapping[str, Constraint] = field(default_factory=dict)
    indexes: Mapping[str, Index] = field(default_factory=dict)
    triggers: Mapping[str, str] = field(default_factory=dict)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Return the primary key's columns; empty where there is none."""
        for constraint in self.constraints.values():
            if constraint.kind == "primary key":
                return constraint.columns
        return ()


@dataclass(frozen=True)
class Sequence:
    """A sequence, without its value. `owner`: the table.column that it goes with."""

    type: str
    start: int
    increment: int
    owner: str | None = None


@dataclass(frozen=True)
class Catalog:
    """A database. Objects of the schema "public" go by their plain name, others as schema.name.

    `enums`: labels in their order. `views` and `functions`: definitions; functions by signature.
    Neither comments, privileges, domains nor the version table of Alembic are in it.
    """

    tables: Mapping[str, Table] = field(default_factory=dict)
    sequences: Mapping[str, Sequence] = field(default_factory=dict)
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Catalog:
        """Build it from what catalog.sql returns."""
        return cls(
            tables={name: _table(table) for name, table in value["tables"].items()},
            sequences={name: Sequence(**item) for name, item in value["sequences"].items()},
            enums={name: tuple(labels) for name, labels in value["enums"].items()},
            views=value["views"],
            functions=value["functions"],
        )

    @property
    def invalid_indexes(self) -> list[tuple[str, str]]:
        """The indexes, as (table, name), that CREATE INDEX CONCURRENTLY left unfinished."""
        return [
            (table, name)
            for table, shape in self.tables.items()
            for name, index in shape.indexes.items()
            if not index.valid
        ]


def read_catalog(conn: psycopg.Connection) -> Catalog:
    """Read a database's catalog in one round trip. Raises CannotActError."""
    with database_errors(f"read the schema of {conn.info.dbname}"):
        row = conn.execute(_query()).fetchone()
    return Catalog.from_json(row[0] if row else {})


def read_invalid_indexes(conn: psycopg.Connection) -> list[tuple[str, str]]:
    """Return `Catalog.invalid_indexes`, read without any lock. Raises CannotActError."""
    with database_errors(f"read the indexes of {conn.info.dbname}"):
        return conn.execute(
            "SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || t.relname,"
            " i.relname FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid"
            " JOIN pg_class AS t ON t.oid = indrelid JOIN pg_namespace AS n"
            " ON n.oid = t.relnamespace WHERE NOT indisvalid AND nspname !~ '^pg_' ORDER BY 1, 2"
        ).fetchall()


@cache
def _query() -> bytes:
    return Path(__file__).with_name("catalog.sql").read_bytes()


VERSION_TABLE = ("public", "alembic_version")
"""The version table by default: its schema and its name."""


def version_table(conn: psycopg.Connection) -> tuple[str, str] | None:
    """Return schema and name of Alembic's version table; None where there is none.

    It is told by its one column, version_num, since `version_table` and `version_table_schema` in
    env.py change its name and schema. Where there are several, one that was named on purpose counts
    and not the default's, which then was left behind. Raises CannotActError.
    """
    with database_errors(f"look for alembic_version in {conn.info.dbname}"):
        row = conn.execute(
            "SELECT nspname, relname FROM pg_attribute"
            " JOIN pg_class AS t ON t.oid = attrelid JOIN pg_namespace AS n ON n.oid = relnamespace"
            " WHERE attname = 'version_num' AND NOT attisdropped AND relkind IN ('r', 'p')"
            " AND nspname !~ '^pg_'"
            " AND (relname = 'alembic_version' OR NOT EXISTS (SELECT FROM pg_attribute AS other"
            " WHERE other.attrelid = t.oid AND other.attnum > 0 AND NOT other.attisdropped"
            " AND other.attname <> 'version_num'))"
            " ORDER BY relname = 'alembic_version', nspname <> 'public', 1, 2 LIMIT 1"
        ).fetchone()
    return (row[0], row[1]) if row else None


def rename_version_table(conn: psycopg.Connection, wanted: tuple[str, str]) -> None:
    """Give a copy's version table the name that it has in another database.

    Raises CannotActError.
    """
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    present = version_table(conn)
    if present is None or present == wanted:
        return
    space, name = map(sql.Identifier, wanted)
    moved = sql.Identifier(wanted[0], present[1])
    with database_errors(f"rename {present[1]} in {conn.info.dbname}"):
        conn.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(space))
        old = sql.Identifier(*present)
        conn.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(old, space))
        conn.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(moved, name))


def read_versions(
    conn: psycopg.Connection, table: tuple[str, str] | None = None
) -> list[str] | None:
    """Return what alembic_version holds, sorted: [] at base; None where there is no such table.

    `table` is what version_table() returned, where it has been asked already.
    """
    from psycopg import sql  # noqa: PLC0415 - see connect.py

    table = table or version_table(conn)
    if table is None:
        return None
    query = sql.SQL("SELECT version_num FROM {} ORDER BY 1").format(sql.Identifier(*table))
    with database_errors(f"read {'.'.join(table)} in {conn.info.dbname}"):
        return [version for (version,) in conn.execute(query).fetchall()]


def _table(value: dict[str, Any]) -> Table:
    return Table(
        columns={name: Column(**item) for name, item in value["columns"].items()},
        constraints={name: _constraint(item) for name, item in value["constraints"].items()},
        indexes={
            name: Index(**item | {"columns": tuple(item["columns"])})
            for name, item in value["indexes"].items()
        },
        triggers=value["triggers"],
    )


def _constraint(value: dict[str, Any]) -> Constraint:
    target = value["references"]
    reference = Reference(**target | {"columns": tuple(target["columns"])}) if target else None
    return Constraint(**value | {"columns": tuple(value["columns"]), "references": reference})


def read_file_nodes(conn: psycopg.Connection) -> dict[str, int]:
    """Return the number of each table's file: a table that is rewritten gets a new one."""
    rows = conn.execute(
        "SELECT CASE nspname WHEN 'public' THEN relname ELSE nspname || '.' || relname END, "
        "pg_relation_filenode(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    return dict(rows.fetchall())
