"""What people answered to suggestions, counted; and of which harvests they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0018"
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
    # What happened before this version is told to nobody.
    op.add_column(
        "harvest_run",
        sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_index("ix_harvest_run_told", "harvest_run", ["told"])


def downgrade() -> None:
    op.drop_index("ix_harvest_run_told", "harvest_run")
    op.drop_column("harvest_run", "told")
    op.drop_table("suggestion_answer")
