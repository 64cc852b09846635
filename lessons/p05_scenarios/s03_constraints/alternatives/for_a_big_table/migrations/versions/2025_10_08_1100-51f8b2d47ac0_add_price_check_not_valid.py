"""add price check not valid

Revision ID: 51f8b2d47ac0
Revises: c2e85a16f7d0
Create Date: 2025-10-08 11:00:09.437781

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '51f8b2d47ac0'
down_revision: str | Sequence[str] | None = 'c2e85a16f7d0'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_check_constraint(
        op.f('ck_products_price_positive'), 'products', 'price > 0', postgresql_not_valid=True
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint(op.f('ck_products_price_positive'), 'products', type_='check')
