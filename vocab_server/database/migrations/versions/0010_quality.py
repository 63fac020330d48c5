"""What vocabularies ask for in quality, and what they accept."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quality_settings",
        sa.Column("graph", sa.Text(), primary_key=True),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
    )
    op.create_table(
        "quality_exception",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("check_id", sa.String(20), nullable=False),
        sa.Column("identity", sa.String(32), nullable=False),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.Date()),
    )
    op.create_index("ix_quality_exception_graph", "quality_exception", ["graph"])


def downgrade() -> None:
    op.drop_table("quality_exception")
    op.drop_table("quality_settings")
