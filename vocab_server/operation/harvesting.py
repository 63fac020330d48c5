"""One harvest from beginning to end: fetched, compared, committed, and told of.

What fails changes nothing. What a source has no more is kept for a while, because servers make
mistakes more often than publishers withdraw data: it is taken out after GRACE_RUNS runs in which it
was missing, and not before GRACE.
"""

import logging
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from rdflib import URIRef

from vocab_server.catalog.export import datasets_of
from vocab_server.catalog.resources import dataset_id
from vocab_server.database.harvests import Harvests, Known, Outcome, Run, Source
from vocab_server.database.leases import end_lease, take_lease
from vocab_server.editing.catalog_importing import import_catalog
from vocab_server.editing.importing import Source as File
from vocab_server.errors import ConflictError, InvalidError, VocabServerError
from vocab_server.harvest import HARVESTERS
from vocab_server.harvest.harvested import Harvested, Item, items_of
from vocab_server.harvest.visiting import SECONDS, USUAL, Bounds, Visit
from vocab_server.outbound import NO_VALIDATORS, Validators
from vocab_server.rdf.graph_names import source_graph
from vocab_server.rdf.namespaces import DCAT, RDF
from vocab_server.services import Services

GRACE_RUNS = 3  # in which a dataset is missing before it is given up
GRACE = timedelta(days=2)  # since it was first missing
MOST_PROBLEMS = 200  # that are kept of a run
LOCAL = "harvest"  # the folder in the data directory for files to harvest
_log = logging.getLogger(__name__)


def harvest(
    services: Services,
    catalog: str,
    author: str,
    *,
    now: datetime | None = None,
    bounds: Bounds = USUAL,
) -> Run:
    """Make a catalog say what its source says now, and keep what came of it.

    A source that fails gives a run that says so. Raises NotFoundError for a catalog without a
    source, ConflictError when it is being harvested.
    """
    table = Harvests(services.database)
    source, holder = table.get(catalog), secrets.token_hex(16)
    lease = f"harvest:{catalog}"
    if not take_lease(services.database, lease, holder, 2 * SECONDS):
        raise ConflictError(f"The catalog {catalog!r} is being harvested just now.")
    started = now or datetime.now(UTC)
    try:
        found = _attempt(services, source, author, started, bounds)
    except VocabServerError as error:
        found = _Found(Outcome.FAILED, problems=(str(error),))
    except Exception:
        _log.exception("The harvest of %s failed.", catalog)
        found = _Found(Outcome.FAILED, problems=("It failed for a reason told in the log.",))
    finally:
        end_lease(services.database, lease, holder)
    run = found.told(source, started, now or datetime.now(UTC), author)
    kept = found.validators
    return replace(run, id=table.record(run, found.items or {}, kept.etag, kept.last_modified))


def harvest_soon(services: Services, catalog: str) -> None:
    """Let the background harvest a catalog next. Raises NotFoundError without a source."""
    Harvests(services.database).ask(catalog, datetime.now(UTC))


def harvest_due(services: Services) -> None:
    """Harvest every catalog whose time has come."""
    for catalog in Harvests(services.database).due(datetime.now(UTC)):
        try:
            harvest(services, catalog, "harvest")
        except VocabServerError as error:  # somebody harvests it, or took its source away
            _log.warning("%s was not harvested: %s", catalog, error)


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of an attempt; ``items`` are the datasets of which something is to be kept."""

    outcome: Outcome
    counts: Mapping[str, int] | None = None
    problems: tuple[str, ...] = ()
    number: int | None = None
    items: Mapping[str, Known] | None = None
    validators: Validators = NO_VALIDATORS

    def told(self, source: Source, started: datetime, ended: datetime, author: str) -> Run:
        more = len(self.problems) - MOST_PROBLEMS
        problems = self.problems[:MOST_PROBLEMS] + ((f"And {more} more.",) if more > 0 else ())
        return Run(
            catalog=source.catalog,
            started=started,
            ended=ended,
            author=author,
            outcome=self.outcome,
            problems=problems,
            number=self.number,
            **self.counts or {},
        )


def _attempt(
    services: Services, source: Source, author: str, now: datetime, bounds: Bounds
) -> _Found:
    table, settings = Harvests(services.database), services.settings
    known = table.known(source.catalog)
    is_short = any(item.missing_runs and not item.gone for item in known.values())
    # What is missing is only given up when it is looked for again.
    before = NO_VALIDATORS if is_short else Validators(source.etag, source.last_modified)
    base_iri = f"{settings.base}/catalogs/{source.catalog}/"
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as work:
        visit = Visit(Path(work), settings.data / LOCAL, settings.internal_hosts, bounds, base_iri)
        harvested = HARVESTERS[source.kind].run(source.address, visit, before)
        if harvested is None:
            there = sum(not item.gone for item in known.values())
            return _Found(Outcome.UNCHANGED, {"unchanged": there}, validators=before)
        return _taken_in(services, source, harvested, known, author, now)


def _taken_in(
    services: Services,
    source: Source,
    harvested: Harvested,
    known: Mapping[str, Known],
    author: str,
    now: datetime,
) -> _Found:
    items = items_of(harvested.file)
    if not items and any(not item.gone for item in known.values()):
        raise InvalidError("The source has no dataset any more. Nothing was changed: is it broken?")
    vanished = _vanished(known, items, now)
    kept = [URIRef(iri) for iri, item in vanished.items() if item.gone is None]
    _append(services, source.catalog, harvested.file, kept)
    report = import_catalog(
        services.writer,
        services.settings.base,
        source.catalog,
        File(harvested.file, source.address, "nt"),
        author,
        services.tagger(source.catalog),
        url=source.address if HARVESTERS[source.kind].is_remote else "",
    )
    counts = _counts(known, items) | {
        "missing": len(kept),
        "removed": len(vanished) - len(kept),
    }
    base = services.settings.base
    held = {
        iri: Known(dataset_id(base, iri), item.digest, item.title) for iri, item in items.items()
    }
    new = {iri: item for iri, item in held.items() if known.get(iri) != item}
    return _Found(
        Outcome.CHANGED if report.number else Outcome.UNCHANGED,
        counts,
        (*harvested.remarks, *report.holdings.remarks),
        report.number,
        new | vanished,
        harvested.validators,
    )


def _counts(known: Mapping[str, Known], items: Mapping[str, Item]) -> dict[str, int]:
    there = {iri for iri in items if iri in known and not known[iri].gone}
    changed = sum(known[iri].digest != items[iri].digest for iri in there)
    return {
        "added": len(items) - len(there),
        "changed": changed,
        "unchanged": len(there) - changed,
    }


def _vanished(
    known: Mapping[str, Known], items: Mapping[str, Item], now: datetime
) -> dict[str, Known]:
    """What the source had and has no more, once more missing; and gone when that is too often."""
    return {
        iri: _missed(item, now)
        for iri, item in known.items()
        if iri not in items and item.gone is None
    }


def _missed(item: Known, now: datetime) -> Known:
    since, runs = item.missing_since or now, item.missing_runs + 1
    is_gone = runs >= GRACE_RUNS and now - since >= GRACE
    return replace(item, missing_since=since, missing_runs=runs, gone=now if is_gone else None)


def _append(services: Services, catalog: str, file: Path, datasets: list[URIRef]) -> None:
    """Add what is held of datasets that are missing; what the source says otherwise goes first."""
    if not datasets:
        return
    graph = source_graph(services.settings.base, catalog)
    view = services.published.view()
    said = set(_subjects(file))
    held = sorted(datasets_of(view.store, [graph], datasets))
    catalogs = set(_catalogs(held))
    is_listing = partial(_is_listing, catalogs=catalogs)
    with file.open("ab") as target:
        for line in held:
            subject = line.split(b" ", 1)[0]
            if is_listing(line) or (subject not in said and subject not in catalogs):
                target.write(line.rstrip(b"\n") + b"\n")


def _subjects(file: Path) -> Iterable[bytes]:
    with file.open("rb") as lines:
        yield from (line.split(b" ", 1)[0] for line in lines)


_LISTS, _TYPE = f"<{DCAT.dataset}>".encode(), f"<{RDF.type}>".encode()
_CATALOG = f"<{DCAT.Catalog}>".encode()


def _catalogs(lines: Iterable[bytes]) -> Iterable[bytes]:
    for line in lines:
        subject, predicate, value = line.split(b" ", 2)
        if predicate == _TYPE and value.startswith(_CATALOG):
            yield subject


def _is_listing(line: bytes, catalogs: set[bytes]) -> bool:
    subject, predicate, _ = line.split(b" ", 2)
    return predicate == _LISTS and subject in catalogs
