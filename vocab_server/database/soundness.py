"""Whether the rows of the change log and of drafts are still what was written."""

import hashlib
import zlib
from collections.abc import Iterator

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vocab_server.database.draft_models import DraftChangePart, DraftChangeRow
from vocab_server.database.log import PARTS
from vocab_server.database.models import ChangePart, ChangeRow, PartColumns

# What keeps statements: its rows, the key of a row, and the table of its parts.
KINDS = (
    ("Change", ChangeRow, ChangeRow.number, ChangePart),
    ("The change of a draft", DraftChangeRow, DraftChangeRow.id, DraftChangePart),
)


def damaged_changes(engine: Engine) -> Iterator[str]:
    """The changes whose statements are not those that their checksum was taken of.

    Reads all of the log, one block at a time. A row without a checksum, from before there was any,
    only has to be readable.
    """
    for title, rows, key, part in KINDS:
        with Session(engine) as session:
            for number, checksum in session.execute(select(key, rows.checksum).order_by(key)):
                if not _is_sound(session, part, number, checksum):
                    yield f"{title} {number}"


def _is_sound(session: Session, part: type[PartColumns], number: int, checksum: str) -> bool:
    chosen = select(part.lines).where(part.change == number)  # type: ignore[attr-defined]  # in each
    found = session.scalars(chosen.order_by(part.position).execution_options(yield_per=PARTS))
    digest = hashlib.sha256()
    try:
        for packed in found:
            digest.update(zlib.decompress(packed))
    except zlib.error:
        return False
    return checksum in ("", digest.hexdigest())
