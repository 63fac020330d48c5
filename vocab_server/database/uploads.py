"""Spreadsheets that came in and wait for somebody to decide what becomes of them."""

import json
import secrets
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rdflib import URIRef
from sqlalchemy import Engine, LargeBinary, String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime
from vocab_server.errors import NotFoundError

KEPT = timedelta(days=14)
KEY = 22  # characters


class UploadRow(Base):
    """What a spreadsheet changes, as compressed JSON."""

    __tablename__ = "upload"

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    graph: Mapped[str] = mapped_column(Text)
    account: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Uploads:
    """All that wait, each for as long as KEPT, for who sent it."""

    engine: Engine

    def keep(self, graph: URIRef, account: str, content: dict[str, Any]) -> str:
        """Keep what a file changes; the key under which it is found again."""
        now, key = datetime.now(UTC), secrets.token_urlsafe(16)
        packed = zlib.compress(json.dumps(content).encode())
        row = UploadRow(key=key, graph=str(graph), account=account, time=now, content=packed)
        with Session(self.engine) as session, session.begin():
            session.execute(delete(UploadRow).where(UploadRow.time < now - KEPT))
            session.add(row)
        return key

    def get(self, key: str, graph: URIRef, account: str) -> dict[str, Any]:
        """What somebody's file changes. Raises NotFoundError."""
        with Session(self.engine) as session:
            row = session.get(UploadRow, key)
            if row is None or (row.graph, row.account) != (str(graph), account):
                raise NotFoundError(
                    "There is no such spreadsheet of yours any more. Upload the file again."
                )
            found: dict[str, Any] = json.loads(zlib.decompress(row.content))
            return found
