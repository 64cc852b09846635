"""The learner's Alembic and models: on a copy, in a process of their own, failures as data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest

from tutor.errors import CannotActError
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.process import ChildProcess
from tutor.workspace.code.runner import Runner

if TYPE_CHECKING:
    from tests.workspace.site import Site

MODELS_TAIL = """
    sku = Column(String, unique=True, nullable=False)
    stock = Column(Integer, index=True)
"""


def failure(runner: Runner, *argv: str) -> LearnerCodeError:
    with pytest.raises(LearnerCodeError) as error:
        runner.alembic(*argv)
    return error.value


def test_runs_command_after_command_on_the_copy(site: Site) -> None:
    with site.runner() as runner:
        (initial,) = runner.revisions()
        assert (initial.id, initial.down, initial.is_head) == ("955bb0742a21", (), True)
        assert initial.message == "initial migration - create products table"
        up = runner.alembic("upgrade", "head").text
        assert up.count("Running upgrade  -> 955bb0742a21, initial migration") == 1
        assert site.tables(site.copy.database) == ["alembic_version", "products"]
        assert site.tables(site.live.database) == []
        current = runner.alembic("current").text.splitlines()
        assert current == [
            "INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.",
            "INFO  [alembic.runtime.migration] Will assume transactional DDL.",
            "955bb0742a21 (head)",
        ]
        assert runner.alembic("check").text.endswith("No new upgrade operations detected.\n")
        assert "CREATE TABLE products" in runner.alembic("upgrade", "head", "--sql").text
        assert runner.drift() == []
        runner.alembic("downgrade", "base")
        assert site.tables(site.copy.database) == ["alembic_version"]
        assert "usage: alembic" in runner.alembic("--help").text


def test_tells_what_the_next_autogenerate_would_write(site: Site) -> None:
    with site.runner() as runner:
        runner.alembic("upgrade", "head")
        models = (site.root / "models.py").read_text().replace("Float", "Numeric(10, 2)", 2)
        models = models.replace("import Column, Numeric(10, 2),", "import Column, Numeric,")
        site.write("models.py", models + MODELS_TAIL)
        found = {(drift.kind, drift.table, drift.columns): drift for drift in runner.drift()}
        assert set(found) == {
            ("add_column", "products", ("sku",)),
            ("add_column", "products", ("stock",)),
            ("add_constraint", "products", ("sku",)),
            ("add_index", "products", ("stock",)),
            ("modify_type", "products", ("price",)),
        }
        assert found["add_index", "products", ("stock",)].name == "ix_products_stock"
        assert found["add_constraint", "products", ("sku",)].name is None
        sku = found["add_column", "products", ("sku",)]
        assert sku.python == (
            "op.add_column('products', sa.Column('sku', sa.String(), nullable=False))"
        )
        price = found["modify_type", "products", ("price",)]
        assert (price.before, price.after) == ("DOUBLE PRECISION", "NUMERIC(10, 2)")
        # Files are read anew by every command.
        site.write("models.py", models)
        assert [drift.kind for drift in runner.drift()] == ["modify_type"]


def test_the_copy_is_free_after_a_command_and_can_be_another(site: Site) -> None:
    env = (site.root / "migrations" / "env.py").read_text()
    # An engine with a pool keeps its connection beyond the event loop that made it.
    site.write("migrations/env.py", env.replace(", poolclass=pool.NullPool", ""))
    site.write(
        "migrations/env.py",
        (site.root / "migrations" / "env.py")
        .read_text()
        .replace("connectable = create_async_engine(DATABASE_URL)", "from database import engine")
        .replace("connectable.connect()", "engine.connect()")
        .replace("    await connectable.dispose()\n", ""),
    )
    with site.runner() as runner:
        for command in ("upgrade", "downgrade", "upgrade"):
            runner.alembic(command, "head" if command == "upgrade" else "base")
        with site.server.connect("postgres") as connection:
            connection.execute("DROP DATABASE IF EXISTS another")
            connection.execute(
                f'CREATE DATABASE another TEMPLATE "{site.copy.database}" OWNER {site.live.user}'
            )
        runner.copy = replace(site.copy, database="another")
        runner.alembic("downgrade", "base")
    assert site.tables("another") == ["alembic_version"]
    assert site.tables(site.copy.database) == ["alembic_version", "products"]
    with site.server.connect("postgres") as connection:
        connection.execute("DROP DATABASE another")


def test_models_do_not_need_a_working_env_file(site: Site) -> None:
    site.write(".env", "")
    with site.runner() as runner:
        (table,) = runner.create_models()
    assert table.columns == ("id", "name", "description", "price", "quantity")
    assert [mapped.name for mapped in table.classes] == ["Product"]


def test_models_that_do_not_load_are_told(site: Site) -> None:
    cases = [
        ("x = 1\ny = (\n", "syntax", 2, "never closed"),
        ("import nothing_like_it\n", "import", 1, "No module named 'nothing_like_it'"),
        ("\n\nBase\n", "import", 3, "NameError: name 'Base' is not defined"),
        ("import sys\nsys.exit('bye')\n", "exit", 2, "sys.exit('bye')"),
        ("import os\nos._exit(7)\n", "exit", None, "exit code 7"),
        ("import os\nos.kill(os.getpid(), 9)\n", "crash", None, "killed by"),
        ("\nwhile True: pass\n", "hang", 2, "still running"),
        ("import time\n\ntime.sleep(60)\n", "hang", 3, "still running"),
    ]
    with site.runner(timeout=1.5) as runner:
        for models, kind, line, says in cases:
            site.write("models.py", models)
            with pytest.raises(LearnerCodeError) as caught:
                runner.create_models()
            error = caught.value
            assert (error.kind, error.line) == (kind, line)
            assert error.file == (None if line is None else "models.py")
            assert says in error.message
        assert len(runner.revisions()) == 1  # it goes on, whatever happened


def test_relationships_that_do_not_fit_are_told(site: Site) -> None:
    good = (site.root / "models.py").read_text()
    with site.runner() as runner:
        site.append("models.py", "    other_id = Column(ForeignKey('nowhere.id'))\n")
        site.write("models.py", "from sqlalchemy import ForeignKey\n" + _read(site, "models.py"))
        with pytest.raises(LearnerCodeError) as error:
            runner.create_models()
        assert error.value.kind == "sqlalchemy"
        assert "nowhere" in error.value.message
        broken = "from sqlalchemy.orm import relationship\n" + good
        site.write("models.py", broken + "    others = relationship('Other')\n")
        with pytest.raises(LearnerCodeError) as error:
            runner.create_models()
        assert error.value.kind == "sqlalchemy"
        site.write("models.py", good)
        assert runner.create_models()


def _read(site: Site, name: str) -> str:
    return (site.root / name).read_text(encoding="utf-8")


def test_what_the_code_prints_is_kept_within_bounds(site: Site) -> None:
    site.append("models.py", "print('x' * 1_000_000)\nprint('the end')\n")
    with site.runner() as runner:
        runner.create_models()
        text = runner.alembic("check", "--help").text
        assert "the end" not in text
        text = failure(runner, "upgrade", "nowhere").output
        assert len(text) < 500_000
        assert "the end" in text
        assert "bytes left out" in text


def test_another_database_is_refused(site: Site) -> None:
    text = _read(site, ".env")
    with site.runner() as runner:
        for setting in ("DB_NAME=postgres", "DB_HOST=192.0.2.1", "DB_PORT=1"):
            site.write(".env", f"{text}{setting}\n")
            error = failure(runner, "current")
            assert (error.kind, error.sqlstate) == ("refused", None)
            assert "not the project's" in error.message


PROBE = """
import sqlalchemy as sa

with sa.create_engine({!r}).connect() as connection:
    print(connection.scalar(sa.text("SELECT current_database()")))
"""


def test_other_drivers_are_led_and_refused_the_same_way(site: Site) -> None:
    live = site.live
    url = f"postgresql+psycopg://{live.user}:{live.password}@localhost:{live.port}/"
    site.append("models.py", "import probe\n")
    with site.runner() as runner:
        site.write("probe.py", PROBE.format(url + live.database))
        assert site.copy.database in runner.alembic("current").text
        for other in (url + "postgres", "sqlite://", f"{url}{live.database}?service=x"):
            site.write("probe.py", PROBE.format(other))
            assert failure(runner, "current").kind == "refused"


def test_without_a_copy_nothing_connects(site: Site) -> None:
    with Runner(site.root, site.live, None) as runner:
        assert runner.alembic("history").text
        assert runner.create_models()
        assert failure(runner, "current").kind == "refused"


def test_a_wrong_password_fails_as_it_would_live(site: Site) -> None:
    site.append(".env", "DB_PASSWORD=wrong\n")
    with site.runner() as runner:
        error = failure(runner, "current")
    assert (error.kind, error.sqlstate) == ("database", "28P01")
    assert error.message.startswith("password authentication failed")


def test_what_the_server_said_is_data(site: Site) -> None:
    with site.runner() as runner:
        runner.alembic("upgrade", "head")
        with site.server.connect(site.copy.database) as connection:
            connection.execute("INSERT INTO products (name) VALUES ('one')")
        runner.alembic("revision", "-m", "sku", "--rev-id", "abc")
        (file,) = [found.file for found in runner.revisions() if found.id == "abc"]
        text = (site.root / file).read_text()
        broken = "op.add_column('products', sa.Column('sku', sa.String(), nullable=False))"
        site.write(file, text.replace("pass", broken, 1))
        error = failure(runner, "upgrade", "head")
        assert (error.kind, error.sqlstate, error.file) == ("database", "23502", file)
        assert error.line == text.splitlines().index("    pass") + 1
        assert 'column "sku" of relation "products" contains null values' in error.message
        assert error.statement == "ALTER TABLE products ADD COLUMN sku VARCHAR NOT NULL"
        assert error.detail["column"] == "sku"
        assert "Traceback" in error.traceback
        site.write(file, text.replace("pass", "op.drop_constraint(None, 'products')", 1))
        error = failure(runner, "upgrade", "head")
        assert (error.kind, error.file) == ("sqlalchemy", file)
        assert "it has no name" in error.message


def test_what_alembic_said_is_told(site: Site) -> None:
    with site.runner() as runner:
        error = failure(runner, "upgrade", "nowhere")
        assert (error.kind, error.file) == ("alembic", None)
        assert error.message == "Can't locate revision identified by 'nowhere'"
        assert "FAILED: Can't locate revision" in error.output
        assert failure(runner, "upgrad").kind == "alembic"
        with pytest.raises(LearnerCodeError, match="not up to date"):
            runner.drift()


def test_nothing_is_left_running(site: Site) -> None:
    site.write(
        "models.py",
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)  # orphan'])\n"
        "while True: pass\n",
    )
    with site.runner(timeout=1.5) as runner, pytest.raises(LearnerCodeError):
        runner.create_models()
    own = str(site.root)
    left = [p for p in psutil.process_iter(["cmdline"]) if own in " ".join(p.info["cmdline"] or [])]
    assert left == []


def test_the_child_ends_with_its_parent(site: Site) -> None:
    site.write("models.py", "while True: pass\n")
    child = ChildProcess(site.root, "commands")
    child.start()
    process = child._process  # noqa: SLF001 - what a killed parent leaves behind
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0


def test_a_check_leaves_no_compiled_code(site: Site) -> None:
    with site.runner() as runner:
        runner.alembic("upgrade", "head")
    assert [path for path in site.root.rglob("__pycache__") if ".venv" not in path.parts] == []


def test_files_of_the_learner_do_not_stand_in_the_way(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", ".")
    for name in ("tutor.py", "drift.py", "wire.py", "queue.py"):
        site.write(name, "raise RuntimeError('not for you')\n")
    with site.runner() as runner:
        runner.alembic("upgrade", "head")
        assert runner.drift() == []


def test_a_broken_environment_is_not_the_learners_code(site: Site) -> None:
    packages = next((site.root / ".venv").rglob("site-packages"))
    (packages / "sqlalchemy.py").write_text("raise ImportError('half installed')\n")
    with site.runner() as runner, pytest.raises(CannotActError, match="half installed"):
        runner.revisions()
