"""drop products.category

Revision ID: d4079ae3b512
Revises: b81d5f20c67e
Create Date: 2025-10-02 09:50:02.660913

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'd4079ae3b512'
down_revision: str | Sequence[str] | None = 'b81d5f20c67e'
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
