"""tidy the prices

Revision ID: c5a9037e41fb
Revises: c2e85a16f7d0
Create Date: 2025-10-06 10:10:02.730115

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'c5a9037e41fb'
down_revision: str | Sequence[str] | None = 'c2e85a16f7d0'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("UPDATE products SET price = round(price)")


def downgrade() -> None:
    """Downgrade schema."""
