"""What anybody sends to be checked: within tight bounds, and a few at a time."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from vocab_server.errors import BusyError, InvalidError, TooLargeError
from vocab_server.quality.apart import CheckLimits
from vocab_server.quality.check import Finding, Level, Severity
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.files import check_file
from vocab_server.quality.report import Result
from vocab_server.store.parsing import MIB, ParseLimits

LARGEST = 10 * MIB  # bytes
MOST = 1_000  # findings that are given back
AT_ONCE = 2  # in one server process
WAIT = 5.0  # seconds for a place
BASE = "https://example.org/checked/"  # what relative addresses begin with
PARSING = ParseLimits(size=4 * LARGEST, statements=1_000_000, seconds=20, memory=1024 * MIB)
CHECKING = CheckLimits(one=10, all=30, memory=1024 * MIB)

_places = threading.BoundedSemaphore(AT_ONCE)
_ASKED = [check for check in CHECKS if check.level is not Level.IGNORE]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in what somebody sent: MOST findings at most, the gravest first."""

    findings: tuple[Finding, ...]
    results: tuple[Result, ...]

    @property
    def total(self) -> int:
        """How many findings there are."""
        return sum(result.count for result in self.results)

    @property
    def failures(self) -> list[Result]:
        """The checks that could not be run."""
        return [result for result in self.results if result.failure]

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        found = Counter(dict.fromkeys(Severity, 0))
        for result in self.results:
            found[result.check.severity] += result.count
        return found


def check_upload(data: bytes, name: str, form: str | None = None) -> Checked:
    """The report on RDF of any format, of which nothing is kept.

    ``name`` is what its sender calls it; ``form`` names the format, which is found out when it is
    None. Raises TooLargeError, UnknownFormatError and InvalidError for what cannot be read, and
    BusyError when too many ask at the same time.
    """
    if not data.strip():
        raise InvalidError("There is nothing to check. Paste RDF, or choose a file.")
    if len(data) > LARGEST:
        raise TooLargeError("At most %(largest)s MB can be checked here.", largest=LARGEST // MIB)
    with _place(), TemporaryDirectory(prefix="vocab-server-check-") as work:
        source = Path(work) / "upload"
        source.write_bytes(data)
        with check_file(
            source,
            file_name=name,
            form=form,
            base_iri=BASE,
            checks=_ASKED,
            parse_limits=PARSING,
            limits=CHECKING,
        ) as report:
            results = tuple(report.results())
            order = [r.check for s in Severity for r in results if r.check.severity == s]
            findings: list[Finding] = []
            for check in order:
                findings += report.page(check, MOST - len(findings))
            return Checked(tuple(findings), results)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT):
        raise BusyError("Too many files are being checked. Try again in a moment.", 10)
    try:
        yield
    finally:
        _places.release()
