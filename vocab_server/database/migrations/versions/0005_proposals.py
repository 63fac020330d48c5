"""Proposals, notices, mail on its way, and who does what in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_proposals()
    _make_discussion()
    _make_notices()
    _make_background()
    # What happened before this version is told to nobody.
    op.add_column(
        "draft_review",
        sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_index("ix_draft_review_told", "draft_review", ["told"])


def _make_proposals() -> None:
    texts = ("title", "concept", "label", "definition", "broader", "reason")
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("graph", sa.Text(), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("title_language", sa.String(50), nullable=False),
        sa.Column("label_language", sa.String(50), nullable=False),
        sa.Column("is_preferred", sa.Boolean(), nullable=False),
        sa.Column("dataset_title", sa.Text(), nullable=False),
        sa.Column("dataset_url", sa.Text(), nullable=False),
        sa.Column("account", sa.String(200), nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(50), nullable=False),
        sa.Column("follow", sa.String(64), nullable=False, unique=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("votes", sa.Integer(), nullable=False, index=True),
        sa.Column("draft", sa.Integer(), sa.ForeignKey("draft.id"), nullable=True, index=True),
        sa.Column("made", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )


def _make_discussion() -> None:
    proposal = sa.ForeignKey("proposal.id")
    op.create_table(
        "proposal_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("proposal", sa.Integer(), proposal, nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False, index=True),
    )
    op.create_table(
        "proposal_vote",
        sa.Column("proposal", sa.Integer(), sa.ForeignKey("proposal.id"), primary_key=True),
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "proposal_policy",
        sa.Column("graph", sa.Text(), primary_key=True),
        sa.Column("audience", sa.String(20), nullable=False),
    )


def _make_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.DateTime(timezone=True), nullable=True),
        sa.Index("ix_notice_account_read", "account", "read"),
    )
    op.create_table(
        "notice_preference",
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("language", sa.String(50), nullable=False),
        sa.Column("unmailed", sa.Text(), nullable=False),
    )


def _make_background() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("language", sa.String(50), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("unsubscribe", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True, index=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(30), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_index("ix_draft_review_told", "draft_review")
    op.drop_column("draft_review", "told")
    for table in (
        "lease",
        "mail",
        "notice_preference",
        "notice",
        "proposal_policy",
        "proposal_vote",
        "proposal_entry",
        "proposal",
    ):
        op.drop_table(table)
