"""What the lessons of Part 5 claim of PostgreSQL, tried on the server that the learner has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import errors

from tutor.session.opening import open_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.course.learner import Learner
    from tutor.session.context import Context

SKIP_SCAN = 180_000
"""The first version of PostgreSQL that skips over the first column of an index."""


@pytest.fixture
def context(learner: Learner) -> Iterator[Context]:
    with open_context(learner.root) as opened:
        yield opened


@pytest.fixture
def connection(context: Context) -> Iterator[psycopg.Connection]:
    """Return a connection to the learner's database with a big temporary table."""
    with context.server.connect(context.server.live) as opened:
        opened.execute(
            "CREATE TEMP TABLE big AS SELECT n AS id, n % 1000 / 7.0::float8 AS price, "
            "n % 4 AS category_id, n % 100 = 0 AS is_active, 'text ' || n AS description "
            "FROM generate_series(1, 100000) n"
        )
        yield opened


def value(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def rewrites(connection: psycopg.Connection, statement: str) -> bool:
    """Whether a statement writes the table anew: then it gets another file."""
    before = value(connection, "SELECT pg_relation_filenode('big')")
    connection.execute(statement.encode())
    return value(connection, "SELECT pg_relation_filenode('big')") != before


def test_a_rename_changes_the_catalog_only(connection: psycopg.Connection) -> None:
    assert not rewrites(connection, "ALTER TABLE big RENAME description TO product_description")


def test_a_type_of_another_kind_rewrites_and_more_digits_do_not(
    connection: psycopg.Connection,
) -> None:
    assert rewrites(connection, "ALTER TABLE big ALTER price TYPE numeric(10,2)")
    assert not rewrites(connection, "ALTER TABLE big ALTER price TYPE numeric(12,2)")


def test_a_numeric_rounds_and_overflows_at_a_hundred_million(
    connection: psycopg.Connection,
) -> None:
    assert str(value(connection, "SELECT 0.126::numeric(10,2)")) == "0.13"
    with pytest.raises(errors.NumericValueOutOfRange, match="numeric field overflow"):
        connection.execute("SELECT 100000000::numeric(10,2)")


def test_a_check_lets_null_in(connection: psycopg.Connection) -> None:
    connection.execute("UPDATE big SET price = 1")
    connection.execute("ALTER TABLE big ADD CHECK (price > 0)")
    connection.execute("INSERT INTO big (price) VALUES (NULL)")
    with pytest.raises(errors.CheckViolation):
        connection.execute("INSERT INTO big (price) VALUES (0)")


def test_a_check_that_is_not_valid_holds_for_what_is_written_from_then_on(
    connection: psycopg.Connection,
) -> None:
    connection.execute("UPDATE big SET price = 0 WHERE id = 1")
    connection.execute("ALTER TABLE big ADD CONSTRAINT later CHECK (price > 0) NOT VALID")
    with pytest.raises(errors.CheckViolation):
        connection.execute("INSERT INTO big (price) VALUES (0)")
    with pytest.raises(errors.CheckViolation):
        connection.execute("ALTER TABLE big VALIDATE CONSTRAINT later")


@pytest.mark.parametrize(
    ("statement", "lock"),
    [
        ("ALTER TABLE big ADD CHECK (id > 0)", "AccessExclusiveLock"),
        ("ALTER TABLE big VALIDATE CONSTRAINT later", "ShareUpdateExclusiveLock"),
        ("ALTER TABLE big RENAME description TO text", "AccessExclusiveLock"),
        ("ALTER TABLE big ADD discount_percent integer", "AccessExclusiveLock"),
        ("CREATE INDEX ON big (id)", "ShareLock"),
    ],
)
def test_each_statement_takes_the_lock_that_the_lesson_says(
    connection: psycopg.Connection, statement: str, lock: str
) -> None:
    connection.execute("ALTER TABLE big ADD CONSTRAINT later CHECK (id > 0) NOT VALID")
    with connection.transaction():
        connection.execute(statement.encode())
        held = connection.execute(
            "SELECT mode FROM pg_locks WHERE relation = 'big'::regclass AND pid = pg_backend_pid()"
        ).fetchall()
    assert (lock,) in held


def test_an_update_writes_every_row_a_second_time(connection: psycopg.Connection) -> None:
    before = value(connection, "SELECT pg_relation_size('big')")
    assert not rewrites(connection, "ALTER TABLE big ADD discount_percent integer")
    connection.execute("UPDATE big SET discount_percent = 0")
    after = value(connection, "SELECT pg_relation_size('big')")
    assert isinstance(before, int)
    assert isinstance(after, int)
    assert 1.8 < after / before < 2.2


def test_the_index_by_category_serves_is_active_by_looking_into_every_category(
    connection: psycopg.Connection,
) -> None:
    if connection.info.server_version < SKIP_SCAN:
        pytest.skip("an older PostgreSQL reads all of it")
    connection.execute("CREATE INDEX ON big (category_id, is_active)")
    connection.execute("ANALYZE big")
    plan = connection.execute("EXPLAIN (ANALYZE, COSTS OFF) SELECT * FROM big WHERE is_active")
    lines = [str(line).strip() for (line,) in plan.fetchall()]
    assert "Index Cond: (is_active = true)" in lines
    (searches,) = (int(line.split()[-1]) for line in lines if line.startswith("Index Searches"))
    categories = 4
    assert searches >= categories


def test_a_partial_index_holds_the_active_rows_only(connection: psycopg.Connection) -> None:
    connection.execute("CREATE INDEX every ON big (id)")
    connection.execute("CREATE INDEX active ON big (id) WHERE is_active")
    sizes = "SELECT pg_relation_size('every') / pg_relation_size('active')"
    assert int(str(value(connection, sizes))) > 50


def test_a_concurrent_build_waits_for_what_was_open_and_leaves_an_invalid_index(
    context: Context,
) -> None:
    server = context.server
    with (
        server.connect(server.live) as writer,
        server.connect(server.live) as builder,
    ):
        builder.execute("CREATE TABLE busy AS SELECT 1 AS id")
        try:
            with pytest.raises(errors.ActiveSqlTransaction), builder.transaction():
                builder.execute("CREATE INDEX CONCURRENTLY inside ON busy (id)")
            builder.execute("SET statement_timeout = '500ms'")
            with writer.transaction():
                writer.execute("UPDATE busy SET id = 2")
                with pytest.raises(errors.QueryCanceled):
                    builder.execute("CREATE INDEX CONCURRENTLY waited ON busy (id)")
            invalid = "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = 'waited'::regclass"
            assert value(builder, invalid) is True
            with pytest.raises(errors.DuplicateTable):
                builder.execute("CREATE INDEX CONCURRENTLY waited ON busy (id)")
        finally:
            builder.execute("DROP TABLE busy")


def test_a_lock_timeout_gives_up_instead_of_waiting(context: Context) -> None:
    server = context.server
    with (
        server.connect(server.live) as reader,
        server.connect(server.live) as migration,
        reader.transaction(),
    ):
        reader.execute("SELECT count(*) FROM alembic_version")
        with migration.transaction(force_rollback=True):
            migration.execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(errors.LockNotAvailable):
                migration.execute("ALTER TABLE alembic_version RENAME TO gone")
