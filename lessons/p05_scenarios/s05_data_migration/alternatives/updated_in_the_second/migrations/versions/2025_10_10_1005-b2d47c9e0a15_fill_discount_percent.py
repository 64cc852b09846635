"""fill discount_percent

Revision ID: b2d47c9e0a15
Revises: 48ac9e0d7f13
Create Date: 2025-10-10 10:05:12.551204

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'b2d47c9e0a15'
down_revision: str | Sequence[str] | None = '48ac9e0d7f13'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute(
        """
        UPDATE products
        SET discount_percent = CASE WHEN price > 1000 THEN 10 ELSE 5 END
        WHERE price > 500
        """
    )


def downgrade() -> None:
    """Downgrade schema."""
