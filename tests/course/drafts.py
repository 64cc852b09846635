"""Drafts of later steps, without lesson text: what the judge must have room for.

10.1 begins with a colleague's branch, and 10.2 leaves all names to the learner.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tutor.course import lessons_folder

if TYPE_CHECKING:
    from pathlib import Path

FRONT = """\
+++
title = "{title}"
minutes = 3
hints = ["Look.", "Look again."]
learnt = "Learnt."
{rest}
+++
Text.
"""

COLLEAGUE = """\
\"\"\"leave room in the pages of products\"\"\"

from alembic import op

revision = "c0113a90e000"
down_revision = "e61f28a9b5c4"


def upgrade() -> None:
    op.execute("ALTER TABLE products SET (fillfactor = 90)")


def downgrade() -> None:
    op.execute("ALTER TABLE products RESET (fillfactor)")
"""

MERGE = """\
\"\"\"merge\"\"\"

revision = "777777777777"
down_revision = ("48ac9e0d7f13", "c0113a90e000")


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
"""

BRANCH = {
    "step.md": FRONT.format(
        title="Two heads",
        rest='requires = ["rehearsal", "applied", "rows"]\n',
    ),
    "fault/patch.toml": 'about = "A colleague pushed a revision."\n',
    "fault/migrations/versions/c0113a90e000_colleague.py": COLLEAGUE,
    "solution/patch.toml": 'run = ["python -m alembic upgrade head"]\n',
    "solution/migrations/versions/777777777777_merge.py": MERGE,
    "answers.toml": """\
[mistakes.both_applied]
about = "Both heads are applied, and stay two."
expect = "revision.heads"
base = "start"
run = ["python -m alembic upgrade heads"]

[mistakes.file_deleted]
about = "Deleted the colleague's file after it ran."
expect = "version.known"
base = "start"
run = ['''tutor psql -c "INSERT INTO alembic_version VALUES ('c0113a90e000')"''']
delete = ["migrations/versions/c0113a90e000_colleague.py"]

[alternatives.follows_the_head]
about = "The colleague's revision follows the head now."
base = "start"
run = ["python -m alembic upgrade head"]

[[alternatives.follows_the_head.edit]]
file = "migrations/versions/*_colleague.py"
find = 'down_revision = "e61f28a9b5c4"'
replace = 'down_revision = "48ac9e0d7f13"'
""",
}
USERS = """\
\"\"\"add users\"\"\"

import sqlalchemy as sa
from alembic import op

revision = "a5e250000001"
down_revision = "777777777777"


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(), nullable=False, unique=True),
    )


def downgrade() -> None:
    op.drop_table("users")
"""

LINK = """\
\"\"\"add the table between users and products\"\"\"

import sqlalchemy as sa
from alembic import op

revision = "fa0000000001"
down_revision = "a5e250000001"


def upgrade() -> None:
    op.create_table(
        "favourites",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("products.id"), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("favourites")
"""

OTHER_NAMES = """\
    op.create_table(
        "likes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("who", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("what", sa.Integer(), sa.ForeignKey("products.id"), nullable=False),
        sa.UniqueConstraint("who", "what"),
    )
"""

FAVOURITES = {
    "step.md": FRONT.format(
        title="Favourites",
        rest="""\
requires = ["rehearsal", "applied"]

[goal.favourite]
points_to = ["users", "products"]
unique = [["@users", "@products"]]
columns."@users" = { nullable = false }
columns."@products" = { nullable = false }
probes = [{ row = { "@users" = -1 }, why = "a favourite of nobody", refused_with = "23503" }]
""",
    ),
    "start/patch.toml": """\
about = "There are users."
run = ["python -m alembic upgrade head"]

[[edit]]
file = "models.py"
find = "class Product(Base):"
replace = '''
class User(Base):
    __tablename__ = "users"

    id = Column(Integer, primary_key=True)
    email = Column(String, unique=True, nullable=False)


class Product(Base):'''
""",
    "start/migrations/versions/a5e250000001_add_users.py": USERS,
    "solution/patch.toml": """\
run = ["python -m alembic upgrade head"]

[[edit]]
file = "models.py"
find = "class Product(Base):"
replace = '''
class Favourite(Base):
    __tablename__ = "favourites"

    user_id = Column(ForeignKey("users.id"), primary_key=True)
    product_id = Column(ForeignKey("products.id"), primary_key=True)


class Product(Base):'''
""",
    "solution/migrations/versions/fa0000000001_add_favourites.py": LINK,
    "answers.toml": """\
[mistakes.often]
about = "A pair any number of times."
expect = "unique.enforced"

[[mistakes.often.edit]]
file = "migrations/versions/*_favourites.py"
find = '''
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("products.id"), primary_key=True),
'''
replace = '''
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("products.id"), nullable=False),
'''

[mistakes.points_nowhere]
about = "No foreign key to products."
expect = "table.exists"

[[mistakes.points_nowhere.edit]]
file = "migrations/versions/*_favourites.py"
find = 'sa.ForeignKey("products.id"), '
replace = ""

[alternatives.other_names]
about = "Another table, other columns, a key of its own."
base = "start"
run = ["python -m alembic upgrade head"]

[[alternatives.other_names.edit]]
file = "models.py"
find = "class Product(Base):"
replace = '''
class Like(Base):
    __tablename__ = "likes"
    __table_args__ = (UniqueConstraint("who", "what"),)

    id = Column(Integer, primary_key=True)
    who = Column(ForeignKey("users.id"), nullable=False)
    what = Column(ForeignKey("products.id"), nullable=False)


class Product(Base):'''
""",
    "alternatives/other_names/migrations/versions/fa0000000002_likes.py": LINK.replace(
        LINK[LINK.index("    op.create_table") : LINK.index("\n\ndef downgrade")], OTHER_NAMES
    )
    .replace('"favourites"', '"likes"')
    .replace("fa0000000001", "fa0000000002"),
}


def lessons_with_drafts(folder: Path) -> Path:
    """Copy the lessons to `folder` and add the drafts; return it."""
    shutil.copytree(lessons_folder(), folder)
    for slug, files in {
        "p10_own/s01_branch": BRANCH,
        "p10_own/s02_favourites": FAVOURITES,
    }.items():
        for name, text in files.items():
            path = folder / slug / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / slug).with_name("part.toml").write_text('title = "Draft"\n', encoding="utf-8")
    return folder
