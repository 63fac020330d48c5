"""The files and interfaces of a dataset, as publishers enter them."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from vocab_server.catalog.describing import described_by
from vocab_server.catalog.entering import (
    Filled,
    Given,
    lines_of,
    missing_of,
    statements_of,
    triples_of,
)
from vocab_server.catalog.resources import Dataset, Distribution
from vocab_server.catalog.stages import Stage, term_iri
from vocab_server.errors import InvalidError
from vocab_server.listing.entries import strange_links
from vocab_server.listing.keepers import Asset, change_asset, demand_keeper
from vocab_server.rdf.change import Triple
from vocab_server.rdf.namespaces import ADMS, DCAT, DCT, RDF
from vocab_server.services import services

MOST_FILES = 100  # of one dataset
FilesGiven = Sequence[tuple[URIRef, Given]]


def save_file(asset: Asset, part: URIRef, given: Given) -> Filled:
    """Make a distribution of an asset say what a form says; it is new when it was not there."""
    account, catalog = demand_keeper(asset.catalog.id)
    if not asset.kind.is_dataset:
        raise InvalidError("Only a dataset has files.")
    filled = statements_of(part, DCAT.Distribution, given)
    filled = strange_links(catalog, filled, asset.dataset.described)
    if filled.problems:
        return filled
    if part not in asset.dataset.described and len(asset.dataset.distributions) >= MOST_FILES:
        raise InvalidError("A dataset has at most %(most)s files.", most=MOST_FILES)
    said = {*dated(part, filled.statements), (part, RDF.type, DCAT.Distribution)}
    lacking = missing_of(Distribution.of(part, described_by(lines_of(said))), DCAT.Distribution)
    added, gone = _planned_again(asset) if lacking else (set(), set())
    held = asset.dataset.described.get(part, {})
    said |= {(asset.dataset.iri, DCAT.distribution, part)} | added
    before = {*triples_of(part, held), *gone}
    change_asset(asset, account, said - before, before - said)
    return filled


def remove_file(asset: Asset, part: URIRef) -> None:
    """Take a distribution away; a published dataset without one is planned again."""
    account, _catalog = demand_keeper(asset.catalog.id)
    is_last = len(asset.dataset.distributions) == 1
    added, gone = _planned_again(asset) if is_last else (set(), set())
    gone |= {*triples_of(part, asset.dataset.described.get(part, {}))}
    gone.add((asset.dataset.iri, DCAT.distribution, part))
    change_asset(asset, account, added, gone)


def new_file(asset: Asset) -> URIRef:
    """The address of a distribution to come."""
    return URIRef(f"{asset.dataset.iri}#file-{secrets.token_hex(4)}")


def described_files(asset: Asset, files: FilesGiven | None) -> Filled:
    """What is said of all files of an asset; of those of now when nothing is given.

    The names of fields with a problem begin with the place of the file in the list.
    """
    if files is None:
        return Filled(frozenset(files_of(asset.dataset)), ())
    said: set[Triple] = set()
    problems: list[tuple[str, str]] = []
    for place, (part, given) in enumerate(files):
        own = statements_of(part, DCAT.Distribution, given)
        own = strange_links(asset.catalog, own, asset.dataset.described)
        said |= dated(part, own.statements)
        said |= {(part, RDF.type, DCAT.Distribution), (asset.dataset.iri, DCAT.distribution, part)}
        problems += [(f"distribution.{place}.{name}", text) for name, text in own.problems]
    return Filled(frozenset(said), tuple(problems))


def files_of(dataset: Dataset) -> set[Triple]:
    """What is said of the files of a dataset now."""
    found: set[Triple] = set()
    for part in dataset.distributions:
        found.add((dataset.iri, DCAT.distribution, part.iri))
        found.update(triples_of(part.iri, part.values))
    return found


def dated(subject: URIRef, said: frozenset[Triple]) -> set[Triple]:
    """Statements with the days on which something was published and changed: today if not said.

    What was published later or changed earlier than today decides on the other day.
    """
    days = {wanted: str(value) for _, wanted, value in said if wanted in (DCT.issued, DCT.modified)}
    today = datetime.now(UTC).date().isoformat()
    issued = days.get(DCT.issued, min(today, days.get(DCT.modified, today)))
    modified = days.get(DCT.modified, max(today, issued))
    found = ((DCT.issued, issued), (DCT.modified, modified))
    return {*said, *((subject, way, Literal(day, datatype=XSD.date)) for way, day in found)}


def _planned_again(asset: Asset) -> tuple[set[Triple], set[Triple]]:
    """What makes a published asset a planned one: to add, and to remove."""
    if asset.stage is not Stage.PUBLISHED:
        return set(), set()
    iri, base = asset.dataset.iri, services().settings.base
    return (
        {(iri, ADMS.status, term_iri(base, Stage.PLANNED))},
        {(iri, ADMS.status, term_iri(base, Stage.PUBLISHED))},
    )
