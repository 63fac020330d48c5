"""Whether a server can do its work: what a load balancer asks every few seconds."""

import shutil
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from vocab_server.config import MIB
from vocab_server.errors import StoreUnavailableError
from vocab_server.services import Services
from vocab_server.store.snapshots import number_of

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
    try:
        last = services.log.last()
    except SQLAlchemyError:
        yield "The database does not answer."
        return
    yield from _behind(services, last)


def _demand_engine(services: Services) -> None:
    """Raise StoreUnavailableError when a remote engine has not all that is published.

    Pages may not need it, but who asks in SPARQL does.
    """
    found = services.writer.snapshots.current()
    if services.engine is not None and found is not None:
        services.engine.demand(number_of(found))


def _behind(services: Services, last: int) -> Iterator[str]:
    """A store that is behind while nobody brings it up to date."""
    current = services.writer.snapshots.current()
    if current is None or number_of(current) >= last or services.writer.is_at_work():
        return
    found = services.writer.snapshots.current()  # it may have come between the two looks
    if found is not None and number_of(found) < last:
        yield f"The store is behind: it has change {number_of(found)}, the change log {last}."
