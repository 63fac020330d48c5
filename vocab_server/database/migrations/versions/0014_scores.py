"""Scores of metadata and tags: now, and over time."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_scores()
    _create_places()
    _create_past_scores()
    _create_summaries()
    _create_scoring()


def _create_scores() -> None:
    op.create_table(
        "dataset_score",
        sa.Column("iri", sa.Text(), primary_key=True),
        sa.Column("mqa", sa.Integer(), nullable=False),
        sa.Column("tags", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("lacking", sa.BigInteger(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
    )


def _create_places() -> None:
    op.create_table(
        "score_place",
        sa.Column("place", sa.Text(), primary_key=True),
        sa.Column("iri", sa.Text(), primary_key=True),
    )
    op.create_index("ix_score_place_iri", "score_place", ["iri"])


def _create_past_scores() -> None:
    op.create_table(
        "past_score",
        sa.Column("iri", sa.Text(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("mqa", sa.Integer(), nullable=False),
        sa.Column("tags", sa.Integer(), nullable=False),
    )


def _create_summaries() -> None:
    op.create_table(
        "score_summary",
        sa.Column("place", sa.Text(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("datasets", sa.Integer(), nullable=False),
        sa.Column("mqa", sa.Float(), nullable=False),
        sa.Column("tags", sa.Float(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
    )
    op.create_index("ix_score_summary_kind", "score_summary", ["kind"])


def _create_scoring() -> None:
    op.create_table(
        "scoring",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(64), nullable=False),
        sa.Column("whole", sa.DateTime(timezone=True)),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for table in ("scoring", "score_summary", "past_score", "score_place", "dataset_score"):
        op.drop_table(table)
