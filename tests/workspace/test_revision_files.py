"""Facts of revision files, read as text."""

from __future__ import annotations

import pytest

from tutor.workspace.revision_files import RevisionFile, Unnamed, read_revision_files
from tutor.workspace.template import template_files, template_folder

SOURCE = '''"""add sku

Revision ID: abc
"""
from alembic import op

revision: str = "abc"
down_revision = ("955bb0742a21", "def")


def upgrade() -> None:
    """Upgrade schema."""
    # a comment
    op.create_unique_constraint(None, "products", ["sku"])
    with op.batch_alter_table("products") as batch:
        batch.drop_constraint(constraint_name=None, type_="unique")
    op.create_unique_constraint("uq", "products", ["name"])


def downgrade() -> None:
    """Downgrade schema."""
    pass
'''


def read(source: str | bytes) -> RevisionFile:
    content = source.encode() if isinstance(source, str) else source
    (file,) = read_revision_files({"migrations/versions/x.py": content, "models.py": b"x = ("})
    return file


def test_reads_the_initial_revision() -> None:
    names = {name: (template_folder() / name).read_bytes() for name in template_files()}
    (initial,) = read_revision_files(names)
    assert (initial.revision, initial.down) == ("955bb0742a21", ())
    assert initial.message == "initial migration - create products table"
    assert initial.unnamed == ()
    assert initial.name.startswith("2025_09_30_1636-955bb0742a21_")


def test_reads_what_a_file_says() -> None:
    file = read(SOURCE)
    assert (file.revision, file.down, file.message) == ("abc", ("955bb0742a21", "def"), "add sku")
    assert file.unnamed == (
        Unnamed("create_unique_constraint", "upgrade", 14),
        Unnamed("drop_constraint", "upgrade", 16),
    )


@pytest.mark.parametrize(
    ("line", "imports"),
    [
        ("from models import Product", True),
        ("import models", True),
        ("def upgrade():\n    from models.product import Product", True),
        ("import modelsx", False),
        ("from . import models", False),
        ("", False),
    ],
)
def test_tells_whether_a_file_imports_the_models(line: str, *, imports: bool) -> None:
    assert read(f"{line}\n").imports_models is imports


def test_only_what_a_file_does_makes_it_another() -> None:
    same = SOURCE.replace("# a comment", "#").replace("Upgrade schema", "Add it")
    same = same.replace('["sku"]', "[\n'sku'\n]").replace("add sku", "other words")
    assert read(same).digest == read(SOURCE).digest
    assert read(SOURCE.replace('"uq"', '"uq2"')).digest != read(SOURCE).digest


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("def upgrade(:\n", 1, "SyntaxError"),
        ("x = 1\n  y = 2\n", 2, "unexpected indent"),
        (b"x = '\xff'\n", None, "Error"),
        ("x = '\0'\n", None, "null byte"),
        ("(" * 5000, None, "Error"),
    ],
)
def test_broken_files_are_data(source: str | bytes, line: int | None, says: str) -> None:
    file = read(source)
    assert file.error is not None
    assert says in file.error
    assert line is None or file.line == line
    assert file.digest is None


@pytest.mark.parametrize(
    "source", ["", "revision = make()\ndown_revision: str\n", "revision = 7\n"]
)
def test_what_is_not_said_is_none(source: str) -> None:
    file = read(source)
    assert (file.error, file.revision, file.down) == (None, None, ())
