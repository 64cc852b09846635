"""rename description to product_description

Revision ID: 7b91d3f0a45e
Revises: 3f6a2c81d95b
Create Date: 2025-10-06 09:15:27.310544

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '7b91d3f0a45e'
down_revision: str | Sequence[str] | None = '3f6a2c81d95b'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.alter_column('products', 'description', new_column_name='product_description')


def downgrade() -> None:
    """Downgrade schema."""
    op.alter_column('products', 'product_description', new_column_name='description')
