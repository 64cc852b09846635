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
    # Add new column
    op.add_column('products', sa.Column('discount_percent', sa.Float(), nullable=True))

    # Migrate data: calculate discount from existing price
    op.execute("""
        UPDATE products 
        SET discount_percent = 
            CASE 
                WHEN price > 1000 THEN 10.0
                WHEN price > 500 THEN 5.0
                ELSE 0.0
            END
    """)

    # Make column NOT NULL
    op.alter_column('products', 'discount_percent', nullable=False)


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('products', 'discount_percent')
