"""What was withdrawn: addresses that nothing has any more, and nothing ever will."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withdrawn",
        sa.Column("iri", sa.Text(), primary_key=True),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), sa.ForeignKey("change.number"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_withdrawn_graph", "withdrawn", ["graph"])


def downgrade() -> None:
    op.drop_table("withdrawn")
