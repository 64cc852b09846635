"""Code and shells that lead to another database: named by the check, and never let through."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tutor.session.opening import open_context
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.robustness.conftest import Environment, Shell
    from tutor.workspace.environment.target import Target

pytestmark = pytest.mark.xdist_group("elsewhere")

OTHER = "elsewhere"
ENV_PY, REVISION = "migrations/env.py", "15bd0c9e7a34"
LET_SHELL_WIN = (", override=True", "")
FROM_DATABASE = "from database import DATABASE_URL"
FROM_SHELL = (
    "DATABASE_URL = URL.create(",
    'DATABASE_URL = os.environ.get("DATABASE_URL") or URL.create(',
)
FROM_INI = ("create_async_engine(DATABASE_URL", "create_async_engine(config.get_main_option('url')")


@pytest.fixture(scope="module")
def live(workspace: Shell) -> Target:
    """Stand at 3.5, whose check runs revisions; beside the live database there is another one."""
    workspace.tutor("goto", "3.5", "--yes")
    with open_context(workspace.root) as context:
        target = context.live
        with context.server.connect("postgres") as admin:
            admin.execute(f"CREATE DATABASE {OTHER} OWNER {target.user}".encode())
    return target


@pytest.fixture
def edit(shell: Shell, live: Target) -> Iterator[Callable[[str, tuple[str, str]], None]]:
    """Return what replaces a text in a file; files and database are put back after the test."""
    files = Workspace.find(shell.root).managed_files()

    def replace(name: str, change: tuple[str, str]) -> None:
        path = shell.root / name
        before = path.read_text(encoding="utf-8")
        assert change[0] in before
        path.write_text(before.replace(*change), encoding="utf-8")

    yield replace
    Workspace.find(shell.root).write(files)
    assert live.database == "fastapi_db"


def reached(shell: Shell) -> list[tuple[Any, ...]]:
    """Return how often somebody connected to the other database, and what is in the live one."""
    return [
        *shell.sql(f"SELECT sessions, xact_commit FROM pg_stat_database WHERE datname = '{OTHER}'"),
        *shell.sql("SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM products p"),
        *shell.sql("SELECT * FROM alembic_version"),
        *shell.sql("SELECT count(*) FROM pg_class"),
    ]


def findings(shell: Shell, environment: Environment = None) -> dict[str, dict[str, Any]]:
    """Return what a check finds in the environment, by code; it has reached no other database."""
    before = reached(shell)
    found = shell.verdict(environment)["findings"]
    assert reached(shell) == before
    return {item["code"]: item for item in found if item["layer"] == "environment"}


def url(live: Target, database: str) -> str:
    address = f"{live.user}:{live.password}@{live.host}:{live.port}"
    return f"postgresql+asyncpg://{address}/{database}"


def test_exported_variables_that_the_template_overrides_are_a_warning(
    shell: Shell, live: Target
) -> None:
    exported = {"DB_NAME": OTHER, "DATABASE_URL": url(live, OTHER)}
    found = findings(shell, exported)
    assert found.keys() == {"environment.exported"}
    assert found["environment.exported"]["status"] == "warning"
    assert "DB_NAME" in found["environment.exported"]["summary"]
    assert "unset DB_NAME" in found["environment.exported"]["next"]
    assert findings(shell) == {}


@pytest.mark.parametrize(
    ("change", "name"), [(LET_SHELL_WIN, "DB_NAME"), (FROM_SHELL, "DATABASE_URL")]
)
def test_an_exported_variable_that_wins_is_named(
    shell: Shell, live: Target, edit: Any, change: tuple[str, str], name: str
) -> None:
    edit("database.py", change)
    value = OTHER if name == "DB_NAME" else url(live, OTHER)
    found = findings(shell, {name: value})
    assert found["environment.foreign"]["status"] == "unmet"
    assert OTHER in found["environment.foreign"]["actual"]
    assert f"unset {name}" in found["environment.exported"]["next"]


def hard_code(edit: Any, place: str, written: str) -> None:
    if place == "alembic.ini":
        edit(place, ("[alembic]\n", f"[alembic]\nurl = {written}\n"))
        edit(ENV_PY, FROM_INI)
    else:
        edit(place, (FROM_DATABASE, f"DATABASE_URL = {written!r}"))


@pytest.mark.parametrize("place", [ENV_PY, "alembic.ini"])
def test_the_live_database_s_url_in_the_code_is_a_warning(
    shell: Shell, live: Target, edit: Any, place: str
) -> None:
    hard_code(edit, place, url(live, live.database))
    found = findings(shell)
    assert found.keys() == {"environment.hardcoded"}
    assert found["environment.hardcoded"]["status"] == "warning"
    assert place in found["environment.hardcoded"]["summary"]


@pytest.mark.parametrize("place", [ENV_PY, "alembic.ini"])
def test_another_database_s_url_in_the_code_is_refused(
    shell: Shell, live: Target, edit: Any, place: str
) -> None:
    hard_code(edit, place, url(live, OTHER))
    found = findings(shell)
    assert found.keys() == {"environment.foreign", "environment.hardcoded"}
    assert found["environment.foreign"]["next"]
    assert shell.first_unmet()["code"] == "environment.foreign"


AROUND = {
    "psycopg": """
    import psycopg
    with psycopg.connect(**{login}) as connection:
        connection.execute({statement!r})
""",
    "asyncpg": """
    import asyncio, threading, asyncpg
    async def go():
        login = {login}
        connection = await asyncpg.connect(database=login.pop("dbname"), **login)
        await connection.execute({statement!r})
        await connection.close()
    thread = threading.Thread(target=lambda: asyncio.run(go()))
    thread.start()
    thread.join()
""",
    "psql": """
    import os, subprocess
    login = {login}
    names = {{"PG" + name.upper(): str(value) for name, value in login.items()}}
    names["PGDATABASE"] = login["dbname"]
    subprocess.run([{psql!r}, "-c", {statement!r}], env=os.environ | names, check=True)
""",
}


@pytest.mark.parametrize("driver", AROUND)
def test_a_driver_used_around_the_engine_reaches_the_copy_or_is_refused(
    shell: Shell, live: Target, edit: Any, driver: str
) -> None:
    with open_context(shell.root) as context:
        psql = str(context.server.binary("psql"))
    login = {"host": live.host, "port": live.port, "user": live.user}
    login |= {"password": live.password, "dbname": live.database}
    statement = "SELECT setval('products_id_seq', 4711)"
    in_upgrade(shell, edit, AROUND[driver].format(login=login, statement=statement, psql=psql))
    said = {item["code"]: item for item in shell.verdict()["findings"]}
    assert ("environment.foreign" in said) is (driver == "psql"), said
    if driver == "psql":
        assert "psql" in said["environment.foreign"]["actual"]
    assert "environment.untouched" not in said
    assert shell.sql("SELECT last_value < 4711 FROM products_id_seq") == [(True,)]


def in_upgrade(shell: Shell, edit: Any, body: str) -> None:
    """Put lines at the beginning of upgrade() in the step's revision."""
    (revision,) = (shell.root / "migrations/versions").glob(f"*{REVISION}*")
    head = "def upgrade() -> None:\n"
    edit(f"migrations/versions/{revision.name}", (head, head + body))


REACHING_OUT = {
    "the database's settings": "ALTER DATABASE fastapi_db SET work_mem = '5MB'",
    "the database's comment": "COMMENT ON DATABASE fastapi_db IS 'the shop'",
    "the role's settings": "ALTER ROLE fastapi_user SET work_mem = '5MB'",
    "the role's password": "ALTER ROLE fastapi_user PASSWORD 'known'",
    "others' sessions": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE usename = current_user AND pid <> pg_backend_pid()",
}


@pytest.mark.parametrize("statement", REACHING_OUT.values(), ids=REACHING_OUT.keys())
def test_what_a_revision_does_to_the_cluster_does_not_reach_the_learner_s(
    shell: Shell, live: Target, edit: Any, statement: str
) -> None:
    in_upgrade(shell, edit, f"    op.execute({statement!r})\n")
    with (
        open_context(shell.root, reading=True) as context,
        context.server.connect(live.database, role="learner") as session,
    ):
        first = shell.first_unmet()["code"]
        assert first.startswith("version."), first  # all is right, but not applied
        assert shell.first_unmet()["code"] == first  # also after what the first one left
        assert session.execute("SELECT 1").fetchone() == (1,)
    settings = "SELECT count(*) FROM pg_db_role_setting WHERE 'work_mem=5MB' = ANY(setconfig)"
    assert shell.sql(settings) == [(0,)]
    comments = "SELECT count(*) FROM pg_shdescription WHERE description = 'the shop'"
    assert shell.sql(comments) == [(0,)]


def test_a_trigger_can_do_no_more_than_in_the_learner_s_psql(shell: Shell, edit: Any) -> None:
    body = '''    op.execute("""CREATE FUNCTION reach() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
                RAISE EXCEPTION USING MESSAGE = upper('a superuser changes a row');
            END IF;
            RETURN NEW;
        END $$""")
    op.execute("CREATE TRIGGER reach BEFORE INSERT OR UPDATE ON products "
               "FOR EACH ROW EXECUTE FUNCTION reach()")
    op.execute("CREATE TRIGGER reach_all BEFORE TRUNCATE ON products "
               "FOR EACH STATEMENT EXECUTE FUNCTION reach()")
'''
    in_upgrade(shell, edit, body)
    assert "A SUPERUSER CHANGES A ROW" not in json.dumps(shell.verdict())


def test_the_mark_survives_what_a_learner_does_to_the_database(shell: Shell, live: Target) -> None:
    shell.sql(f"COMMENT ON DATABASE {live.database} IS 'the shop'")
    shell.sql(f"ALTER DATABASE {live.database} SET statement_timeout = '1min'")
    shell.sql(f"ALTER DATABASE {live.database} RESET ALL")
    for command in ("reset", "undo"):
        said = shell.tutor(command, "--yes")
        assert said.code == 0, said.lines
