"""What is not public of assets, and what people asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset",
        sa.Column("iri", sa.Text(), primary_key=True),
        sa.Column("catalog", sa.String(200), nullable=False),
        sa.Column("hidden", sa.Text(), nullable=False),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_asset_catalog", "asset", ["catalog"])
    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("concept", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_data_request_concept", "data_request", ["concept"])
    op.create_index("ix_data_request_time", "data_request", ["time"])


def downgrade() -> None:
    op.drop_table("data_request")
    op.drop_table("asset")
