"""add category to products

Revision ID: 8e3b5f0a61cd
Revises: 955bb0742a21
Create Date: 2025-10-01 09:10:24.512377

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '8e3b5f0a61cd'
down_revision: str | Sequence[str] | None = '955bb0742a21'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('products', sa.Column('category', sa.String(), nullable=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('products', 'category')
