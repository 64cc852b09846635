"""missing

Revision ID: 5f2b8c91ad37
Revises: 48ac9e0d7f13
Create Date: 2025-11-04 08:30:00

"""

from collections.abc import Sequence

revision: str = "5f2b8c91ad37"
down_revision: str | None = "48ac9e0d7f13"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
