"""Checks of data from beginning to end: fetched, looked into, compared, kept."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from rdflib import URIRef

from vocab_server.catalog.resources import Dataset, Distribution, format_name, read_dataset
from vocab_server.config import MIB, Settings
from vocab_server.database.data_checks import DataCheck, DataChecks, Standing, State
from vocab_server.database.links import Links
from vocab_server.errors import InvalidError, NotFoundError, TooLargeError, VocabServerError
from vocab_server.operation.concept_columns import compare_columns
from vocab_server.outbound import Fetched, fetch_guarded
from vocab_server.quality.check import Severity
from vocab_server.quality.data.fault import DataReport, Findings, Place, Score, to_plain
from vocab_server.quality.data.looking import DataLimits, Told, look_into, only
from vocab_server.quality.data.scores import scores
from vocab_server.quality.data.stating import Sent, Stated, compare
from vocab_server.quality.data.telling import count
from vocab_server.rdf.namespaces import DCAT, DCT, DCT_FORMAT
from vocab_server.services import Services

SCHEMA_SIZE = MIB  # bytes of a description of a table
SCHEMA_SECONDS = 10.0
MOST_SCHEMAS = 3  # addresses at which one is looked for
_SIZE = re.compile(r"([0-9]{1,18})(?:\.[0-9]*)?")  # bytes, as some give them with a fraction
_log = logging.getLogger(__name__)


def check_due(services: Services) -> bool:
    """Do the check that waits longest; whether there was one."""
    checks = DataChecks(services.database)
    asked = checks.take(datetime.now(UTC))
    if asked is None:
        return False
    try:
        url, report = check_distribution(services, checks, asked)
    except Exception:  # it is told where somebody waits for it, and the next may do better
        _log.exception("The check of %s failed.", asked.distribution)
        url, report = "", _failed("It failed for a reason told in the log.")
    checks.finish(
        asked.distribution, url, to_plain(_kept(report)), standing_of(report), datetime.now(UTC)
    )
    return True


def standing_of(report: DataReport) -> Standing:
    """The scores of a report, and how many places are to be corrected."""
    told = scores(report)
    return Standing(
        count(report, Severity.VIOLATION),
        told[Score.VALUES],
        told[Score.METADATA],
        told[Score.MANAGEMENT],
    )


def _failed(reason: str) -> DataReport:
    findings = Findings()
    findings.add("GET-1", Place(note=reason))
    return DataReport(findings=findings.found())


def _kept(report: DataReport) -> DataReport:
    """The report without the values of columns, which are the publisher's."""
    columns = tuple(replace(column, distinct={}) for column in report.columns)
    return replace(report, columns=columns)


def check_distribution(
    services: Services, checks: DataChecks, asked: DataCheck
) -> tuple[str, DataReport]:
    """What was fetched for a distribution, and what is wrong with it."""
    view = services.published.view()
    try:
        dataset = read_dataset(view.store, URIRef(asked.dataset))
        part = next(p for p in dataset.distributions if str(p.iri) == asked.distribution)
    except (NotFoundError, StopIteration):
        return "", _failed("Its dataset does not have it any more.")
    url = address_of(part)
    if not url:
        return "", _failed("No address is given.")
    stated = stated_of(dataset, part)
    with TemporaryDirectory(prefix="vocab-server-data-") as work:
        found = _Fetching(services, checks, asked.distribution, Path(work)).run(url, part, stated)
    checks.reach(asked.distribution, State.COMPARING)
    report = found.with_more(compare_columns(found, view, services.settings.languages))
    return url, report


def address_of(part: Distribution) -> str:
    """Where the file of a distribution is: its download address, else the one it has."""
    return part.first(DCAT.downloadURL) or part.first(DCAT.accessURL)


def stated_of(dataset: Dataset, part: Distribution) -> Stated:
    """What is said of the file of a distribution."""
    size = _SIZE.fullmatch(part.first(DCAT.byteSize))
    return Stated(
        format=format_name(part.first(DCT_FORMAT)),
        media_type=format_name(part.first(DCAT.mediaType)),
        size=int(size[1]) if size else 0,
        frequency=dataset.resource.first(DCT.accrualPeriodicity),
        has_contact=bool(dataset.contacts),
    )


@dataclass(frozen=True, slots=True)
class _Fetching:
    """One file on its way here."""

    services: Services
    checks: DataChecks
    distribution: str
    work: Path

    def run(self, url: str, part: Distribution, stated: Stated) -> DataReport:
        settings, target = self.services.settings, self.work / "data"
        limits = limits_of(settings)
        pause = timedelta(seconds=settings.link_delay)
        Links(self.services.database).hold(url, datetime.now(UTC) + pause)
        try:
            fetched = self._fetch(url, target, limits.size, limits.seconds)
        except TooLargeError:
            return only("GET-2")
        except InvalidError as error:
            return _failed(str(error))
        name = Path(unquote(urlsplit(url).path)).name or "data"
        told = Told(
            stated.format or stated.media_type,
            self._schema(url, part, target),
            self.checks.columns(self.distribution),
        )
        self.checks.reach(self.distribution, State.READING)
        report = look_into(target, name, told, limits)
        return report.with_more(compare(report, stated, sent_of(fetched), datetime.now(UTC)))

    def _fetch(self, url: str, target: Path, size: int, seconds: float) -> Fetched:
        internal = self.services.settings.internal_hosts
        return fetch_guarded(
            url, target, accept="*/*", internal=internal, size=size, seconds=seconds
        )

    def _schema(self, url: str, part: Distribution, target: Path) -> Mapping[str, Any] | None:
        """The description of a table: what it conforms to, or beside it (CSVW, 5.3)."""
        with target.open("rb") as file:
            if file.read(1) in (b"{", b"[", b"<", b""):
                return None  # no table
        named = [str(iri) for iri in part.links(DCT.conformsTo)][:MOST_SCHEMAS]
        bare = url.partition("?")[0].partition("#")[0]
        for address in (*named, f"{bare}-metadata.json"):
            found = self._described(address)
            if found is not None:
                return found
        return None

    def _described(self, address: str) -> Mapping[str, Any] | None:
        target = self.work / "schema"
        try:
            self._fetch(address, target, SCHEMA_SIZE, SCHEMA_SECONDS)
            found = json.loads(target.read_bytes())
        except (VocabServerError, ValueError, RecursionError):
            return None
        is_one = isinstance(found, dict) and found.keys() & {"fields", "tableSchema", "tables"}
        return found if is_one else None


def limits_of(settings: Settings) -> DataLimits:
    """How much one check may ask for."""
    return DataLimits(settings.data_size * MIB, settings.data_timeout, settings.data_memory * MIB)


def sent_of(fetched: Fetched) -> Sent:
    """What the server said of a file."""
    validators = fetched.validators
    try:
        changed = parsedate_to_datetime(validators.last_modified)
    except (OverflowError, ValueError):  # it does not say, or not in the way of RFC 9110, 5.6.7
        changed = None
    if changed is not None and changed.tzinfo is None:
        changed = changed.replace(tzinfo=UTC)
    has_validator = bool(changed or validators.etag)
    return Sent(fetched.url, fetched.media_type, changed, has_validator)
