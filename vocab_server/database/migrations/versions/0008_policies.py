"""What each vocabulary prescribes for addresses and notations."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = ("address", "prefix", "digits", "notation_pattern")


def upgrade() -> None:
    for column in (
        sa.Column("address", sa.String(20), nullable=False, server_default="label"),
        sa.Column("prefix", sa.Text(), nullable=False, server_default=""),
        sa.Column("digits", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("notation_pattern", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("review_policy", column)


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("review_policy", name)
