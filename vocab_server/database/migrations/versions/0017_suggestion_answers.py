"""What people answered to suggestions, counted."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestion_answer",
        sa.Column("concept", sa.Text(), primary_key=True),
        sa.Column("phrase", sa.String(200), primary_key=True),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("dismissed", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("suggestion_answer")
