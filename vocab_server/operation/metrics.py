"""Figures for Prometheus, of all server processes together (OpenMetrics 1.0).

Each process keeps its own in files of the directory that PROMETHEUS_MULTIPROC_DIR names, and the
one that is asked adds them up. No label holds anything of a person: routes are patterns.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter, time
from typing import Any

from vocab_server.database import UNUSABLE
from vocab_server.errors import (
    BusyError,
    QueryStoppedError,
    StoreUnavailableError,
    VocabServerError,
)
from vocab_server.services import Services
from vocab_server.store.snapshots import number_of

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
FOLDER = "metrics"  # in the data directory
# What came of a query, the first that fits; any other error of ours is the client's.
OUTCOMES: tuple[tuple[type[VocabServerError], str], ...] = (
    (QueryStoppedError, "killed"),
    (BusyError, "busy"),
    (StoreUnavailableError, "failed"),
    (VocabServerError, "refused"),
)


def share_figures(data: Path) -> None:
    """Let the processes that this one forks keep figures that can be added up, begun anew."""
    folder = (data / FOLDER).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[DIRECTORY] = str(folder)


class Meter:
    """What one process counts, and the way to the figures of all of them."""

    def __init__(self, services: Services) -> None:
        # Imported here because it decides at its import, which must come after share_figures.
        import prometheus_client
        from prometheus_client import metrics_core, multiprocess

        self._services = services
        self._client, self._gauge = prometheus_client, metrics_core.GaugeMetricFamily
        self._multiprocess: Any = multiprocess  # which has no types
        self._own = prometheus_client.CollectorRegistry()
        self._requests = prometheus_client.Histogram(
            "vocab_server_request_seconds",
            "Time until a request was answered",
            ("method", "route", "status"),
            registry=self._own,
        )
        self._queries = prometheus_client.Histogram(
            "vocab_server_query_seconds",
            "Time that a public query took, waiting included",
            ("outcome",),
            registry=self._own,
        )
        self._running = prometheus_client.Gauge(
            "vocab_server_queries_in_progress",
            "Public queries that run or wait for a process",
            multiprocess_mode="livesum",
            registry=self._own,
        )

    def request(self, method: str, route: str, status: str, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, status).observe(seconds)

    @contextmanager
    def query(self) -> Iterator[None]:
        """Measure a public query."""
        begun, outcome = perf_counter(), "answered"
        self._running.inc()
        try:
            yield
        except VocabServerError as error:
            outcome = next(name for kind, name in OUTCOMES if isinstance(error, kind))
            raise
        finally:
            self._running.dec()
            self._queries.labels(outcome).observe(perf_counter() - begun)

    def text(self) -> tuple[bytes, str]:
        """All figures as Prometheus reads them, and the media type."""
        registry, folder = self._own, os.environ.get(DIRECTORY)
        if folder:
            self._forget_dead(Path(folder))
            registry = self._client.CollectorRegistry()
            self._multiprocess.MultiProcessCollector(registry)
        state = self._client.CollectorRegistry()
        state.register(_State(self._services, self._gauge))
        shown = self._client.generate_latest(registry) + self._client.generate_latest(state)
        return shown, self._client.CONTENT_TYPE_LATEST

    def _forget_dead(self, folder: Path) -> None:
        """Drop what processes that are no more had in progress."""
        for path in folder.glob("gauge_live*_*.db"):
            pid = int(path.stem.rpartition("_")[2])
            with suppress(PermissionError):
                try:
                    os.kill(pid, 0)
                except ProcessLookupError:
                    self._multiprocess.mark_process_dead(pid)


class _State:
    """What is true of the installation as a whole, looked up when it is asked for."""

    def __init__(self, services: Services, gauge: Any) -> None:
        self._services = services
        self._gauge = gauge

    def collect(self) -> Iterator[Any]:
        """See prometheus_client.registry.Collector."""
        services = self._services
        data = services.settings.data
        with suppress(*UNUSABLE):
            yield self._of("log_change", "Number of the newest change", services.log.last())
        yield self._of("disk_free_bytes", "Free on the data disk", shutil.disk_usage(data).free)
        current = services.writer.snapshots.current()
        if current is not None:
            age = max(0.0, time() - current.stat().st_mtime)
            yield self._of("snapshot_change", "Change that readers see", number_of(current))
            yield self._of("snapshot_age_seconds", "Since readers' snapshot was published", age)

    def _of(self, name: str, meaning: str, value: float) -> Any:
        return self._gauge(f"vocab_server_{name}", meaning, value=value)
