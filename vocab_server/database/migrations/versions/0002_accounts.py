"""Accounts, roles, sessions, tokens, and the audit trail."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def _account(**more: Any) -> sa.Column[int]:
    return sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), nullable=False, **more)


def upgrade() -> None:
    _make_accounts()
    _make_ways_in()
    _make_audit()


def _make_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("created", TIME, nullable=False),
    )
    op.create_table(
        "role_grant",
        _account(primary_key=True),
        sa.Column("role", sa.String(30), primary_key=True, index=True),
        sa.Column("scope", sa.String(200), primary_key=True),
    )
    op.create_table(
        "external_identity",
        sa.Column("issuer", sa.String(500), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        _account(index=True),
    )


def _make_ways_in() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("hash", sa.String(64), primary_key=True),
        _account(index=True),
        sa.Column("created", TIME, nullable=False, index=True),
        sa.Column("last_seen", TIME, nullable=False, index=True),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), primary_key=True),
        _account(index=True),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.Column("last_used", TIME),
        sa.Column("revoked", TIME),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", TIME, nullable=False, index=True),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("time", TIME, nullable=False, index=True),
        sa.Column("account", sa.String(100), nullable=False, index=True),
        sa.Column("act", sa.String(40), nullable=False, index=True),
        sa.Column("target", sa.String(200), nullable=False, index=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
    )


def downgrade() -> None:
    for table in (
        "audit",
        "sign_in_attempt",
        "token",
        "sign_in_session",
        "external_identity",
        "role_grant",
        "account",
    ):
        op.drop_table(table)
