"""Trial rows: what a table lets in and refuses, with nothing left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.errors import CannotActError
from tutor.postgres.probe.probe import DEFAULT, enforces_unique, fill_rows, try_rows

if TYPE_CHECKING:
    import psycopg

SKU = "ALTER TABLE products ADD sku varchar(8); UPDATE products SET sku = 'SKU-00' || id;"


def count(conn: psycopg.Connection, table: str) -> int:
    row = conn.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def test_outcomes_name_the_columns_of_the_constraint(conn: psycopg.Connection) -> None:
    conn.execute(
        SKU + "CREATE TABLE users (id serial PRIMARY KEY);"
        "CREATE UNIQUE INDEX odd_name ON products (sku);"
        "ALTER TABLE products ADD CHECK (price > 0), ADD user_id int REFERENCES users,"
        " ADD seen timestamptz NOT NULL DEFAULT now();"
    )
    outcomes = try_rows(
        conn,
        "products",
        [
            {},
            {"sku": "SKU-001"},
            {"sku": "NEW"},
            {"sku": "NEW"},  # the row before is there
            {"price": -1},
            {"name": None},
            {"user_id": 77},
            {"sku": "far too long"},
            {"seen": DEFAULT},
            {"seen": "not a time"},
            {"colour": "red"},
        ],
    )
    assert [(o.ok, o.sqlstate, o.constraint_columns) for o in outcomes] == [
        (True, None, ()),
        (False, "23505", ("sku",)),
        (True, None, ()),
        (False, "23505", ("sku",)),
        (False, "23514", ("price",)),
        (False, "23502", ("name",)),
        (False, "23503", ("user_id",)),
        (False, "22001", ()),
        (True, None, ()),
        (False, "22007", ()),
        (False, "42703", ()),
    ]
    assert outcomes[1].constraint_name == "odd_name"
    assert count(conn, "products") == 3


def test_an_empty_table_gets_made_up_rows(conn: psycopg.Connection) -> None:
    conn.execute(
        """
        CREATE TYPE state AS ENUM ('new', 'old');
        CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail text UNIQUE);
        CREATE TABLE everything (
          user_id int NOT NULL REFERENCES users, product_id int NOT NULL REFERENCES products,
          small smallint NOT NULL, big bigint NOT NULL UNIQUE, exact numeric(3, 2) NOT NULL,
          float double precision NOT NULL, short varchar(3) NOT NULL UNIQUE,
          fixed char(2) NOT NULL, long text NOT NULL, yes boolean NOT NULL,
          at timestamp NOT NULL, zoned timestamptz NOT NULL, day date NOT NULL UNIQUE,
          clock time NOT NULL, key uuid NOT NULL UNIQUE, plain json NOT NULL, doc jsonb NOT NULL,
          state state NOT NULL, tags text[] NOT NULL, raw bytea NOT NULL, took interval NOT NULL,
          twice int GENERATED ALWAYS AS (small * 2) STORED,
          PRIMARY KEY (user_id, product_id))
        """
    )
    assert [outcome.ok for outcome in try_rows(conn, "everything", [{}, {}, {}])] == [True] * 3
    assert not try_rows(conn, "everything", [{"state": "gone"}])[0].ok
    assert count(conn, "everything") == count(conn, "users") == 0


def test_a_pair_hidden_by_a_narrower_constraint_is_found(conn: psycopg.Connection) -> None:
    conn.execute(SKU + "ALTER TABLE products ADD CONSTRAINT uq_products_sku UNIQUE (sku)")
    assert enforces_unique(conn, "products", ["sku"])
    assert not enforces_unique(conn, "products", ["name", "sku"])
    conn.execute("ALTER TABLE products ADD CONSTRAINT uq_pair UNIQUE (sku, name)")
    assert enforces_unique(conn, "products", ["name", "sku"])
    assert enforces_unique(conn, "products", ["sku"])
    assert not enforces_unique(conn, "products", ["name"])
    assert not enforces_unique(conn, "products", ["colour"])


@pytest.mark.parametrize(
    ("index", "enforced"),
    [
        ("CREATE UNIQUE INDEX ON products (sku)", True),
        ("CREATE UNIQUE INDEX ON products (lower(sku))", True),
        ("CREATE UNIQUE INDEX ON products (sku) WHERE sku IS NOT NULL", True),
        ("CREATE UNIQUE INDEX ON products (sku) WHERE price > 0", False),
        ("CREATE INDEX ON products (sku)", False),
        ("ALTER TABLE products ADD UNIQUE (sku) DEFERRABLE INITIALLY DEFERRED", True),
        ("ALTER TABLE products DROP CONSTRAINT products_pkey, ADD PRIMARY KEY (sku)", True),
        ("ALTER TABLE products ADD EXCLUDE USING btree (sku WITH =)", True),
        ("ALTER TABLE products ADD EXCLUDE (sku WITH =) WHERE (price > 0)", False),
        ("SELECT 1", False),
    ],
)
def test_ways_to_be_unique(conn: psycopg.Connection, index: str, *, enforced: bool) -> None:
    conn.execute(SKU + index)
    assert enforces_unique(conn, "products", ["sku"]) is enforced


def test_where_all_values_are_null_others_are_made_up(conn: psycopg.Connection) -> None:
    conn.execute("ALTER TABLE products ADD sku varchar(8)")
    assert not enforces_unique(conn, "products", ["sku"])
    conn.execute("ALTER TABLE products ADD UNIQUE (sku)")
    assert enforces_unique(conn, "products", ["sku"])
    assert count(conn, "products WHERE sku IS NULL") == 3


def test_fresh_values_keep_the_form_that_a_check_wants(conn: psycopg.Connection) -> None:
    conn.execute(
        SKU + r"ALTER TABLE products ADD CHECK (sku ~ '^[A-Z]{3}-\d{3}$'), ADD UNIQUE (sku)"
    )
    fill_rows(conn, "products", 1200)
    assert count(conn, "products") == 1203


def test_many_rows_leave_sequences_behind_them(conn: psycopg.Connection) -> None:
    conn.execute(
        "CREATE TABLE users (id serial PRIMARY KEY, mail text NOT NULL UNIQUE);"
        "CREATE TABLE favourites (user_id int REFERENCES users, product_id int REFERENCES products,"
        " PRIMARY KEY (user_id, product_id))"
    )
    fill_rows(conn, "favourites", 200)
    assert count(conn, "favourites") == 200
    fill_rows(conn, "products", 100)
    conn.execute(
        "INSERT INTO products (name) VALUES ('after'); INSERT INTO users (mail) VALUES ('a')"
    )
    assert count(conn, "products") == 104


def test_what_cannot_be_tried_is_a_sentence(conn: psycopg.Connection) -> None:
    with pytest.raises(CannotActError, match="no table nothing"):
        try_rows(conn, "nothing", [{}])
    conn.execute("CREATE TABLE shapes (area box NOT NULL)")
    with pytest.raises(CannotActError, match="values of the type box"):
        try_rows(conn, "shapes", [{}])
