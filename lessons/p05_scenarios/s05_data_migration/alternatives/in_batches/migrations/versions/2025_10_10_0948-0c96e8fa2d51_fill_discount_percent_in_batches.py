"""fill discount_percent in batches

Revision ID: 0c96e8fa2d51
Revises: b7d3105ce4f2
Create Date: 2025-10-10 09:48:53.274410

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '0c96e8fa2d51'
down_revision: str | Sequence[str] | None = 'b7d3105ce4f2'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    batch = sa.text(
        """
        UPDATE products
        SET discount_percent =
            CASE
                WHEN price > 1000 THEN 10
                WHEN price > 500 THEN 5
                ELSE 0
            END
        WHERE id IN (SELECT id FROM products WHERE discount_percent IS NULL LIMIT 1000)
        """
    )
    # Each batch is a transaction of its own: nobody waits long for a row.
    with op.get_context().autocommit_block():
        while op.get_bind().execute(batch).rowcount:
            pass


def downgrade() -> None:
    """Downgrade schema."""
    op.execute('UPDATE products SET discount_percent = NULL')
