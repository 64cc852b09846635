"""Databases of a workspace: marked, cloned, swapped, swept."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from tutor.errors import CannotActError
from tutor.postgres.databases import dump, roles
from tutor.postgres.databases.copies import Copies
from tutor.postgres.databases.roles import LOG_SETTINGS
from tutor.postgres.server import MAINTENANCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.postgres.providers.embedded.server import EmbeddedServer

    Connect = Callable[..., psycopg.Connection]


def rows(server: EmbeddedServer, database: str) -> list[str]:
    with server.connect(database) as conn:
        return [name for (name,) in conn.execute("SELECT name FROM products ORDER BY id")]


def owners(server: EmbeddedServer, database: str) -> set[str]:
    with server.connect(database) as conn:
        found = conn.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
            " UNION SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname ~ '^products'"
        )
        return {name for (name,) in found}


def logged(server: EmbeddedServer) -> dict[str, list[str]]:
    with server.connect(MAINTENANCE) as conn:
        found = conn.execute(
            "SELECT datname, setconfig FROM pg_db_role_setting s"
            " JOIN pg_database d ON d.oid = s.setdatabase"
            " WHERE setrole = 'fastapi_user'::regrole"
        )
        return dict(found.fetchall())


def test_a_clone_holds_the_rows_and_belongs_to_the_learner(
    server: EmbeddedServer, copies: Copies, live: str
) -> None:
    name = copies.clone(live, "start")
    assert name.startswith("tutor_0badcafe_start_")
    assert rows(server, name) == ["Desk", "Lamp", "Chair"]
    assert owners(server, name) == {"fastapi_user"}
    assert copies.names() == sorted([live, name])


def test_a_clone_beside_a_connected_client_is_quick_and_disturbs_nobody(
    server: EmbeddedServer, copies: Copies, live: str, as_learner: Connect
) -> None:
    client = as_learner(autocommit=False)
    client.execute("UPDATE products SET name = 'Sofa' WHERE id = 1")  # not committed
    began = time.perf_counter()
    name = copies.clone(live, "start")
    assert time.perf_counter() - began < 3
    assert rows(server, name) == ["Desk", "Lamp", "Chair"]
    assert owners(server, name) == {"fastapi_user"}
    with server.connect(name, role="learner") as conn:
        conn.execute("ALTER TABLE products ADD COLUMN sku text")
        conn.execute("INSERT INTO products (name) VALUES ('Shelf')")  # sequences came along
    client.commit()
    assert rows(server, live) == ["Sofa", "Lamp", "Chair"]


def test_a_clone_beside_a_session_of_the_tutors_own(
    server: EmbeddedServer, copies: Copies, live: str
) -> None:
    with server.connect(live, read_only=True):
        assert rows(server, copies.clone(live, "start")) == ["Desk", "Lamp", "Chair"]


def test_a_locked_table_names_who_holds_the_lock(
    copies: Copies, live: str, as_learner: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump, "LOCK_MILLISECONDS", 200)
    client = as_learner("DBeaver", autocommit=False)
    client.execute("ALTER TABLE products ADD COLUMN sku text")
    before = copies.names()
    with pytest.raises(CannotActError, match=r"locked by DBeaver \(idle in transaction, pid \d+"):
        copies.clone(live, "start")
    assert copies.names() == before
    assert [holder.application for holder in copies.blockers(live)] == ["DBeaver"]


def test_only_marked_databases_are_dropped_or_made_live(
    server: EmbeddedServer, copies: Copies, live: str
) -> None:
    other = Copies(server, "somebody")
    foreign = other.empty("scratch")
    with server.connect(MAINTENANCE) as conn:
        conn.execute("CREATE DATABASE mine")
    try:
        for name in (foreign, "mine", "postgres"):
            with pytest.raises(CannotActError, match="does not belong to this workspace"):
                copies.drop(name)
            with pytest.raises(CannotActError, match="does not belong to this workspace"):
                copies.make_live(name, "tutor_0badcafe_aside")
        assert copies.sweep(keep=[]) == []
        assert copies.exists("mine")
        assert copies.exists(foreign)
        assert other.names() == [foreign]
        assert copies.names() == [live]
    finally:
        other.drop(foreign)
        with server.connect(MAINTENANCE) as conn:
            conn.execute("DROP DATABASE mine")


def test_a_sweep_takes_what_a_crash_left_before_the_comment(
    server: EmbeddedServer, copies: Copies, live: str
) -> None:
    kept = copies.empty("start")
    with server.connect(MAINTENANCE) as conn:
        conn.execute("CREATE DATABASE tutor_0badcafe_replay_1")
    assert copies.sweep(keep=[kept]) == ["tutor_0badcafe_replay_1"]
    assert copies.names() == sorted([live, kept])
    copies.drop("tutor_0badcafe_replay_1")  # gone already: nothing to do


def test_a_drop_ends_the_sessions_in_it(server: EmbeddedServer, copies: Copies) -> None:
    name = copies.empty("replay")
    with server.connect(name) as conn:
        copies.drop(name)
        with pytest.raises(psycopg.OperationalError):
            conn.execute("SELECT 1")
    assert not copies.exists(name)


def test_clients_are_named(copies: Copies, live: str, as_learner: Connect) -> None:
    as_learner("uvicorn")
    client = as_learner("psql", autocommit=False)
    client.execute("SELECT 1")
    found = copies.clients(live)
    assert [(c.application, c.user, c.state) for c in found] == [
        ("uvicorn", "fastapi_user", "idle"),
        ("psql", "fastapi_user", "idle in transaction"),
    ]
    assert found[1].since is not None


@pytest.mark.parametrize("state", ["whole", "after the first rename", "done", "no live at all"])
def test_the_live_database_is_swapped_from_any_state_a_crash_leaves(
    state: str, server: EmbeddedServer, copies: Copies, live: str
) -> None:
    new, aside = copies.clone(live, "new"), "tutor_0badcafe_aside"
    with server.connect(live) as conn:
        conn.execute("DELETE FROM products")
    if state == "after the first rename":
        with server.connect(MAINTENANCE) as conn:
            conn.execute(f"ALTER DATABASE {live} RENAME TO {aside}")
            roles.stop_logging_learner(conn, server.learner.user, aside)
    elif state == "done":
        copies.make_live(new, aside)
    elif state == "no live at all":
        copies.drop(live)
    copies.make_live(new, aside)
    copies.make_live(new, aside)
    assert rows(server, live) == ["Desk", "Lamp", "Chair"]
    assert copies.exists(aside) == (state != "no live at all")
    assert not copies.exists(new)
    assert logged(server) == {live: [f"{name}={value}" for name, value in LOG_SETTINGS.items()]}


def test_a_swap_without_any_database_says_so(copies: Copies, live: str) -> None:
    copies.drop(live)
    with pytest.raises(CannotActError, match="is on the server"):
        copies.make_live("tutor_0badcafe_new", "tutor_0badcafe_aside")
    copies.create_live()


def test_a_swap_over_an_existing_aside_changes_nothing(copies: Copies, live: str) -> None:
    new, aside = copies.empty("new"), copies.empty("aside")
    with pytest.raises(CannotActError, match="already exists"):
        copies.make_live(new, aside)
    assert copies.names() == sorted([live, new, aside])


def test_a_swap_tells_whom_it_disconnected(copies: Copies, live: str, as_learner: Connect) -> None:
    as_learner("pgAdmin")
    ended = copies.make_live(copies.empty("new"), "tutor_0badcafe_aside")
    assert [client.application for client in ended] == ["pgAdmin"]
    copies.make_live("tutor_0badcafe_aside", "tutor_0badcafe_empty")
    assert live in copies.names()


def test_making_the_live_database_again_keeps_it(
    server: EmbeddedServer, copies: Copies, live: str
) -> None:
    copies.create_live()
    assert rows(server, live) == ["Desk", "Lamp", "Chair"]
    with pytest.raises(CannotActError, match="does not belong"):
        Copies(server, "somebody").create_live()


@pytest.mark.usefixtures("live")
def test_who_waits_for_a_lock_is_ended_before_its_holder(
    server: EmbeddedServer, copies: Copies, as_learner: Connect
) -> None:
    holder, waiting = as_learner(autocommit=False), as_learner()
    holder.execute("LOCK TABLE products IN ACCESS EXCLUSIVE MODE")
    with ThreadPoolExecutor() as pool:
        deletion = pool.submit(waiting.execute, "DELETE FROM products")
        while not any("DELETE" in query for query in waiting_queries(server)):
            time.sleep(0.01)
        ended = copies.make_live(copies.empty("new"), "tutor_0badcafe_aside")
        assert isinstance(deletion.exception(), psycopg.Error)
    assert len(ended) == 2
    assert rows(server, "tutor_0badcafe_aside") == ["Desk", "Lamp", "Chair"]


def waiting_queries(server: EmbeddedServer) -> list[str]:
    with server.connect(MAINTENANCE) as conn:
        found = conn.execute(
            "SELECT query FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
        )
        return [query for (query,) in found]
