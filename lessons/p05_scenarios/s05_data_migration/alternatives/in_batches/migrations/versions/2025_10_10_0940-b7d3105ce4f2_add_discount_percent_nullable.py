"""add discount_percent, nullable

Revision ID: b7d3105ce4f2
Revises: e61f28a9b5c4
Create Date: 2025-10-10 09:40:20.118543

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'b7d3105ce4f2'
down_revision: str | Sequence[str] | None = 'e61f28a9b5c4'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('products', sa.Column('discount_percent', sa.Integer(), nullable=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('products', 'discount_percent')
