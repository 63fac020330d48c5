"""What the checks found over time, and who looks after what they found."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quality_run",
        sa.Column("graph", sa.Text(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
    )
    op.create_table(
        "finding_task",
        sa.Column("graph", sa.Text(), primary_key=True),
        sa.Column("identity", sa.String(32), primary_key=True),
        sa.Column("check_id", sa.String(20), nullable=False),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("assignee", sa.String(200), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_finding_task_assignee", "finding_task", ["assignee"])
    op.create_table(
        "finding_comment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("identity", sa.String(32), nullable=False),
        sa.Column("check_id", sa.String(20), nullable=False),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index("ix_finding_comment_finding", "finding_comment", ["graph", "identity"])


def downgrade() -> None:
    op.drop_table("finding_comment")
    op.drop_table("finding_task")
    op.drop_table("quality_run")
