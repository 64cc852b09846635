"""The embedded server: made, stopped, killed, started again; its port, files and privileges."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest

from tutor.errors import CannotActError
from tutor.postgres.databases import roles
from tutor.postgres.providers.embedded import paths as places, ports, privileges, processes
from tutor.postgres.providers.embedded.server import EmbeddedServer
from tutor.state.home import VARIABLE, workspace_home

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_posix = pytest.mark.skipif(os.name == "nt", reason="signals and modes are POSIX's")
needs_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="root only")


def log_files(server: EmbeddedServer) -> list[Path]:
    return [server.data / "log" / name for name in server.log.segments()]


@pytest.fixture(scope="module")
def own(server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """Make a server that these tests may stop and kill: interrupted once, with a careless umask.

    `server` runs on the same programs, which have to stay when this one goes.
    """
    folder = workspace_home("feedbeef") / "server"
    before = os.umask(0)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(roles, "make_learner", interrupt)
            with pytest.raises(KeyboardInterrupt):
                EmbeddedServer.create(folder)
        with pytest.raises(CannotActError, match="never finished"):
            EmbeddedServer.load(folder)
        made = EmbeddedServer.create(folder)
    finally:
        os.umask(before)
    yield made
    data, copy = made.data, made.binary("psql").parents[3]
    EmbeddedServer.discard(made.folder)
    EmbeddedServer.discard(made.folder)  # safe to repeat
    assert not data.exists()
    assert server.is_running()
    assert copy.exists(), "another server still runs on these programs"


def interrupt(_: object) -> None:
    raise KeyboardInterrupt


def postmaster(server: EmbeddedServer) -> psutil.Process:
    note = processes.read_pid_file(server.data)
    assert note is not None
    return psutil.Process(note.pid)


def test_it_is_ready_in_utc_and_asks_for_a_password(server: EmbeddedServer) -> None:
    assert server.is_running()
    assert server.ensure_running() == []
    with server.connect("postgres") as conn:
        row = conn.execute("SELECT current_setting('TimeZone'), current_user").fetchone()
    assert row == ("UTC", "postgres")
    address = server.learner
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password="wrong",  # noqa: S106 - wrong on purpose
            dbname="postgres",
        )


def test_the_learner_may_neither_make_databases_nor_change_what_is_logged(
    server: EmbeddedServer, live: str
) -> None:
    with server.connect(live, role="learner") as conn:
        for statement in ("CREATE DATABASE x", "SET log_min_duration_statement = -1"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(statement)


def test_a_read_only_connection_refuses_to_write(server: EmbeddedServer, live: str) -> None:
    with (
        server.connect(live, read_only=True) as conn,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        conn.execute("DELETE FROM products")


def test_the_shells_variables_do_not_mislead_it(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGHOSTADDR": "10.0.0.1", "PGPORT": "1", "PGTZ": "Asia/Tokyo"}.items():
        monkeypatch.setenv(name, value)
    with server.connect("postgres") as conn:
        assert conn.execute("SHOW timezone").fetchone() == ("UTC",)


def test_a_database_that_is_not_there_is_a_sentence(server: EmbeddedServer) -> None:
    with pytest.raises(CannotActError, match="database nowhere is no longer on the server"):
        server.connect("nowhere")


def test_stopped_and_loaded_again_it_starts_with_the_same_port(own: EmbeddedServer) -> None:
    port = own.learner.port
    assert own.stop()
    assert not own.stop()
    assert not own.is_running()
    again = EmbeddedServer.load(own.folder)
    assert again.ensure_running() == ["PostgreSQL was not running; the tutor started it again."]
    assert again.ensure_running() == []
    assert again.learner.port == port
    assert own.is_running()


@needs_posix
def test_it_comes_back_after_a_kill_with_clients_connected(own: EmbeddedServer) -> None:
    with own.connect("postgres", role="admin") as client:
        client.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS one")
        killed = postmaster(own)
        killed.kill()
        killed.wait(10)
        assert own.ensure_running() != []
    with own.connect("postgres") as conn:
        assert conn.execute("SELECT one FROM kept").fetchone() == (1,)


@needs_posix
def test_a_process_number_that_belongs_to_another_program_is_no_server(own: EmbeddedServer) -> None:
    own.stop()
    note = f"{os.getpid()}\n{own.data}\n1\n{own.learner.port}\n\n127.0.0.1\n1 1\nready\n"
    (own.data / "postmaster.pid").write_text(note, encoding="utf-8")
    assert not own.is_running()
    assert len(own.ensure_running()) == 1
    assert own.is_running()


def test_a_taken_port_is_left_to_its_taker(own: EmbeddedServer) -> None:
    taken = own.learner.port
    own.stop()
    with socket.socket() as other:
        if os.name != "nt":  # connections that just ended may still hold the port
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((ports.HOST, taken))
        other.listen()
        assert not own.is_running()
        notices = own.ensure_running()
        assert f"port changed from {taken} to {own.learner.port}" in notices[-1]
        assert EmbeddedServer.load(own.folder).learner.port == own.learner.port != taken
        assert own.ensure_running() == []


def test_two_commands_at_once_start_one_server(own: EmbeddedServer) -> None:
    own.stop()
    code = (
        "import sys; from pathlib import Path; "
        "from tutor.postgres.providers.embedded.server import EmbeddedServer;"
        "print(len(EmbeddedServer.load(Path(sys.argv[1])).ensure_running()))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, own.folder], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    # They end, and so do their pipes, while the server goes on.
    said = sorted(process.communicate(timeout=60)[0].strip() for process in started)
    assert said == [b"0", b"1"]
    assert own.is_running()


@needs_posix
def test_it_has_a_session_of_its_own(own: EmbeddedServer) -> None:
    own.ensure_running()
    assert os.getsid(postmaster(own).pid) != os.getsid(0)


@needs_posix
def test_secrets_are_private_whatever_the_umask(own: EmbeddedServer) -> None:
    assert (own.folder / "server.json").stat().st_mode & 0o777 == 0o600
    assert own.data.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in log_files(own)} == {0o600}
    assert not list(own.data.parent.glob(".secret-*"))


@needs_root
def test_for_root_it_runs_as_somebody_else_outside_a_closed_home(own: EmbeddedServer) -> None:
    own.ensure_running()
    assert postmaster(own).uids().real != 0
    assert own.data.is_relative_to(places.SYSTEM)
    assert own.binary("psql").is_relative_to(places.SYSTEM)
    assert own.data.parent.stat().st_mode & 0o777 == 0o711


@needs_posix
def test_a_home_that_the_server_can_enter_keeps_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        # Long, with a space and a letter that is not ASCII.
        home = Path(open_to_all) / f"tütor home {'x' * 100}"
        folder = home / "workspaces" / "w" / "server"
        folder.mkdir(parents=True)
        monkeypatch.setenv(VARIABLE, str(home))
        before = os.umask(0o077)
        try:
            made = EmbeddedServer.create(folder)
            assert made.data == folder / "data"
            assert made.binary("postgres").is_relative_to(home / "postgres")
            assert made.is_running()
            EmbeddedServer.discard(made.folder)
        finally:
            os.umask(before)
        assert [path for path in home.rglob("*") if path.is_file() and path.name != ".lock"] == []


@needs_root
def test_without_a_user_to_run_it_root_is_told_what_to_do() -> None:
    with pytest.raises(CannotActError, match="no user named ghost") as caught:
        privileges.unprivileged_user(("ghost", "root"))
    assert "useradd" in caught.value.next_move


@needs_root
def test_a_folder_that_cannot_be_made_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(places, "SYSTEM", tmp_path / "file")
    with pytest.raises(CannotActError, match=r"cannot use .*file: File exists"):
        EmbeddedServer.create(tmp_path / "server")


def test_data_without_a_note_is_not_overwritten(own: EmbeddedServer) -> None:
    note = own.folder / "server.json"
    text = note.read_text(encoding="utf-8")
    note.unlink()
    with pytest.raises(CannotActError, match="passwords"):
        EmbeddedServer.create(own.folder)
    note.write_text(text, encoding="utf-8")
    note.chmod(0o600)


def test_damaged_or_missing_notes_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotActError, match="no PostgreSQL server"):
        EmbeddedServer.load(tmp_path)
    for text in ("{", "[]", json.dumps({"port": 1})):
        (tmp_path / "server.json").write_text(text, encoding="utf-8")
        with pytest.raises(CannotActError, match="damaged"):
            EmbeddedServer.load(tmp_path)


def test_a_server_that_cannot_start_says_why(own: EmbeddedServer) -> None:
    own.stop()
    control = own.data / "global" / "pg_control"
    aside = control.with_suffix(".aside")
    control.rename(aside)
    assert own.obstacle() == ""
    with pytest.raises(CannotActError, match="pg_control"):
        own.ensure_running()
    assert "pg_control" in own.obstacle()
    aside.rename(control)
    assert own.ensure_running() != []
    own.stop()
    assert own.obstacle() == ""


def test_looking_whether_it_runs_is_fast(own: EmbeddedServer) -> None:
    own.ensure_running()
    began = time.perf_counter()
    own.ensure_running()
    assert time.perf_counter() - began < 0.1
