"""Sources of catalogs, their runs and datasets; decisions about keywords."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_sources()
    _create_runs()
    _create_items()
    _create_decisions()


def _create_sources() -> None:
    op.create_table(
        "harvest_source",
        sa.Column("catalog", sa.String(200), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True)),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
    )
    op.create_index("ix_harvest_source_due", "harvest_source", ["due"])


def _create_runs() -> None:
    op.create_table(
        "harvest_run",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("catalog", sa.String(200), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("added", "changed", "removed", "unchanged", "missing")
        ),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer()),
    )
    op.create_index("ix_harvest_run_catalog", "harvest_run", ["catalog", "id"])


def _create_items() -> None:
    op.create_table(
        "harvest_item",
        sa.Column("catalog", sa.String(200), primary_key=True),
        sa.Column("dataset", sa.Text(), primary_key=True),
        sa.Column("identifier", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True)),
        sa.Column("missing_runs", sa.Integer(), nullable=False),
        sa.Column("gone", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_harvest_item_dataset", "harvest_item", ["dataset"])
    op.create_index("ix_harvest_item_identifier", "harvest_item", ["identifier"])


def _create_decisions() -> None:
    op.create_table(
        "keyword_decision",
        sa.Column("form", sa.String(200), primary_key=True),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("concept", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Integer()),
        sa.Column("draft", sa.Integer()),
        sa.Column("act", sa.Integer()),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_keyword_decision_concept", "keyword_decision", ["concept"])


def downgrade() -> None:
    for table in ("keyword_decision", "harvest_item", "harvest_run", "harvest_source"):
        op.drop_table(table)
