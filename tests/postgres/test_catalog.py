"""The catalog: read whole, compared object by object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.errors import CannotActError
from tutor.postgres.catalog.catalog import Column, read_catalog
from tutor.postgres.catalog.difference import compare
from tutor.postgres.rows import count_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.providers.embedded.server import EmbeddedServer

    Connect = Callable[..., psycopg.Connection]

FIRST_WITH_NOT_NULL_NOT_VALID = 180_000
"""The server_version of PostgreSQL 18."""

RICH = """
CREATE TYPE state AS ENUM ('new', 'old');
CREATE TABLE categories (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE);
CREATE TABLE items (
  id serial PRIMARY KEY,
  product_id int NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  state state NOT NULL DEFAULT 'new',
  status varchar(10) CHECK (status IN ('a', 'b')),
  total numeric(8, 2) NOT NULL DEFAULT 0,
  double numeric GENERATED ALWAYS AS (total * 2) STORED,
  made timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_items UNIQUE (product_id, status));
CREATE UNIQUE INDEX ux_items_status ON items (lower(status)) WHERE status IN ('a', 'b');
CREATE VIEW cheap AS SELECT id FROM items WHERE status IN ('a', 'b') AND total < 5;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY);
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
"""


def test_it_holds_every_property(conn: psycopg.Connection) -> None:
    conn.execute(RICH)
    catalog = read_catalog(conn)
    assert set(catalog.tables) == {"products", "categories", "items", "shop.orders"}
    items = catalog.tables["items"]
    assert items.primary_key == ("id",)
    assert items.columns["id"] == Column(
        "integer", nullable=False, default="nextval('items_id_seq'::regclass)"
    )
    assert items.columns["state"] == Column("state", nullable=False, default="'new'::state")
    assert items.columns["total"].type == "numeric(8,2)"
    assert items.columns["double"].generated == "(total * (2)::numeric)"
    assert items.columns["double"].default is None
    assert items.columns["made"].type == "timestamp with time zone"
    assert catalog.tables["categories"].columns["id"].identity == "always"
    assert set(items.constraints) == {
        "items_pkey",
        "items_product_id_fkey",
        "items_status_check",
        "uq_items",
    }
    key = items.constraints["items_product_id_fkey"]
    assert (key.kind, key.columns, key.validated) == ("foreign key", ("product_id",), True)
    assert key.references is not None
    assert (key.references.table, key.references.columns) == ("products", ("id",))
    assert (key.references.on_delete, key.references.on_update) == ("CASCADE", "NO ACTION")
    assert items.constraints["uq_items"].columns == ("product_id", "status")
    index = items.indexes["ux_items_status"]
    assert (index.columns, index.unique, index.method) == (
        ("lower(status::text)",),
        True,
        "btree",
    )
    assert index.where is not None
    assert index.constraint is None
    assert items.indexes["uq_items"].constraint == "uq_items"
    assert catalog.sequences["items_id_seq"].owner == "items.id"
    assert catalog.enums == {"state": ("new", "old")}
    assert set(catalog.views) == {"cheap"}
    assert set(catalog.functions) == {"twice(n integer)"}


def test_a_dump_and_restore_makes_no_difference(
    server: EmbeddedServer, copies: Copies, live: str, as_learner: Connect
) -> None:
    client = as_learner()  # with it there, the clone goes through pg_dump
    client.execute(RICH)
    before = read_catalog(client)
    with server.connect(copies.clone(live, "replay")) as clone:
        after = read_catalog(clone)
    check = "items_status_check"
    texts = [item.tables["items"].constraints[check].definition for item in (before, after)]
    assert texts[0] != texts[1], "PostgreSQL no longer prints it differently: simplify"
    assert compare(before, after) == []


# PostgreSQL prints some of these otherwise once they went through pg_dump.
CONDITIONS = [
    "status IN ('a', 'b')",
    "status NOT IN ('a', 'b') OR status = 'c'",
    "status::varchar(3) IN ('a', 'b')",
    "total IN (1, 2.5) OR total = ANY (ARRAY[1, id]) OR total > -1",
    "lower(status) ~ '^a' AND length(status) BETWEEN 1 AND 5",
    "state IN ('new', 'old') OR state <> 'new'",
    "seen > '2020-01-01' AND seen::date <> '2020-01-02'",
    "total::integer > 0 AND coalesce(status, 'z') <> ''",
]


def test_no_printed_form_differs_after_a_dump_and_restore(
    server: EmbeddedServer, copies: Copies, live: str
) -> None:
    with server.connect(live, role="learner") as conn:
        conn.execute(RICH + "ALTER TABLE items ADD seen timestamp")
        for number, condition in enumerate(CONDITIONS):
            case = f"CASE WHEN {condition} THEN status ELSE 'x' END"
            conn.execute(
                f"ALTER TABLE items ADD CHECK ({condition});"
                f"CREATE INDEX ix_{number} ON items (id) WHERE {condition};"
                f"CREATE VIEW view_{number} AS SELECT {case} AS it FROM items WHERE {condition};"
                f"ALTER TABLE items ADD g_{number} text GENERATED ALWAYS AS ({case}) STORED"
            )
        conn.execute(
            "ALTER TABLE items ADD labels text[] DEFAULT ARRAY['a'::varchar, 'b'], "
            "ADD whole int DEFAULT 1.7::int, ADD below int DEFAULT -1"
        )
        before = read_catalog(conn)
        once = copies.clone(live, "once")  # through pg_dump: this client is connected
    with server.connect(once) as conn:
        after = read_catalog(conn)
        with server.connect(copies.clone(once, "twice")) as again:
            later = read_catalog(again)
    assert before.tables["items"].constraints != after.tables["items"].constraints
    assert compare(before, after) == []
    assert compare(before, later) == []


@pytest.mark.parametrize("condition", ["total::integer > 0", "total::numeric(8, 0) > 0"])
def test_a_cast_that_changes_the_value_is_a_difference(
    conn: psycopg.Connection, condition: str
) -> None:
    conn.execute(RICH)
    conn.execute(
        "ALTER TABLE items ADD CONSTRAINT positive CHECK (total > 0);"
        "CREATE INDEX partial ON items (id) WHERE total > 0;"
        "CREATE INDEX whole ON items ((total * 2))"
    )
    before = read_catalog(conn)
    conn.execute(
        "ALTER TABLE items DROP CONSTRAINT positive;"
        f"ALTER TABLE items ADD CONSTRAINT positive CHECK ({condition}); DROP INDEX partial, whole;"
        f"CREATE INDEX partial ON items (id) WHERE {condition};"
        "CREATE INDEX whole ON items ((total::int * 2))"
    )
    found = compare(before, read_catalog(conn))
    assert {(item.kind, item.name) for item in found} == {
        ("constraint", "positive"),
        ("index", "partial"),
        ("index", "whole"),
    }


# Each statement, and what the catalog before it says of the one after it.
CHANGES = [
    ("CREATE TABLE extra (id serial)", "table extra is there only after: id"),
    ("DROP TABLE items CASCADE", "table items is there only before: id, product_id, state"),
    (
        "ALTER TABLE items ADD COLUMN note text",
        "column items.note is there only after: text",
    ),
    (
        "ALTER TABLE items ALTER COLUMN made TYPE timestamp",
        "type of column items.made is timestamp with time zone before, timestamp without",
    ),
    (
        "ALTER TABLE items ALTER COLUMN made DROP NOT NULL",
        "column items.made is NOT NULL before, allows NULL after",
    ),
    (
        "ALTER TABLE items ALTER COLUMN total DROP DEFAULT",
        "default of column items.total is 0 before, none after",
    ),
    (
        "ALTER TABLE categories ALTER COLUMN id SET GENERATED BY DEFAULT",
        "identity of column categories.id is always before, by default after",
    ),
    (
        "ALTER TABLE items DROP CONSTRAINT uq_items",
        "constraint items.uq_items is there only before: UNIQUE (product_id, status)",
    ),
    (
        """ALTER TABLE items DROP CONSTRAINT items_status_check,
          ADD CONSTRAINT items_status_check CHECK (status IN ('a', 'c'))""",
        "definition of constraint items.items_status_check is",
    ),
    (
        "CREATE INDEX ix_items_total ON items (total)",
        "index items.ix_items_total is there only after: CREATE INDEX",
    ),
    (
        """DROP INDEX ux_items_status;
        CREATE UNIQUE INDEX ux_items_status ON items (lower(status))
          WHERE status IN ('a', 'c')""",
        "definition of index items.ux_items_status is",
    ),
    (
        """CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER audit AFTER INSERT ON items EXECUTE FUNCTION f()""",
        "trigger items.audit is there only after: CREATE TRIGGER",
    ),
    ("CREATE SEQUENCE numbers", "sequence numbers is there only after: bigint"),
    (
        "ALTER SEQUENCE items_id_seq INCREMENT 5",
        "increment of sequence items_id_seq is 1 before, 5 after",
    ),
    (
        "ALTER TYPE state ADD VALUE 'gone'",
        "labels of enum state is new, old before, new, old, gone after",
    ),
    ("CREATE TYPE size AS ENUM ('s')", "enum size is there only after: s"),
    ("DROP VIEW cheap", "view cheap is there only before:"),
    (
        "CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n + n'",
        "definition of function twice(n integer) is",
    ),
]


@pytest.mark.parametrize(("statement", "words"), CHANGES)
def test_each_kind_of_change_is_told(conn: psycopg.Connection, statement: str, words: str) -> None:
    conn.execute(RICH)
    before = read_catalog(conn)
    conn.execute(statement)
    told = [found.describe() for found in compare(before, read_catalog(conn))]
    assert any(line.startswith(words) for line in told), told


def test_what_does_not_count_makes_no_difference(conn: psycopg.Connection) -> None:
    before = read_catalog(conn)
    conn.execute(
        "INSERT INTO products (name) VALUES ('Shelf');"  # moves the sequence
        "ALTER TABLE products RENAME CONSTRAINT products_name_not_null TO other;"
        "ALTER TABLE products DROP COLUMN category; ALTER TABLE products ADD category varchar(20);"
        "ALTER TABLE products DROP COLUMN price; ALTER TABLE products ADD price numeric(10, 2)"
    )
    assert compare(before, read_catalog(conn)) == []


def test_a_not_null_that_was_not_validated_is_seen(conn: psycopg.Connection) -> None:
    assert "not null" not in {
        item.kind for item in read_catalog(conn).tables["products"].constraints.values()
    }
    if conn.info.server_version < FIRST_WITH_NOT_NULL_NOT_VALID:
        return
    conn.execute("ALTER TABLE products ADD CONSTRAINT later NOT NULL price NOT VALID")
    later = read_catalog(conn).tables["products"].constraints["later"]
    assert (later.kind, later.validated) == ("not null", False)


def test_a_locked_table_is_a_sentence_not_a_hang(
    server: EmbeddedServer, live: str, as_learner: Connect
) -> None:
    client = as_learner(autocommit=False)
    client.execute("LOCK TABLE products IN ACCESS EXCLUSIVE MODE")
    with server.connect(live) as conn:
        conn.execute("SET lock_timeout = 100")
        with pytest.raises(CannotActError, match="another program holds a lock"):
            count_rows(conn, "products")
