"""Whether a server can do its work: what a load balancer asks every few seconds."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from vocab_server.config import MIB
from vocab_server.database import is_shared
from vocab_server.database.log import ChangeLog
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
        _demand_engine(services)
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


def _demand_engine(services: Services) -> None:
    """Raise StoreUnavailableError when a remote engine has not all that is published.

    Pages may not need it, but who asks in SPARQL does.
    """
    found = services.writer.snapshots.current()
    if services.engine is not None and found is not None:
        services.engine.demand(number_of(found))


def _behind(services: Services, here: int) -> Iterator[str]:
    """A store that is behind while nobody brings it up to date."""
    last = services.log.last()
    if last <= here or services.writer.is_at_work():
        return
    if is_shared(services.database) and is_on_its_way(services.log, here):
        return
    found = services.writer.snapshots.current()  # it may have come between the two looks
    if found is not None and number_of(found) < last:
        yield f"The store is behind: it has change {number_of(found)}, the change log {last}."


def is_on_its_way(log: ChangeLog, here: int) -> bool:
    """Whether another node wrote a moment ago what is missing after a change."""
    first = log.numbered([here + 1]).get(here + 1)
    return first is not None and first.time > datetime.now(UTC) - MOMENT
