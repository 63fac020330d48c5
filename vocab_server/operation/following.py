"""A node follows the log: what other nodes write is soon seen here too."""

import logging
import threading
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from vocab_server.database import is_shared, migrate
from vocab_server.database.announcing import Listener
from vocab_server.services import Services

POLL = 1.0  # seconds until a node looks by itself, when it hears nothing
SWEEP = 600  # seconds between two looks for what other nodes have finished
_LOG = logging.getLogger(__name__)


def start_following(services: Services, stop: threading.Event) -> list[threading.Thread]:
    """A thread that follows the log until ``stop`` is set; none when there are no other nodes."""
    if not is_shared(services.database):
        return []
    thread = threading.Thread(target=follow, args=(services, stop), daemon=True)
    thread.start()
    return [thread]


def follow(services: Services, stop: threading.Event) -> None:
    """Show readers of this node what other nodes write, until ``stop`` is set.

    While the database does not answer, they go on with what they have.
    """
    listener = Listener(services.database)
    swept, is_cut_off = monotonic(), False
    while not stop.is_set():
        try:
            listener.wait(POLL)
            if is_cut_off:
                migrate(services.database)  # which it may have been away for
            services.writer.follow()
            if monotonic() > swept + SWEEP:
                services.drafts.sweep()
                swept = monotonic()
        except Exception as error:  # the next time may be better
            if not is_cut_off:
                _tell(error)
            is_cut_off = True
            stop.wait(POLL)
        else:
            if is_cut_off:
                _LOG.warning("This node follows the log again.")
            is_cut_off = False
    listener.close()


def _tell(error: Exception) -> None:
    if isinstance(error, SQLAlchemyError):
        reason = getattr(error, "orig", error)
        _LOG.warning("The database does not answer, reading goes on without it: %s", reason)
    else:
        _LOG.error("This node cannot follow the log; it is tried again.", exc_info=error)
