"""tidy up

Revision ID: d83f6b1c4e70
Revises: 15bd0c9e7a34
Create Date: 2025-10-01 09:30:55.018427

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = 'd83f6b1c4e70'
down_revision: str | Sequence[str] | None = '15bd0c9e7a34'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("DELETE FROM products WHERE id > 3")


def downgrade() -> None:
    """Downgrade schema."""
