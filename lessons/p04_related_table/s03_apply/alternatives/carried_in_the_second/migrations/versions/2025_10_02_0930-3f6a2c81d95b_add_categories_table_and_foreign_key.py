"""carry the categories over

Revision ID: 3f6a2c81d95b
Revises: 7c1e90b4d2f6
Create Date: 2025-10-02 09:30:11.284093

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '3f6a2c81d95b'
down_revision: str | Sequence[str] | None = '7c1e90b4d2f6'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    # One category for each text that is in use.
    op.execute(
        """
        INSERT INTO categories (name, created_at)
        SELECT DISTINCT category, CURRENT_TIMESTAMP
        FROM products
        WHERE category IS NOT NULL
        ORDER BY category
        """
    )
    # Point each product at the category that its text names.
    op.execute(
        """
        UPDATE products
        SET category_id = categories.id
        FROM categories
        WHERE categories.name = products.category
        """
    )
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
