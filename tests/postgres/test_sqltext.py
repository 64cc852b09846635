"""Splitting and comparing SQL text; what a statement does."""

from __future__ import annotations

import pytest

from tutor.postgres.journal.statements import effect
from tutor.postgres.sqltext import normal_form, statements


def test_statements_end_at_semicolons_outside_of_texts() -> None:
    text = """
    -- first; not this
    SELECT ';' , "a;b", E'\\';'; /* ; */ DO $body$ BEGIN; END $body$; ; COMMIT
    """
    assert [part.split()[0] for part in statements(text)] == ["--", "/*", "COMMIT"]
    assert statements(" ; -- nothing\n;") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "CHECK (((status)::text = ANY ((ARRAY['a'::character varying])::text[])))",
            "CHECK (((status)::text = ANY (ARRAY[('a'::character varying)::text])))",
        ),
        (
            "CHECK ((price = ANY ((ARRAY[1, n, n + 1])::numeric[])))",
            "CHECK ((price = ANY (ARRAY[(1)::numeric, (n)::numeric, (n + 1)::numeric])))",
        ),
        ("(price > (0)::numeric)", "price > 0"),
        ("'x'::character varying", "'x'::text"),
        ("('-1'::integer)::numeric", "'-1'::integer::numeric"),
        (
            "seen = '2020-01-01 00:00:00+00'::timestamp with time zone",
            "seen='2020-01-01 00:00:00+00'",
        ),
        ("a AND (b)", "(a AND b)"),
        ("lower((name)::text)", "lower(name)"),
        ("'a'::shop.state", "'a'::\"State\""),
    ],
)
def test_printed_differently_but_the_same(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(a OR b) AND c", "a OR (b AND c)"),
        ("price > 0", "price >= 0"),
        ("name = 'A'", "name = 'a'"),
        ("lower(name)", "name"),
        ("f((a + b) * c)", "f(a + (b * c))"),
        ("price::integer > 0", "price > 0"),
        ("price::numeric(10, 0) > 0", "price > 0"),
        ("price > (1.7)::integer", "price > 1.7"),
        ("name::character varying (5) = 'a'", "name = 'a'"),
        ("'abc'::varchar(2)", "'abc'"),
        ("(n)::numeric / (2)::numeric", "n / 2"),
        ("('2020-01-01 12:00'::timestamp without time zone)::date", "'2020-01-01 12:00'"),
        ("now()::timestamp(3) without time zone", "now()"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@pytest.mark.parametrize(
    ("statement", "changes"),
    [
        ("INSERT INTO alembic_version (version_num) VALUES ('a')", [(None, "a")]),
        ("insert into public.alembic_version values ('a'), ('b')", [(None, "a"), (None, "b")]),
        (
            "UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a'",
            [("a", "b")],
        ),
        ("UPDATE \"alembic_version\" SET version_num = 'b'", [("*", "b")]),
        ("DELETE FROM alembic_version WHERE version_num IN ('a', 'b')", [("a", None), ("b", None)]),
        ("DELETE FROM alembic_version", [("*", None)]),
        ("TRUNCATE alembic_version", [("*", None)]),
        ("DROP TABLE IF EXISTS alembic_version", [("*", None)]),
    ],
)
def test_changes_of_the_version(
    statement: str, changes: list[tuple[str | None, str | None]]
) -> None:
    found = effect(statement)
    assert found is not None
    assert (found.kind, list(found.changes)) == ("version", changes)


def test_a_parameter_of_the_log_takes_its_place() -> None:
    found = effect("DELETE FROM alembic_version WHERE version_num = $1", "Parameters: $1 = 'it''s'")
    assert found is not None
    assert found.changes == (("it's", None),)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("ALTER TABLE products ADD sku text", "ddl"),
        ("/* x */ create index concurrently i on products (name)", "ddl"),
        ("DO $$ BEGIN EXECUTE 'ALTER TABLE a ADD b int'; END $$", "ddl"),
        ("WITH old AS (SELECT 1) UPDATE products SET name = 'x'", "rows"),
        ("COPY products (name) FROM STDIN", "rows"),
        ("TRUNCATE products", "rows"),
        ("COPY products TO STDOUT", None),
        ("SELECT * FROM alembic_version", None),
        ("WITH a AS (SELECT 1) SELECT * FROM a", None),
        ("CREATE TABLE alembic_version (version_num text)", None),
        ("SET search_path = public", None),
        ("", None),
    ],
)
def test_kinds_of_statements(statement: str, kind: str | None) -> None:
    found = effect(statement)
    assert (found.kind if found else None) == kind
