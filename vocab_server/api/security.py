"""Whom to tell of a hole (RFC 9116, security.txt)."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from vocab_server.errors import NotFoundError
from vocab_server.services import services

bp = Blueprint("security", __name__)
VALID = timedelta(days=180)  # a year at most (RFC 9116, 2.5.5)


@bp.get("/.well-known/security.txt")
def show() -> ResponseReturnValue:
    """The contact that the operator has set."""
    settings = services().settings
    if not settings.security_contact:
        raise NotFoundError("There is no contact for security here: VOCAB_SERVER_SECURITY_CONTACT.")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {(today + VALID).isoformat()}",
        "Preferred-Languages: en, sv",
        f"Canonical: {settings.base}/.well-known/security.txt",
    )
    text = "".join(f"{line}\n" for line in lines)
    return Response(text, content_type="text/plain; charset=utf-8")
