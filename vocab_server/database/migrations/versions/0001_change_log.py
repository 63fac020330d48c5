"""The change log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("graph", sa.Text(), nullable=False, index=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "change_part",
        sa.Column("change", sa.Integer(), sa.ForeignKey("change.number"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("is_removal", sa.Boolean(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("change_part")
    op.drop_table("change")
