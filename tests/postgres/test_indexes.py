"""Which indexes serve a question, on a real planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.postgres.probe.indexes import serving_indexes

if TYPE_CHECKING:
    import psycopg

TABLE = (
    "ALTER TABLE products ADD is_active boolean NOT NULL DEFAULT true, ADD category_id int,"
    " ADD sku varchar(20), ADD stock int CHECK (stock >= 0)"
)


def serves(conn: psycopg.Connection, index: str, *columns: str, where: str | None = None) -> bool:
    conn.execute(TABLE.encode())
    before = read(conn)
    conn.execute(f"CREATE INDEX tried ON products {index}".encode())
    found = "tried" in serving_indexes(conn, "products", columns, where)
    assert read(conn) == {*before, "tried"}, "the trial dropped an index for good"
    return found


def read(conn: psycopg.Connection) -> set[str]:
    rows = conn.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'products'").fetchall()
    return {name for (name,) in rows}


@pytest.mark.parametrize(
    ("index", "right"),
    [
        ("(category_id, is_active)", True),
        ("(category_id, is_active, id)", True),
        ("(category_id, is_active) INCLUDE (price)", True),
        ("(category_id DESC NULLS LAST, is_active)", True),
        ("(is_active, category_id)", False),
        ("(category_id)", False),
        ("(category_id, is_active) WHERE price > 5", False),
        ("(category_id, (is_active IS TRUE))", False),
    ],
)
def test_an_index_on_two_columns(conn: psycopg.Connection, index: str, *, right: bool) -> None:
    assert serves(conn, index, "category_id", "is_active") is right


@pytest.mark.parametrize(
    ("index", "right"),
    [
        ("(sku)", True),
        ("USING hash (sku)", True),
        ("(sku varchar_pattern_ops)", True),
        ("(lower(sku))", False),
        ("USING gin (to_tsvector('simple', sku))", False),
        ("(sku) WHERE sku IS NOT NULL", False),
    ],
)
def test_an_index_on_one_column(conn: psycopg.Connection, index: str, *, right: bool) -> None:
    assert serves(conn, index, "sku") is right


@pytest.mark.parametrize(
    ("where", "right"),
    [
        ("is_active", True),
        ("is_active = true", True),
        ("is_active IS NOT FALSE", True),
        ("NOT is_active IS DISTINCT FROM true", True),
        ("CASE WHEN is_active THEN true END", True),
        ("is_active AND stock >= 0 OR is_active AND coalesce(stock, 0) = 0", True),
        ("is_active AND id > 0", False),
        ("is_active AND name IS NOT NULL", False),
        ("is_active AND stock IS NOT NULL", False),
        ("NOT is_active", False),
        ("is_active IS NOT NULL", False),
    ],
)
def test_a_partial_index_is_right_for_exactly_the_rows_meant(
    conn: psycopg.Connection, where: str, *, right: bool
) -> None:
    assert serves(conn, f"(id) WHERE {where}", "id", where="is_active") is right


def test_where_the_column_may_be_null_null_is_tried(conn: psycopg.Connection) -> None:
    conn.execute("ALTER TABLE products ADD shown boolean")
    for name, where in (("a", "shown"), ("b", "shown IS TRUE"), ("c", "shown IS NOT FALSE")):
        conn.execute(f"CREATE INDEX {name} ON products (id) WHERE {where}".encode())
    assert serving_indexes(conn, "products", ["id"], "shown") == {"a", "b"}
