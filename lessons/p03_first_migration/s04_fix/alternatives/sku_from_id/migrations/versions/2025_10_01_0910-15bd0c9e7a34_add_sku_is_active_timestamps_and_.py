"""add sku, is_active, timestamps, and category to products

Revision ID: 15bd0c9e7a34
Revises: 955bb0742a21
Create Date: 2025-10-01 09:10:24.512377

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '15bd0c9e7a34'
down_revision: str | Sequence[str] | None = '955bb0742a21'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute(
        """
        ALTER TABLE products
            ADD COLUMN sku varchar,
            ADD COLUMN is_active boolean NOT NULL DEFAULT true,
            ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN category varchar
        """
    )
    op.execute("UPDATE products SET sku = 'P-' || id")
    op.execute(
        """
        ALTER TABLE products
            ALTER COLUMN sku SET NOT NULL,
            ALTER COLUMN is_active DROP DEFAULT,
            ALTER COLUMN created_at DROP DEFAULT,
            ALTER COLUMN updated_at DROP DEFAULT,
            ADD CONSTRAINT uq_products_sku UNIQUE (sku),
            ADD CONSTRAINT ck_products_sku_is_of_id CHECK (sku = 'P-' || id)
        """
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.execute(
        """
        ALTER TABLE products
            DROP COLUMN category,
            DROP COLUMN updated_at,
            DROP COLUMN created_at,
            DROP COLUMN is_active,
            DROP COLUMN sku
        """
    )
