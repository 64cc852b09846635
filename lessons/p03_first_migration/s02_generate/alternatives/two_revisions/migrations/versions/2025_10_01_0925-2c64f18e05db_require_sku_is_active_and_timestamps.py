"""require sku, is_active and timestamps

Revision ID: 2c64f18e05db
Revises: 15bd0c9e7a34
Create Date: 2025-10-01 09:25:51.087316

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '2c64f18e05db'
down_revision: str | Sequence[str] | None = '15bd0c9e7a34'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
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
    op.alter_column('products', 'updated_at', nullable=True)
    op.alter_column('products', 'created_at', nullable=True)
    op.alter_column('products', 'is_active', nullable=True)
    op.alter_column('products', 'sku', nullable=True)
