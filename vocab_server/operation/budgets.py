"""How much work one address, or one token, may cause in a minute, over all server processes.

Why a file in memory that all processes map, and not the database: every request is charged, and a
row that survives power loss costs a hundred times what most answers do. Two processes that charge
the same client in the same microsecond may lose one of the charges, which harms nobody.
"""

import mmap
import struct
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from time import monotonic, perf_counter
from typing import TYPE_CHECKING

from vocab_server.accounts.throttle import network
from vocab_server.errors import TooManyRequestsError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PERIOD = 60  # seconds
SLOTS = 1 << 17  # of clients; two that share one are taken for the same
SLOT = struct.Struct("<II")  # the period, and the milliseconds that were spent in it
MOST = (1 << 32) - 1
# A proxy that is not believed (VOCAB_SERVER_PROXIES) makes everybody look like this machine.
EXEMPT = frozenset({"127.0.0.1", "::1", ""})
EXCEEDED = "vocab_server.exceeded"  # in the environment of a request that is to be refused


class Ledger:
    """What each client has spent, in the file ``path``; ``key`` keeps others from choosing slots.

    Names are not kept.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        path.touch(mode=0o600)
        with path.open("r+b") as file:
            file.truncate(SLOTS * SLOT.size)
            self._slots = mmap.mmap(file.fileno(), SLOTS * SLOT.size)
        self._key = blake2b(key, digest_size=32).digest()

    def spent(self, client: str) -> float:
        """The seconds that a client has spent in this period."""
        period, milliseconds = SLOT.unpack_from(self._slots, self._place(client))
        return milliseconds / 1000 if period == _period() else 0.0

    def charge(self, client: str, seconds: float) -> None:
        """Note that a client has spent so many seconds."""
        place, now = self._place(client), _period()
        period, before = SLOT.unpack_from(self._slots, place)
        total = (before if period == now else 0) + round(seconds * 1000)
        SLOT.pack_into(self._slots, place, now, min(total, MOST))

    def _place(self, client: str) -> int:
        named = client.encode("utf-8", "surrogatepass")
        digest = blake2b(named, key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, "little") % SLOTS * SLOT.size


class Budgets:
    """A WSGI application around another one: who has spent ``seconds`` waits for the next period.

    ``refusing`` answers those; it finds the error to raise in the environment.
    """

    def __init__(
        self,
        application: "WSGIApplication",
        refusing: "WSGIApplication",
        ledger: Ledger,
        seconds: float,
    ) -> None:
        self._application = application
        self._refusing = refusing
        self._ledger = ledger
        self._seconds = seconds

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """See PEP 3333."""
        clients = _clients(environ)
        if any(self._ledger.spent(client) >= self._seconds for client in clients):
            environ[EXCEEDED] = TooManyRequestsError(PERIOD - int(monotonic() % PERIOD))
            return self._refusing(environ, start_response)
        begun = perf_counter()
        try:
            return self._application(environ, start_response)
        finally:
            taken = perf_counter() - begun
            for client in clients:
                self._ledger.charge(client, taken)


def _clients(environ: "WSGIEnvironment") -> list[str]:
    """Whom a request is charged to: its network, and whoever the token belongs to."""
    address = environ.get("REMOTE_ADDR", "").partition("%")[0]
    if address in EXEMPT:
        return []
    token = environ.get("HTTP_AUTHORIZATION", "")
    return [network(address), *([f"token {token}"] if token else [])]


def _period() -> int:
    return int(monotonic() // PERIOD) & MOST
