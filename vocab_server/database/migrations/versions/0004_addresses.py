"""The IRIs that drafts gave out."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "address",
        sa.Column("iri", sa.Text(), primary_key=True),
        sa.Column("draft", sa.Integer(), sa.ForeignKey("draft.id"), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("address")
