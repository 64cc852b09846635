"""add sku, is_active, timestamps, and category to products

Revision ID: 15bd0c9e7a34
Revises: 955bb0742a21
Create Date: 2025-10-01 09:10:24.512377

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '15bd0c9e7a34'
down_revision: str | Sequence[str] | None = '955bb0742a21'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    # Nullable at first: the table has rows, and they have no values for these columns yet.
    op.add_column('products', sa.Column('sku', sa.String(), nullable=True))
    op.add_column('products', sa.Column('is_active', sa.Boolean(), nullable=True))
    op.add_column('products', sa.Column('created_at', sa.DateTime(), nullable=True))
    op.add_column('products', sa.Column('updated_at', sa.DateTime(), nullable=True))
    op.add_column('products', sa.Column('category', sa.String(), nullable=True))

    # Give the rows that are already there their values.
    op.execute(
        """
        UPDATE products
        SET sku = 'SKU-' || CAST(id AS VARCHAR),
            is_active = TRUE,
            created_at = CURRENT_TIMESTAMP,
            updated_at = CURRENT_TIMESTAMP
        """
    )

    # Every row has a value now: refuse NULL from here on.
    op.alter_column('products', 'sku', nullable=False)
    op.alter_column('products', 'is_active', nullable=False)
    op.alter_column('products', 'created_at', nullable=False)
    op.alter_column('products', 'updated_at', nullable=False)

    # With a name, so that downgrade() can drop it.
    op.create_unique_constraint('uq_products_sku', 'products', ['sku'])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint('uq_products_sku', 'products', type_='unique')
    op.drop_column('products', 'category')
    op.drop_column('products', 'updated_at')
    op.drop_column('products', 'created_at')
    op.drop_column('products', 'is_active')
    op.drop_column('products', 'sku')
