"""The tables of accounts: nothing in them is ever published."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vocab_server.database.models import Base, UtcTime


class AccountRow(Base):
    """Somebody who can sign in; rows stay, because the change log names them."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    is_active: Mapped[bool]
    password_hash: Mapped[str] = mapped_column(String(200))  # "" where there is no password
    created: Mapped[datetime] = mapped_column(UtcTime)
    grants: Mapped[list["GrantRow"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class GrantRow(Base):
    """A role that an account has, in one vocabulary or catalog, or ("") everywhere."""

    __tablename__ = "role_grant"

    account: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(30), primary_key=True, index=True)
    scope: Mapped[str] = mapped_column(String(200), primary_key=True)


class IdentityRow(Base):
    """Somebody as an OpenID provider knows them (OpenID Connect Core 1.0, 5.7)."""

    __tablename__ = "external_identity"

    issuer: Mapped[str] = mapped_column(String(500), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)


class SessionRow(Base):
    """A browser in which somebody is signed in."""

    __tablename__ = "sign_in_session"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created: Mapped[datetime] = mapped_column(UtcTime, index=True)
    last_seen: Mapped[datetime] = mapped_column(UtcTime, index=True)


class TokenRow(Base):
    """A personal token of an account."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    label: Mapped[str] = mapped_column(String(200))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(Text)  # words with spaces between
    created: Mapped[datetime] = mapped_column(UtcTime)
    expires: Mapped[datetime] = mapped_column(UtcTime)
    last_used: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked: Mapped[datetime | None] = mapped_column(UtcTime)


class AttemptRow(Base):
    """How often somebody tried to sign in since a moment; ``key`` is a hash of who."""

    __tablename__ = "sign_in_attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcTime, index=True)


class AuditRow(Base):
    """Who did what, when, from where; rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    time: Mapped[datetime] = mapped_column(UtcTime, index=True)
    account: Mapped[str] = mapped_column(String(100), index=True)
    act: Mapped[str] = mapped_column(String(40), index=True)
    target: Mapped[str] = mapped_column(Text, index=True)
    detail: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
