"""validate price constraint

Revision ID: 3e61c95ab7d4
Revises: 9d04b7c3e218
Create Date: 2025-10-08 11:20:13.402611

"""

from collections.abc import Sequence

from alembic import op


# revision identifiers, used by Alembic
revision: str = '3e61c95ab7d4'
down_revision: str | Sequence[str] | None = '9d04b7c3e218'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("ALTER TABLE products VALIDATE CONSTRAINT ck_products_price_positive")


def downgrade() -> None:
    """Downgrade schema: a valid constraint does no harm, and nothing makes it NOT VALID again."""
