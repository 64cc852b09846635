"""Alembic's version table, by whatever name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.postgres.catalog.catalog import (
    read_catalog,
    read_versions,
    rename_version_table,
    version_table,
)

if TYPE_CHECKING:
    import psycopg


def test_versions(conn: psycopg.Connection) -> None:
    assert read_versions(conn) is None
    conn.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    assert read_versions(conn) == []
    conn.execute("INSERT INTO alembic_version VALUES ('b'), ('a')")
    assert read_versions(conn) == ["a", "b"]


def test_the_version_table_is_known_by_its_column(conn: psycopg.Connection) -> None:
    conn.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    assert version_table(conn) == ("public", "alembic_version")
    conn.execute('CREATE SCHEMA "My App"')
    rename_version_table(conn, ("My App", "Version"))
    conn.execute("""INSERT INTO "My App"."Version" VALUES ('a')""")
    assert version_table(conn) == ("My App", "Version")
    assert read_versions(conn) == ["a"]
    assert "My App.Version" not in read_catalog(conn).tables
    conn.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    assert version_table(conn) == ("My App", "Version"), "the default's was left behind"
