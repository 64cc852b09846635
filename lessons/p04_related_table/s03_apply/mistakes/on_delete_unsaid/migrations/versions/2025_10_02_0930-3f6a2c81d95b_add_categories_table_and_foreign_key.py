"""add categories table and foreign key

Revision ID: 3f6a2c81d95b
Revises: 15bd0c9e7a34
Create Date: 2025-10-02 09:30:11.284093

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


# revision identifiers, used by Alembic
revision: str = '3f6a2c81d95b'
down_revision: str | Sequence[str] | None = '15bd0c9e7a34'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        'categories',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('description', sa.String(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name', name='uq_categories_name'),
    )
    op.create_index(op.f('ix_categories_id'), 'categories', ['id'], unique=False)
    op.add_column('products', sa.Column('category_id', sa.Integer(), nullable=True))

    # One category for each text that is in use.
    op.execute(
        """
        INSERT INTO categories (name, created_at)
        SELECT DISTINCT category, CURRENT_TIMESTAMP
        FROM products
        WHERE category IS NOT NULL
        ORDER BY category
        """
    )
    # Point each product at the category that its text names.
    op.execute(
        """
        UPDATE products
        SET category_id = categories.id
        FROM categories
        WHERE categories.name = products.category
        """
    )

    # With a name, so that downgrade() can drop it.
    op.create_foreign_key(
        'fk_products_category_id_categories', 'products', 'categories', ['category_id'], ['id'], ondelete='CASCADE'
    )
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
    op.drop_constraint('fk_products_category_id_categories', 'products', type_='foreignkey')
    op.drop_column('products', 'category_id')
    op.drop_index(op.f('ix_categories_id'), table_name='categories')
    op.drop_table('categories')
