"""The journal: what was committed to the live database, and nothing else."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest

from tutor.errors import CannotActError
from tutor.postgres.databases import sessions
from tutor.postgres.journal.journal import Event, Journal
from tutor.postgres.providers.embedded.processes import read_pid_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tutor.postgres.databases.copies import Copies
    from tutor.postgres.providers.embedded.server import EmbeddedServer

    Connect = Callable[..., psycopg.Connection]

VERSIONS = "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"


def log_files(server: EmbeddedServer) -> list[Path]:
    return [server.data / "log" / name for name in server.log.segments()]


@pytest.fixture
def journal(server: EmbeddedServer, live: str, tmp_path: Path) -> Journal:  # noqa: ARG001 - first
    """Offer a journal that has read all that was before the test."""
    made = Journal(server, tmp_path / "journal.jsonl")
    made.update()
    return made


@pytest.fixture
def news(journal: Journal) -> Callable[[], list[Event]]:
    """Return what was committed since the test began."""
    since = journal.last()

    def read() -> list[Event]:
        journal.update()
        return journal.events(since)

    return read


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_what_alembic_does(
    driver: str, news: Callable[[], list[Event]], alembic: Callable[..., None]
) -> None:
    alembic(
        driver,
        ["upgrade", "bbb222"],
        ["current"],
        ["history"],
        ["upgrade", "head"],
        ["downgrade", "-2"],
        ["stamp", "head"],
        ["stamp", "base"],
        ["stamp", "bbb222"],
        ["downgrade", "base"],
    )
    events = news()
    assert [(event.kind, event.changes) for event in events] == [
        ("migration", ((None, "aaa111"), ("aaa111", "bbb222"))),
        ("ddl", ()),  # CREATE INDEX CONCURRENTLY commits by itself
        ("migration", (("bbb222", "ccc333"),)),
        ("migration", (("ccc333", "bbb222"), ("bbb222", "aaa111"))),
        ("stamp", (("aaa111", "ccc333"),)),
        ("stamp", (("ccc333", None),)),
        ("stamp", ((None, "bbb222"),)),
        ("migration", (("bbb222", "aaa111"), ("aaa111", None))),
    ]
    assert events[0].statements[0] == "CREATE TABLE t (x int)"
    assert [event.number for event in events] == list(
        range(events[0].number, events[-1].number + 1)
    )


def test_what_is_rolled_back_does_not_count(
    news: Callable[[], list[Event]], as_learner: Connect
) -> None:
    conn = as_learner()
    conn.execute("BEGIN")
    conn.execute("CREATE TABLE a (x int)")
    conn.execute("ROLLBACK")
    for failing in (
        "INSERT INTO products (name) VALUES (NULL)",
        "CREATE TABLE b (x int); SELECT 1 / 0",
        "CREATE TABLE c (x int",
        "BEGIN; CREATE TABLE d (x int); SELECT 1 / 0; COMMIT",
    ):
        with suppress(psycopg.Error):
            conn.execute(failing)
    conn.execute("COMMIT")  # of a failed transaction: rolls back
    conn.execute("DELETE FROM products WHERE id = 1")
    assert kinds(news()) == ["rows"]


def test_savepoints_and_strings_of_several_statements(
    news: Callable[[], list[Event]], as_learner: Connect
) -> None:
    conn = as_learner("psql")
    conn.execute("BEGIN; CREATE TABLE a (x int)")
    conn.execute("SAVEPOINT s")
    conn.execute("CREATE TABLE b (x int)")
    with suppress(psycopg.Error):
        conn.execute("SELECT 1 / 0")
    conn.execute("ROLLBACK TO SAVEPOINT s")
    conn.execute("CREATE TABLE c (x int); COMMIT; BEGIN; DROP TABLE a; COMMIT")
    with suppress(psycopg.Error):
        conn.execute("COMMIT; CREATE TABLE d (x int); COMMIT; SELECT 1 / 0")
    events = news()
    assert [event.statements for event in events] == [
        ("CREATE TABLE a (x int)", "CREATE TABLE c (x int)"),
        ("DROP TABLE a",),
        ("CREATE TABLE d (x int)",),
    ]
    assert {event.application for event in events} == {"psql"}
    assert events[0].time.endswith("UTC")


def test_a_commit_that_fails_does_not_count(
    news: Callable[[], list[Event]], as_learner: Connect
) -> None:
    conn = as_learner(autocommit=False)
    conn.execute("ALTER TABLE products ADD UNIQUE (name) DEFERRABLE INITIALLY DEFERRED")
    conn.commit()
    conn.execute("INSERT INTO products (name) VALUES ('Desk')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        conn.commit()
    assert kinds(news()) == ["ddl"]


def test_versions_changed_by_hand(news: Callable[[], list[Event]], as_learner: Connect) -> None:
    conn = as_learner()
    conn.execute(VERSIONS)  # empty: nothing happened
    conn.execute("INSERT INTO alembic_version VALUES (%s)", ["a"])
    conn.execute("UPDATE alembic_version SET version_num = 'b'")
    conn.execute("DROP TABLE alembic_version")
    assert [(event.kind, event.changes) for event in news()] == [
        ("stamp", ((None, "a"),)),
        ("stamp", (("*", "b"),)),
        ("stamp", (("*", None),)),
    ]


def test_an_open_transaction_counts_when_it_commits(
    news: Callable[[], list[Event]], as_learner: Connect
) -> None:
    conn = as_learner(autocommit=False)
    conn.execute("ALTER TABLE products ADD a int")
    assert news() == []
    conn.execute("ALTER TABLE products ADD b int")
    conn.commit()
    assert [len(event.statements) for event in news()] == [2]


def test_a_session_cut_off_does_not_count(
    news: Callable[[], list[Event]], server: EmbeddedServer, live: str, as_learner: Connect
) -> None:
    conn = as_learner(autocommit=False)
    conn.execute("ALTER TABLE products ADD a int")
    with server.maintenance() as admin:
        sessions.disconnect(admin, live)
    with suppress(psycopg.Error):
        conn.commit()
    assert news() == []


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_a_killed_server_takes_open_transactions_with_it(
    news: Callable[[], list[Event]], server: EmbeddedServer, as_learner: Connect
) -> None:
    as_learner().execute("ALTER TABLE products ADD a int")
    as_learner(autocommit=False).execute("ALTER TABLE products ADD b int")
    note = read_pid_file(server.data)
    assert note is not None
    killed = psutil.Process(note.pid)
    killed.kill()
    killed.wait(10)
    server.ensure_running()
    as_learner().execute("ALTER TABLE products ADD c int")
    statements = [event.statements for event in news()]
    assert statements == [("ALTER TABLE products ADD a int",), ("ALTER TABLE products ADD c int",)]


def test_only_the_learner_in_the_live_database_counts(
    news: Callable[[], list[Event]], server: EmbeddedServer, copies: Copies, live: str
) -> None:
    copy, aside = copies.clone(live, "replay"), "tutor_0badcafe_aside"
    with server.connect(copy, role="learner") as conn:
        conn.execute("DROP TABLE products")
    with server.connect(live) as conn:
        conn.execute("TRUNCATE products")
    assert news() == []
    copies.make_live(copy, aside)
    with server.connect(aside, role="learner") as conn:
        conn.execute("DROP TABLE products")
    with server.connect(live, role="learner") as conn:
        conn.execute("CREATE TABLE seen (x int)")
    assert [event.statements for event in news()] == [("CREATE TABLE seen (x int)",)]


def test_each_event_comes_once_whatever_happens_to_the_log(
    journal: Journal, server: EmbeddedServer, as_learner: Connect, tmp_path: Path
) -> None:
    conn, since = as_learner(), journal.last()
    conn.execute("CREATE TABLE a (x int)")
    journal.update()
    digest = (tmp_path / "journal.jsonl").read_text(encoding="utf-8")
    conn.execute("CREATE TABLE b (x int)")
    journal.update()
    # Killed before the digest was replaced: the same lines are read again.
    (tmp_path / "journal.jsonl").write_text(digest, encoding="utf-8")
    journal.update()
    journal.update()
    # A line half written, and a file that does not parse.
    with log_files(server)[-1].open("ab") as log:
        log.write(b'{"dbname":"fastapi_db"\n{"half')
    old = log_files(server)[0].with_name("postgresql-20200101-000000.json")
    old.write_bytes(b"\xff\xfe nonsense\n")
    os.utime(old, (1, 1))
    files = len(log_files(server))
    with server.connect("postgres") as admin:
        while len(log_files(server)) == files:  # a file's name holds the second it was begun in
            admin.execute("SELECT pg_rotate_logfile()")
            time.sleep(0.2)
    conn.execute("CREATE TABLE c (x int)")
    journal.update()
    assert not old.exists(), "a file that is read and finished is deleted"
    texts = [event.statements[0] for event in journal.events(since)]
    assert texts == [f"CREATE TABLE {name} (x int)" for name in "abc"]
    assert journal.last() == since + 3


def test_a_damaged_digest_is_begun_anew(
    journal: Journal, as_learner: Connect, tmp_path: Path
) -> None:
    conn = as_learner()
    conn.execute("CREATE TABLE before (x int)")
    journal.update()
    since = journal.last()
    (tmp_path / "journal.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(CannotActError, match="journal"):
        journal.events()
    journal.update()
    assert journal.lost_since(since)
    assert journal.events(since) == []
    conn.execute("CREATE TABLE after (x int)")
    journal.update()
    assert [event.statements for event in journal.events(since)] == [
        ("CREATE TABLE after (x int)",)
    ]
    assert (tmp_path / "journal.damaged").exists(), "kept for whoever wants to look"
