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
    thread = threading.Thread(target=_Follower(services).follow, args=(stop,), daemon=True)
    thread.start()
    return [thread]


class _Follower:
    """Shows readers of this node what other nodes write.

    While the database does not answer, they go on with what they have.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._listener = Listener(services.database)
        self._swept = monotonic()
        self._is_cut_off = False

    def follow(self, stop: threading.Event) -> None:
        """Look whenever something is announced, and from time to time, until ``stop`` is set."""
        while not stop.is_set():
            try:
                self._listener.wait(POLL)
            except SQLAlchemyError:
                stop.wait(POLL)
            self._look()
        self._listener.close()

    def _look(self) -> None:
        try:
            self._take_in()
        except Exception as error:  # the next time may be better
            if not self._is_cut_off:
                _tell(error)
            self._is_cut_off = True
        else:
            if self._is_cut_off:
                _LOG.warning("This node follows the log again.")
            self._is_cut_off = False

    def _take_in(self) -> None:
        if self._is_cut_off:
            migrate(self._services.database)  # which it may have been away for
        self._services.writer.follow()
        if monotonic() > self._swept + SWEEP:
            self._services.drafts.sweep()
            self._swept = monotonic()


def _tell(error: Exception) -> None:
    if isinstance(error, SQLAlchemyError):
        reason = getattr(error, "orig", error)
        _LOG.warning("The database does not answer, reading goes on without it: %s", reason)
    else:
        _LOG.error("This node cannot follow the log; it is tried again.", exc_info=error)
