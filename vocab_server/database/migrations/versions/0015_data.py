"""Checks of links, and of the data that they lead to."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_links()
    _create_hosts()
    _create_checks()
    _create_columns()


def _create_links() -> None:
    op.create_table(
        "link",
        sa.Column("url", sa.Text(), primary_key=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer()),
        sa.Column("trouble", sa.String(20), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("successes", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
    )
    op.create_index("ix_link_host", "link", ["host", "due"])
    op.create_index("ix_link_due", "link", ["due"])


def _create_hosts() -> None:
    op.create_table(
        "link_host",
        sa.Column("host", sa.Text(), primary_key=True),
        sa.Column("free", sa.DateTime(timezone=True), nullable=False),
    )


def _create_checks() -> None:
    op.create_table(
        "data_check",
        sa.Column("distribution", sa.Text(), primary_key=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("catalog", sa.String(200), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True)),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("report", sa.JSON()),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.Column("values_score", sa.Float()),
        sa.Column("metadata_score", sa.Float()),
        sa.Column("management_score", sa.Float()),
    )
    op.create_index("ix_data_check_catalog", "data_check", ["catalog", "violations"])
    op.create_index("ix_data_check_dataset", "data_check", ["dataset"])
    op.create_index("ix_data_check_state", "data_check", ["state"])


def _create_columns() -> None:
    op.create_table(
        "data_column",
        sa.Column("distribution", sa.Text(), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("by", sa.String(20), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("data_column")
    op.drop_table("data_check")
    op.drop_table("link_host")
    op.drop_table("link")
