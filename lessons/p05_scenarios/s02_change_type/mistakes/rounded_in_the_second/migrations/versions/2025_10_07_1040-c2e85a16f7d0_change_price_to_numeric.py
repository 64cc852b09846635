"""change price to numeric

Revision ID: c2e85a16f7d0
Revises: 7b91d3f0a45e
Create Date: 2025-10-07 10:40:02.771905

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'c2e85a16f7d0'
down_revision: str | Sequence[str] | None = '7b91d3f0a45e'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.alter_column(
        'products',
        'price',
        existing_type=sa.Float(),
        type_=sa.Numeric(precision=10, scale=2),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.alter_column(
        'products',
        'price',
        existing_type=sa.Numeric(precision=10, scale=2),
        type_=sa.Float(),
    )
