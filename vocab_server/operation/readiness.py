"""Whether a server can do its work: what a load balancer asks every few seconds."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from vocab_server.config import MIB
from vocab_server.database import is_shared
from vocab_server.errors import StoreUnavailableError
from vocab_server.services import Services
from vocab_server.store.snapshots import number_of

MOMENT = timedelta(seconds=10)  # that a node may take to see what another wrote
ROOM = 50 * MIB  # bytes without which no change can be kept


def missing(services: Services) -> Iterator[str]:
    """What is missing, as sentences; none when all is well."""
    if shutil.disk_usage(services.settings.data).free < ROOM:
        yield f"The disk of the data directory is full: less than {ROOM // MIB} MiB are free."
    try:
        services.published.view().store.ask("ASK {}")
    except StoreUnavailableError as error:
        yield str(error)
    current = services.writer.snapshots.current()
    here = number_of(current) if current else 0
    try:
        yield from _behind(services, here)
    except SQLAlchemyError:
        yield (
            f"The database does not answer. What is published can be read as of change {here}, and"
            " nothing can be changed."
        )


def _behind(services: Services, here: int) -> Iterator[str]:
    """A store that is behind while nobody brings it up to date."""
    last = services.log.last()
    if last <= here or services.writer.is_at_work():
        return
    if is_shared(services.database) and _is_new(services, here):
        return  # another node wrote it: it will be here in a moment
    found = services.writer.snapshots.current()  # it may have come between the two looks
    if found is not None and number_of(found) < last:
        yield f"The store is behind: it has change {number_of(found)}, the change log {last}."


def _is_new(services: Services, here: int) -> bool:
    """Whether the first change that is missing here was made a moment ago."""
    first = services.log.numbered([here + 1]).get(here + 1)
    return first is not None and first.time > datetime.now(UTC) - MOMENT
