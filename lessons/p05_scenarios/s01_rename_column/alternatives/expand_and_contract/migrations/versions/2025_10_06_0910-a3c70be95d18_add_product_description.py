"""add product_description

Revision ID: a3c70be95d18
Revises: 3f6a2c81d95b
Create Date: 2025-10-06 09:10:44.150872

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'a3c70be95d18'
down_revision: str | Sequence[str] | None = '3f6a2c81d95b'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('products', sa.Column('product_description', sa.String(), nullable=True))
    op.execute('UPDATE products SET product_description = description')


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('products', 'product_description')
