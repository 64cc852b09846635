"""drop products.category

Revision ID: b81d5f20c67e
Revises: 3f6a2c81d95b
Create Date: 2025-10-02 09:45:38.117254

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'b81d5f20c67e'
down_revision: str | Sequence[str] | None = '3f6a2c81d95b'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    # Every value lives on in categories: the text can go.
    op.drop_column('products', 'category')


def downgrade() -> None:
    """Downgrade schema."""
    # Bring the text back before the table that holds it goes.
    op.add_column('products', sa.Column('category', sa.String(), nullable=True))
    op.execute(
        """
        UPDATE products
        SET category = categories.name
        FROM categories
        WHERE categories.id = products.category_id
        """
    )
