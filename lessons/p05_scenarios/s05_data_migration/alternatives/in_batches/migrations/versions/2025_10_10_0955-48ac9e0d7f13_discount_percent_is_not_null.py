"""discount_percent is not null

Revision ID: 48ac9e0d7f13
Revises: 0c96e8fa2d51
Create Date: 2025-10-10 09:55:11.902663

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '48ac9e0d7f13'
down_revision: str | Sequence[str] | None = '0c96e8fa2d51'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.alter_column('products', 'discount_percent', nullable=False)


def downgrade() -> None:
    """Downgrade schema."""
    op.alter_column('products', 'discount_percent', nullable=True)
