"""carry the categories over

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


def downgrade() -> None:
    """Downgrade schema."""
    op.execute("UPDATE products SET category_id = NULL")
    op.execute("DELETE FROM categories")
