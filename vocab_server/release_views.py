"""Releases that are read in this process, and how one that was never read is made ready.

It is made in a process apart: indexing a big vocabulary takes a minute, and would keep all others
waiting.
"""

import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict

from vocab_server.config import Settings
from vocab_server.errors import BusyError, StoreUnavailableError
from vocab_server.services import Services
from vocab_server.skos.releases import Release
from vocab_server.views import Published, View

OPEN = 8  # releases that a process has open at a time, the last used
PATIENCE = 8  # seconds that a reader waits for one that is being made
AGAIN = 10  # seconds after which a reader is asked to come again


class ReleaseViews:
    """The releases that are open for reading."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Published] = OrderedDict()
        self._making: tuple[str, subprocess.Popen[bytes]] | None = None

    def view(self, release: Release) -> View:
        """A release as it was.

        Raises BusyError for as long as it is being made ready, StoreUnavailableError when it
        cannot be.
        """
        snapshots = self._services.release_stores.snapshots(release)
        if snapshots.name() is None:
            self.prepare(release)
            self._wait(release)
        key = f"release-{release.checksum[:16]}-{release.name}/"
        with self._lock:
            if key not in self._open:
                self._open[key] = Published(snapshots, self._services.settings, key)
            self._open.move_to_end(key)
            if len(self._open) > OPEN:
                self._open.popitem(last=False)
            found = self._open[key]
        return found.view()

    def prepare(self, release: Release) -> None:
        """Begin to make a release ready, unless one is being made already; returns at once.

        One at a time, so that who asks for all of them does not take the whole machine.
        """
        with self._lock:
            if self._making is None or self._making[1].poll() is not None:
                self._making = release.iri, _begun(self._services.settings, release)

    def _wait(self, release: Release) -> None:
        snapshots = self._services.release_stores.snapshots(release)
        end = time.monotonic() + PATIENCE
        while snapshots.name() is None:
            self._refuse_failed(release)
            if time.monotonic() > end:
                raise BusyError(
                    "The release %(release)s is being made ready to be browsed. That takes a"
                    " minute for a big vocabulary, once. Its files can be fetched already.",
                    AGAIN,
                    release=release.name,
                )
            time.sleep(0.05)

    def _refuse_failed(self, release: Release) -> None:
        making = self._making
        if making and making[0] == release.iri and making[1].poll():
            raise StoreUnavailableError(
                "The release %(release)s cannot be made ready to be browsed. To see why, run:"
                " vocab-server prepare %(vocabulary)s %(release)s",
                release=release.name,
                vocabulary=str(release.graph).rpartition("/")[2],
            )


def _begun(settings: Settings, release: Release) -> "subprocess.Popen[bytes]":
    vocabulary = str(release.graph).rpartition("/")[2]
    own = {
        "VOCAB_SERVER_DATA": str(settings.data),
        "VOCAB_SERVER_BASE_URL": settings.base_url,
        "VOCAB_SERVER_DATABASE": settings.database_url,
    }
    command = [sys.executable, "-m", "vocab_server", "prepare", vocabulary, release.name]
    process = subprocess.Popen(  # noqa: S603  (our own command, no shell)
        command, env={**os.environ, **own}, stderr=subprocess.DEVNULL
    )
    threading.Thread(target=process.wait, daemon=True).start()  # leaves no dead child behind
    return process
