"""add discount_percent

Revision ID: 48ac9e0d7f13
Revises: e61f28a9b5c4
Create Date: 2025-10-10 09:55:11.902663

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '48ac9e0d7f13'
down_revision: str | Sequence[str] | None = 'e61f28a9b5c4'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column(
        'products',
        sa.Column('discount_percent', sa.Numeric(5, 2), server_default='0', nullable=False),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('products', 'discount_percent')
