"""add product indexes

Revision ID: e61f28a9b5c4
Revises: 9d04b7c3e218
Create Date: 2025-10-09 14:20:35.649038

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'e61f28a9b5c4'
down_revision: str | Sequence[str] | None = '9d04b7c3e218'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_index('ix_products_category_active', 'products', ['category_id', 'is_active'], unique=False)
    op.create_index(
        'ix_products_active_only',
        'products',
        ['id'],
        unique=False,
        postgresql_where=sa.text('is_active <> false'),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index('ix_products_active_only', table_name='products')
    op.drop_index('ix_products_category_active', table_name='products')
