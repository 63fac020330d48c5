"""What anybody sends to be checked: within tight bounds, and a few at a time."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from vocab_server.catalog.profiles import PROFILES
from vocab_server.errors import BusyError, InvalidError, TooLargeError
from vocab_server.quality.apart import CheckLimits
from vocab_server.quality.check import Finding, Level, Severity
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.dcat.checks import catalog_checks_of
from vocab_server.quality.files import check_file
from vocab_server.quality.report import Result
from vocab_server.quality.shacl.files import check_by_shapes
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.quality.shacl.validation import ShapeLimits
from vocab_server.store.parsing import MIB, ParseLimits

LARGEST = 10 * MIB  # bytes
MOST = 1_000  # findings that are given back
AT_ONCE = 2  # in one server process
WAIT = 5.0  # seconds for a place
BASE = "https://example.org/checked/"  # what relative addresses begin with
PARSING = ParseLimits(size=4 * LARGEST, statements=1_000_000, seconds=20, memory=1024 * MIB)
CHECKING = CheckLimits(one=10, all=30, memory=1024 * MIB)
SHAPES = ShapeLimits(seconds=30, memory=1024 * MIB)

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


def check_upload(data: bytes, name: str, form: str | None = None, profile: str = "") -> Checked:
    """The report on RDF of any format, of which nothing is kept.

    ``name`` is what its sender calls it; ``form`` names the format, which is found out when it is
    None. With a ``profile`` of DCAT it is checked as a catalog. Raises TooLargeError,
    UnknownFormatError and InvalidError for what cannot be read, and BusyError when too many ask at
    the same time.
    """
    if profile and profile not in PROFILES:
        raise InvalidError(
            "There is no profile %(profile)r. Use one of: %(names)s.",
            profile=profile,
            names=", ".join(PROFILES),
        )
    if not data.strip():
        raise InvalidError("There is nothing to check. Paste RDF, or choose a file.")
    if len(data) > LARGEST:
        raise TooLargeError("At most %(largest)s MB can be checked here.", largest=LARGEST // MIB)
    with place_for_check(), TemporaryDirectory(prefix="vocab-server-check-") as work:
        source = Path(work) / "upload"
        source.write_bytes(data)
        with check_file(
            source,
            file_name=name,
            form=form,
            base_iri=BASE,
            checks=catalog_checks_of(profile) if profile else _ASKED,
            profile=profile,
            parse_limits=PARSING,
            limits=CHECKING,
        ) as report:
            results = tuple(report.results())
            order = [r.check for s in Severity for r in results if r.check.severity == s]
            findings: list[Finding] = []
            for check in order:
                findings += report.page(check, MOST - len(findings))
            return Checked(tuple(findings), results)


def check_upload_by_shapes(
    data: bytes, name: str, shapes: bytes, shapes_name: str
) -> list[ShaclResult]:
    """What breaks somebody's own shapes in RDF of any format; nothing is kept.

    Raises as ``check_upload`` does, and InvalidError for shapes that are not well-formed.
    """
    if not (data.strip() and shapes.strip()):
        raise InvalidError("There is nothing to check. Paste RDF, or choose a file.")
    if max(len(data), len(shapes)) > LARGEST:
        raise TooLargeError("At most %(largest)s MB can be checked here.", largest=LARGEST // MIB)
    with place_for_check(), TemporaryDirectory(prefix="vocab-server-check-") as work:
        files = Path(work) / "upload", Path(work) / "shapes"
        for file, content in zip(files, (data, shapes), strict=True):
            file.write_bytes(content)
        return check_by_shapes(
            (files[0], name),
            (files[1], shapes_name),
            base_iri=BASE,
            parse_limits=PARSING,
            limits=SHAPES,
        )[0]


@contextmanager
def place_for_check() -> Iterator[None]:
    """One of the places for checks of what people send. Raises BusyError when all are taken."""
    if not _places.acquire(timeout=WAIT):
        raise BusyError("Too many files are being checked. Try again in a moment.", 10)
    try:
        yield
    finally:
        _places.release()
