"""Spreadsheets that wait for a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("key", sa.String(22), primary_key=True),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_upload_time", "upload", ["time"])


def downgrade() -> None:
    op.drop_table("upload")
