"""One real PostgreSQL server for this area's tests, in a state home of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from tutor.database.copies import Copies
from tutor.database.embedded import EmbeddedServer
from tutor.home import VARIABLE, workspace_home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORKSPACE = "0badcafe"

TABLE = """
CREATE TABLE products (
  id serial PRIMARY KEY, name text NOT NULL, price numeric(10, 2), category varchar(20));
INSERT INTO products (name, price, category)
VALUES ('Desk', 120, 'Office'), ('Lamp', 35.5, NULL), ('Chair', 1200, 'Office');
"""


@pytest.fixture(scope="session")
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    # pytest's folders are 0700: for root this is the home that the server's user cannot enter.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def server(state_home: None) -> Iterator[EmbeddedServer]:  # noqa: ARG001 - it must come first
    made = EmbeddedServer.create(workspace_home(WORKSPACE) / "server")
    yield made
    made.destroy()


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
