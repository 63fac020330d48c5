"""Texts that come from outside may be long: PostgreSQL, unlike SQLite, holds a column to its length."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = (
    ("audit", "target", 200, False),
    ("audit", "address", 45, False),
    ("harvest_item", "identifier", 200, False),
    ("keyword_decision", "form", 200, False),
    ("lease", "name", 30, False),
    ("tag_decision", "language", 20, True),
)


def upgrade() -> None:
    for table, column, length, nullable in COLUMNS:
        with op.batch_alter_table(table) as altered:
            altered.alter_column(
                column,
                existing_type=sa.String(length),
                type_=sa.Text(),
                existing_nullable=nullable,
            )


def downgrade() -> None:
    for table, column, length, nullable in COLUMNS:
        with op.batch_alter_table(table) as altered:
            altered.alter_column(
                column,
                existing_type=sa.Text(),
                type_=sa.String(length),
                existing_nullable=nullable,
            )
