"""The tables of registers: what is not public of assets, and what people asked for."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime


class AssetRow(Base):
    """What is known of an asset of a register besides what is public.

    ``hidden`` is all that is said of it, as N-Triples, while it is internal; "" once it is public.
    ``checks`` are the points of the checklist that hold, with spaces between.
    """

    __tablename__ = "asset"

    iri: Mapped[str] = mapped_column(Text, primary_key=True)
    catalog: Mapped[str] = mapped_column(String(NAME), index=True)
    hidden: Mapped[str] = mapped_column(Text, default="")
    checks: Mapped[str] = mapped_column(Text, default="")
    account: Mapped[str] = mapped_column(String(NAME))
    changed: Mapped[datetime] = mapped_column(UtcTime)


class DataRequestRow(Base):
    """Somebody asks for data under a concept; what they write is for publishers only."""

    __tablename__ = "data_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    concept: Mapped[str] = mapped_column(Text, index=True)
    text: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, default="")
    time: Mapped[datetime] = mapped_column(UtcTime, index=True)
