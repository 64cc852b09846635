"""The learner's own objects in their database, and their own dump of it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.catalog.difference import compare
from tutor.session.opening import open_context
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from tests.robustness.conftest import Shell

pytestmark = pytest.mark.xdist_group("own-objects")

OWN = """
CREATE SCHEMA mine;
CREATE TABLE mine.things (id serial PRIMARY KEY, at point, more json);
CREATE TABLE mine."no key" (x xml);
INSERT INTO mine.things (more) VALUES ('{}'), (NULL);
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE extra (mood mood, how positive, "Odd ""Name" text[]);
CREATE TABLE bare ();
CREATE TABLE parts (n int) PARTITION BY RANGE (n);
CREATE VIEW cheap AS SELECT id, price FROM products WHERE price < 50;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM products;
CREATE SEQUENCE numbers;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON extra FOR EACH ROW EXECUTE FUNCTION touch();
"""
CONFIGURE = "context.configure(connection=connection, "


def test_checks_go_on_beside_objects_of_the_learner_s_own(shell: Shell) -> None:
    shell.tutor("goto", "3.5", "--yes")
    env_py = shell.root / "migrations/env.py"
    text = env_py.read_text()
    assert CONFIGURE in text
    env_py.write_text(text.replace(CONFIGURE, f"{CONFIGURE}include_schemas=True, "))
    shell.sql(OWN)
    assert shell.first_unmet()["code"] == "version.applied"
    shell.run("python -m alembic upgrade head")
    verdict = shell.verdict()
    assert verdict["passed"], verdict["findings"]
    (own,) = [item for item in verdict["findings"] if item["code"] == "schema.own_objects"]
    assert own["status"] == "warning"
    assert "mine.things" in own["actual"]
    for command in ("next", "schema", "status", "reset --rows --yes", "reset --yes", "undo --yes"):
        said = shell.tutor(*command.split())
        assert said.code == 0, said.lines
    assert shell.sql("SELECT count(*) FROM mine.things") == [(2,)], "undo brought them back"
    assert shell.verdict()["step"] == "3.6"


def test_the_learner_s_own_dump_restores_and_holds_nothing_of_the_tutor(shell: Shell) -> None:
    shell.tutor("goto", "4.1", "--yes")
    shell.tutor("check")
    said = Workspace.find(shell.root).database_settings()
    login = {f"PG{name.removeprefix('DB_')}": value for name, value in said.items()}
    login |= {"PGDATABASE": login.pop("PGNAME")}
    with open_context(shell.root) as context:
        server = context.server
        programs = server.binary("pg_dump").parent
        with server.connect("postgres") as admin:
            admin.execute(f"CREATE DATABASE restored OWNER {login['PGUSER']}".encode())

    def run(program: str, *arguments: str, text: bytes = b"") -> bytes:
        done = subprocess.run(
            [programs / program, *arguments],
            env=os.environ | login,
            input=text,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout

    plain = run("pg_dump")
    assert b"tutor" not in plain.lower()
    archive = run("pg_dump", "--format=custom")
    run("pg_restore", "--exit-on-error", "--dbname=restored", text=archive)
    run("psql", "--set=ON_ERROR_STOP=1", "--dbname=restored", "-c", "DROP OWNED BY CURRENT_USER")
    run("psql", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname=restored", text=plain)
    with server.connect("restored") as there, server.connect(server.live) as here:
        assert compare(read_catalog(here), read_catalog(there)) == []
        rows = b"SELECT p::text FROM products p ORDER BY id"
        assert there.execute(rows).fetchall() == here.execute(rows).fetchall() != []
    with server.connect("postgres") as admin:
        admin.execute("DROP DATABASE restored")
