"""add products.note

Revision ID: 7b4fd2c06e19
Revises: 48ac9e0d7f13
Create Date: 2025-11-03 09:00:00

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7b4fd2c06e19"
down_revision: str | None = "48ac9e0d7f13"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("products", sa.Column("note", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("products", "note")
