"""The audit trail: who did what, when, from where. Written in the transaction of the act itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session

from vocab_server.accounts.account import By
from vocab_server.database.account_models import AuditRow


class Act(StrEnum):
    """What is written down."""

    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGNED_OUT = "signed-out"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105  (the name of an act)
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_CHANGED = "account-changed"
    ACCOUNT_ACTIVATED = "account-activated"
    ACCOUNT_DEACTIVATED = "account-deactivated"
    ROLE_GIVEN = "role-given"
    ROLE_TAKEN = "role-taken"
    TOKEN_CREATED = "token-created"  # noqa: S105
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    IDENTITY_CONNECTED = "identity-connected"
    FINDING_ACCEPTED = "finding-accepted"
    EXCEPTION_WITHDRAWN = "exception-withdrawn"
    QUALITY_CHANGED = "quality-changed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail; ``target`` is what it was done to: an account, or a vocabulary."""

    time: datetime
    account: str
    act: Act
    target: str
    detail: str
    address: str


def note(session: Session, by: By, act: Act, target: str = "", detail: str = "") -> None:
    """Write down an act, together with what else the transaction changes."""
    row = AuditRow(
        time=datetime.now(UTC),
        account=by.name,
        act=act,
        target=target,
        detail=detail,
        address=by.address,
    )
    session.add(row)


def read_trail(
    database: Engine, *, name: str = "", act: str = "", limit: int, offset: int = 0
) -> tuple[list[Entry], int]:
    """A page of the trail, newest first, and how many entries there are.

    ``name`` leaves those that an account did or that were done to it, ``act`` those of one kind.
    """
    with Session(database) as session:
        chosen = _chosen(select(AuditRow), name, act)
        newest = chosen.order_by(AuditRow.id.desc()).limit(limit).offset(offset)
        entries = [_entry(row) for row in session.scalars(newest)]
        counted = _chosen(select(func.count()).select_from(AuditRow), name, act)
        return entries, session.scalar(counted) or 0


def _chosen(rows: Select[Any], name: str, act: str) -> Select[Any]:
    if name:
        rows = rows.where(or_(AuditRow.account == name, AuditRow.target == name))
    return rows.where(AuditRow.act == act) if act else rows


def _entry(row: AuditRow) -> Entry:
    return Entry(row.time, row.account, Act(row.act), row.target, row.detail, row.address)
