"""Who decided what about tags."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tag_decision",
        sa.Column("dataset", sa.Text(), primary_key=True),
        sa.Column("concept", sa.Text(), primary_key=True),
        sa.Column("catalog", sa.String(200), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keyword", sa.Text()),
        sa.Column("language", sa.String(20)),
        sa.Column("confidence", sa.Float()),
    )
    op.create_index("ix_tag_decision_concept", "tag_decision", ["concept"])
    op.create_index("ix_tag_decision_catalog", "tag_decision", ["catalog"])


def downgrade() -> None:
    op.drop_table("tag_decision")
