"""Drafts, their changes, comments and reviews; what a change was, for programs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change", sa.Column("details", sa.JSON(), nullable=True))
    _make_drafts()
    _make_changes()
    _make_discussion()


def _make_drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("graph", sa.Text(), nullable=False, index=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("scheduled", sa.DateTime(timezone=True), nullable=True, index=True),
        sa.Column("scheduled_by", sa.String(200), nullable=True),
        sa.Column("published", sa.Integer(), sa.ForeignKey("change.number"), nullable=True),
        sqlite_autoincrement=True,
    )


def _make_changes() -> None:
    op.create_table(
        "draft_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("draft", sa.Integer(), sa.ForeignKey("draft.id"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.UniqueConstraint("draft", "generation", "position"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "draft_change_part",
        sa.Column("change", sa.Integer(), sa.ForeignKey("draft_change.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("is_removal", sa.Boolean(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
    )


def _make_discussion() -> None:
    op.create_table(
        "draft_comment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("draft", sa.Integer(), sa.ForeignKey("draft.id"), nullable=False, index=True),
        sa.Column("concept", sa.Text(), nullable=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "draft_review",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("draft", sa.Integer(), sa.ForeignKey("draft.id"), nullable=False, index=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_table(
        "review_policy",
        sa.Column("graph", sa.Text(), primary_key=True),
        sa.Column("allows_own_approval", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    for table in (
        "review_policy",
        "draft_review",
        "draft_comment",
        "draft_change_part",
        "draft_change",
        "draft",
    ):
        op.drop_table(table)
    op.drop_column("change", "details")
