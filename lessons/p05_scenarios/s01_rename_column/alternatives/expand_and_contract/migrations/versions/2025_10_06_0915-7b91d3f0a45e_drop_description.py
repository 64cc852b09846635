"""drop description

Revision ID: 7b91d3f0a45e
Revises: a3c70be95d18
Create Date: 2025-10-06 09:15:27.310544

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '7b91d3f0a45e'
down_revision: str | Sequence[str] | None = 'a3c70be95d18'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.drop_column('products', 'description')


def downgrade() -> None:
    """Downgrade schema."""
    op.add_column('products', sa.Column('description', sa.String(), nullable=True))
    op.execute('UPDATE products SET description = product_description')
