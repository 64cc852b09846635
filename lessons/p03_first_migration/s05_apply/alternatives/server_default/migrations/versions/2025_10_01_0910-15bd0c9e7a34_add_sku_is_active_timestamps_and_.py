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
    # A server default also fills the rows that are already there.
    op.add_column(
        'products',
        sa.Column('is_active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    )
    op.add_column(
        'products',
        sa.Column(
            'created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False
        ),
    )
    op.add_column(
        'products',
        sa.Column(
            'updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False
        ),
    )
    op.add_column('products', sa.Column('category', sa.String(), nullable=True))

    # Every row gets a value of its own; new rows must bring theirs.
    op.add_column(
        'products',
        sa.Column(
            'sku', sa.String(), server_default=sa.text('gen_random_uuid()::text'), nullable=False
        ),
    )
    op.alter_column('products', 'sku', server_default=None)
    op.create_unique_constraint('uq_products_sku', 'products', ['sku'])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint('uq_products_sku', 'products', type_='unique')
    op.drop_column('products', 'category')
    op.drop_column('products', 'updated_at')
    op.drop_column('products', 'created_at')
    op.drop_column('products', 'is_active')
    op.drop_column('products', 'sku')
