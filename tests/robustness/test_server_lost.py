"""The server's port taken, its process killed, its data gone: each command goes on or says so."""

from __future__ import annotations

import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psutil
import pytest

from tutor.postgres.providers.embedded.processes import read_pid_file
from tutor.session.opening import open_context
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.robustness.conftest import Shell

pytestmark = pytest.mark.xdist_group("server-lost")


def data(shell: Shell) -> Path:
    with open_context(shell.root) as context:
        return context.server.folders[0]


def port(shell: Shell) -> int:
    return int(Workspace.find(shell.root).database_settings()["DB_PORT"])


def test_a_taken_port_is_changed_and_env_follows(shell: Shell) -> None:
    before = port(shell)
    assert shell.tutor("stop").code == 0
    with socket.create_server(("127.0.0.1", before)):
        assert "is stopped" in shell.tutor("doctor").text
        said = shell.tutor("check")
        assert said.code == 1, said.lines
        assert f"Another program uses port {before}" in said.text
        assert "Your .env has the new port." in said.text
        assert port(shell) != before
        shell.run("python -m alembic current")
    assert shell.sql("SELECT count(*) FROM products") == [(6,)]


@pytest.mark.parametrize("verb", ["check", "status", "next", "psql"])
def test_a_killed_server_is_started_again(shell: Shell, verb: str) -> None:
    note = read_pid_file(data(shell))
    assert note is not None
    psutil.Process(note.pid).kill()
    said = shell.tutor(verb, *(["-c", "SELECT 1"] if verb == "psql" else []))
    assert said.code == (1 if verb == "check" else 0), said.lines
    assert "the tutor started it again" in said.text
    assert shell.sql("SELECT count(*) FROM products") == [(6,)]


@pytest.mark.parametrize("stopped", [True, False], ids=["stopped", "running"])
def test_data_that_are_gone_are_told_and_made_anew(shell: Shell, *, stopped: bool) -> None:
    folder = data(shell)
    if stopped:
        shell.tutor("stop")
    else:  # what a running server does within a minute when its files are gone
        note = read_pid_file(folder)
    models = (shell.root / "models.py").read_bytes() + b"# mine\n"
    (shell.root / "models.py").write_bytes(models)
    shutil.rmtree(folder)
    if not stopped and note is not None:
        psutil.Process(note.pid).kill()
    for verb in ("check", "next", "status"):
        said = shell.tutor(verb)
        assert said.code == 3
        assert "data folder" in said.text
        assert "is gone" in said.text
        assert "`tutor start .`" in said.text
    said = shell.tutor("start", ".")
    assert said.code == 0, said.lines
    assert (shell.root / "models.py").read_bytes() == models
    assert shell.sql("SELECT count(*) FROM products") == [(6,)]
    assert shell.tutor("next").code == 0


def test_a_dropped_database_is_told_and_made_again(shell: Shell) -> None:
    assert shell.tutor("goto", "3.1", "--yes").code == 0
    with open_context(shell.root) as context, context.server.maintenance() as admin:
        admin.execute("DROP DATABASE fastapi_db WITH (FORCE)")
    assert shell.first_unmet()["code"] == "environment.database"
    assert shell.tutor("reset", "--yes").code == 0
    assert shell.first_unmet()["code"] != "environment.database"


def test_a_lock_that_keeps_everybody_out_is_told_with_its_holder(shell: Shell) -> None:
    assert shell.tutor("goto", "3.4", "--yes").code == 0
    with open_context(shell.root, reading=True) as context:
        server = context.server
    with server.connect(server.live, role="learner") as holder, holder.transaction():
        holder.execute("SET application_name = 'my migration'")
        holder.execute("LOCK TABLE products")
        found = shell.first_unmet()
    assert found["code"] == "environment.locked"
    assert "my migration" in found["summary"]
    assert shell.first_unmet()["code"] != "environment.locked"


def test_a_migration_that_waits_is_told_with_whom_it_waits_for(shell: Shell) -> None:
    assert shell.tutor("goto", "3.4", "--yes").code == 0
    with open_context(shell.root, reading=True) as context:
        server = context.server
    with (
        server.connect(server.live, role="learner") as holder,
        server.connect(server.live, role="learner") as migration,
        ThreadPoolExecutor() as pool,
    ):
        holder_pid = holder.info.backend_pid
        with holder.transaction():
            holder.execute("SET application_name = 'psql'")
            holder.execute("SELECT * FROM products")  # reading is enough
            migration.execute("SET lock_timeout = '60s'")
            upgrade = pool.submit(migration.execute, "ALTER TABLE products ADD note text")
            with open_context(shell.root, reading=True) as context:
                while not context.copies.waiting(server.live):
                    assert not upgrade.done()
            found = shell.first_unmet()
            doctor = shell.tutor("doctor")
        upgrade.result(timeout=60)
    assert found["code"] == "environment.locked"
    assert "ALTER TABLE products ADD note text" in found["summary"]
    assert f"pid {holder_pid}" in found["next"]
    assert "psql" in found["next"]
    assert doctor.code == 3
    assert "waits for a lock" in doctor.text
    assert shell.first_unmet()["code"] != "environment.locked"
