"""One real PostgreSQL server for this area's tests, in a state home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from tutor.postgres.databases.copies import Copies
from tutor.postgres.providers.embedded.server import EmbeddedServer
from tutor.state.home import VARIABLE, workspace_home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WORKSPACE = "0badcafe"

TABLE = """
CREATE TABLE products (
  id serial PRIMARY KEY, name text NOT NULL, price numeric(10, 2), category varchar(20));
INSERT INTO products (name, price, category)
VALUES ('Desk', 120, 'Office'), ('Lamp', 35.5, NULL), ('Chair', 1200, 'Office');
"""


ENV = """
import asyncio, os
from alembic import context
from sqlalchemy import create_engine, pool
from sqlalchemy.ext.asyncio import create_async_engine

def run(connection):
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()

async def run_async(url):
    async with create_async_engine(url, poolclass=pool.NullPool).connect() as connection:
        await connection.run_sync(run)

url = os.environ["URL"]
if "asyncpg" in url:
    asyncio.run(run_async(url))
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        run(connection)
"""

# Of each revision: what upgrade and downgrade do. The third commits in between, as Alembic does for
# what cannot run in a transaction.
REVISIONS = {
    "aaa111": ('op.execute("CREATE TABLE t (x int)")', 'op.execute("DROP TABLE t")'),
    "bbb222": ('op.execute("UPDATE t SET x = 1")', "pass"),
    "ccc333": (
        """with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ix ON t (x)")""",
        'op.execute("DROP INDEX ix")',
    ),
}

# Several commands in one process: starting Python and Alembic is what takes the time.
RUN = """
import json, sys
from alembic.config import main
for argv in json.loads(sys.argv[1]):
    main(argv=argv)
"""


@pytest.fixture(scope="package")
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    # pytest's folders are 0700: for root this is the home that the server's user cannot enter.
    # For this package only: elsewhere `tutor remove --abandoned` would take its server away.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="package")
def server(state_home: None) -> Iterator[EmbeddedServer]:  # noqa: ARG001 - it must come first
    made = EmbeddedServer.create(workspace_home(WORKSPACE) / "server")
    yield made
    EmbeddedServer.discard(made.folder)


@pytest.fixture
def copies(server: EmbeddedServer) -> Iterator[Copies]:
    """Offer a workspace's databases, the live one among them; all of them go at the end."""
    made = Copies(server, WORKSPACE)
    made.create_live()
    yield made
    made.sweep(keep=[])
    made.drop(server.live)


@pytest.fixture
def live(server: EmbeddedServer, copies: Copies) -> str:  # noqa: ARG001 - it makes the database
    """Name the live database, with a table in it that belongs to the learner."""
    with server.connect(server.live, role="learner") as conn:
        conn.execute(TABLE)
    return server.live


@pytest.fixture(scope="package")
def tables(server: EmbeddedServer) -> Iterator[str]:
    """Name a database with that table in it, for tests that change it in `conn` only."""
    made = Copies(server, "tables")
    name = made.empty("shared")
    with server.connect(name, role="learner") as conn:
        conn.execute(TABLE)
    yield name
    made.drop(name)


@pytest.fixture
def conn(server: EmbeddedServer, tables: str) -> Iterator[psycopg.Connection]:
    """Offer a connection whose every change is rolled back at the end."""
    with (
        server.connect(tables, role="learner") as opened,
        opened.transaction(force_rollback=True),
    ):
        yield opened


@pytest.fixture
def as_learner(server: EmbeddedServer) -> Iterator[Callable[..., psycopg.Connection]]:
    """Open sessions as the learner's own programs do; they end with the test."""
    opened: list[psycopg.Connection] = []

    def connect(application: str = "psql", *, autocommit: bool = True) -> psycopg.Connection:
        address = server.learner
        conn = psycopg.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            dbname=server.live,
            application_name=application,
            autocommit=autocommit,
        )
        opened.append(conn)
        return conn

    yield connect
    for conn in opened:
        conn.close()


@pytest.fixture
def alembic(server: EmbeddedServer, tmp_path: Path) -> Callable[..., None]:
    """Run real Alembic commands, one after the other, on the live database."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (tmp_path / "migrations" / "env.py").write_text(ENV)
    before = None
    for revision, (up, down) in REVISIONS.items():
        (versions / f"{revision}_x.py").write_text(
            f"from alembic import op\nrevision = {revision!r}\ndown_revision = {before!r}\n"
            f"def upgrade():\n    {up}\ndef downgrade():\n    {down}\n"
        )
        before = revision

    def run(driver: str, *commands: list[str]) -> None:
        it = server.learner
        url = f"postgresql+{driver}://{it.user}:{it.password}@{it.host}:{it.port}/{server.live}"
        subprocess.run(
            [sys.executable, "-c", RUN, json.dumps(commands)],
            cwd=tmp_path,
            env=os.environ | {"URL": url},
            check=True,
            capture_output=True,
        )

    return run
