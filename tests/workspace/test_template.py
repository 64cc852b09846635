"""The learner's project is a good one by itself, and nothing in it speaks of the tutor."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from tutor.workspace.template import is_managed, template_files, template_folder

if TYPE_CHECKING:
    from tests.workspace.site import Site

INITIAL = (
    "migrations/versions/2025_09_30_1636-955bb0742a21_initial_migration_create_products_table.py"
)


def test_holds_the_guides_files() -> None:
    assert {
        "database.py",
        "models.py",
        "main.py",
        "alembic.ini",
        "migrations/env.py",
        "migrations/script.py.mako",
        INITIAL,
        ".gitignore",
        ".env.example",
        "README.md",
    } == set(template_files())


def test_knows_nothing_of_the_tutor() -> None:
    for name in template_files():
        assert b"tutor" not in (template_folder() / name).read_bytes().lower(), name


def test_runs_by_itself_without_a_warning(site: Site) -> None:
    imported = site.run("-c", "import main, models, database")
    assert (imported.returncode, imported.stderr) == (0, "")
    site.append(".env", f"DB_NAME={site.copy.database}\n")  # a plain run, not on the live one
    for command in (["upgrade", "head"], ["check"], ["downgrade", "base"]):
        done = site.run("-m", "alembic", *command)
        assert done.returncode == 0, done.stderr
    assert site.tables(site.copy.database) == ["alembic_version"]


def test_new_revisions_get_the_guides_file_names(site: Site) -> None:
    with site.runner() as runner:
        runner.alembic("revision", "-m", "add sku, is_active, timestamps, and category to products")
        new = next(found for found in runner.revisions() if found.is_head)
    assert new.down == ("955bb0742a21",)
    name = new.file.rpartition("/")[2]
    assert name.endswith(f"-{new.id}_add_sku_is_active_timestamps_and_.py"), name
    assert name[:4].isdigit()
    assert is_managed(new.file)


def test_the_env_file_wins_over_the_shell(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_NAME", "somebody_elses")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/else")
    with site.runner() as runner:
        runner.alembic("upgrade", "head")
    assert "products" in site.tables(site.copy.database)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_env_file_is_private(site: Site) -> None:
    assert stat.S_IMODE((site.root / ".env").stat().st_mode) == 0o600


AS_IN_THE_GUIDE = """
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy import Column, DateTime, Integer, String
from datetime import datetime

Base = declarative_base()


class Product(Base):
    __tablename__ = "products"

    id = Column(Integer, primary_key=True, index=True)
    name = Column(String)
    made = Column(DateTime, default=datetime.utcnow, nullable=False)
"""
OF_TODAY = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True, index=True)
    name: Mapped[str | None]
    made: Mapped[str] = mapped_column("made_at")
"""


def test_both_styles_of_models_work(site: Site) -> None:
    with site.runner() as runner:
        for models in (AS_IN_THE_GUIDE, OF_TODAY):
            site.write("models.py", models)
            (table,) = runner.create_models()
            assert table.name == "products"
            assert table.columns[:2] == ("id", "name")
            assert table.classes[0].attributes["made"] == table.columns[2]
    assert site.tables(site.copy.database) == ["products"]
