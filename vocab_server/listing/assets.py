"""What publishers enter: catalogs, assets and their files, checked and committed.

What may be public is in the store from the first line on, so that it can be tagged, found and
counted. What is marked internal is in the database only, as the same statements, until somebody
makes it public; what was public once cannot be hidden again, only withdrawn.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef

from vocab_server.accounts.account import Account
from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.describing import described_by
from vocab_server.catalog.entering import (
    Filled,
    Given,
    ValueRefusedError,
    day_of,
    lines_of,
    missing_of,
    period_of,
    statements_of,
    triples_of,
)
from vocab_server.catalog.kinds import KINDS, PERIOD, Kind, kind_of
from vocab_server.catalog.profiles import RULES, Rule
from vocab_server.catalog.resources import Dataset, read_dataset, read_service, to_dataset
from vocab_server.catalog.stages import Blocker, Check, Stage, blocked_by, reason_of, term_iri
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.listing.entries import strange_links
from vocab_server.listing.files import FilesGiven, dated, described_files, files_of
from vocab_server.listing.keepers import (
    Asset,
    change_asset,
    commit_notes,
    demand_keeper,
    described_in,
    note_on,
)
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import ADMS, DCAT, DCT, RDF, VCARD
from vocab_server.rdf.query import is_iri
from vocab_server.reading import view
from vocab_server.services import services

MOST_AT_ONCE = 100  # assets that are listed together
FILES = next(rule for rule in RULES if rule.property == DCAT.distribution)


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of an asset in the register, as it is kept or as a form says it."""

    stage: Stage
    blockers: tuple[Blocker, ...] = ()
    checks: tuple[Check, ...] = ()
    reason: str = ""
    language: str = "en"
    available: str = ""
    is_internal: bool = False


DATASETS = KINDS["datasets"]


def list_assets(
    identifier: str,
    titles: Sequence[str],
    language: str,
    *,
    internal: bool,
    kind: Kind = DATASETS,
) -> list[URIRef]:
    """Enter assets by their titles, at their first stage. Raises as ``demand_keeper``."""
    account, catalog = demand_keeper(identifier)
    if not 0 < len(titles) <= MOST_AT_ONCE:
        raise InvalidError("Write 1 to %(most)s lines, one for each asset.", most=MOST_AT_ONCE)
    standing = Standing(kind.stages[0])
    notes, triples, iris = [], set(), []
    for title in titles:
        iri = new_iri(kind)
        own = _bare(catalog, iri, kind) | _standing(iri, standing)
        own.add((iri, DCT.title, Literal(title, lang=language)))
        notes.append(note_on(iri, catalog, account, own if internal else set()))
        triples |= set() if internal else own
        iris.append(iri)
    commit_notes(catalog, account, Change(catalog.graph, frozenset(triples)), notes, "List assets")
    return iris


def new_asset(identifier: str, kind: Kind) -> Asset:
    """An asset that is not there yet, for who may enter it. Raises as ``demand_keeper``."""
    _account, catalog = demand_keeper(identifier)
    iri = new_iri(kind)
    described = described_by(lines_of(_bare(catalog, iri, kind)))
    return Asset(catalog, to_dataset(iri, [catalog.graph], described), None)


def find_asset(identifier: str, name: str) -> Asset:
    """An asset that the asker may change. Raises as ``demand_keeper``, and NotFoundError."""
    _account, catalog = demand_keeper(identifier)
    for kind in (DATASETS, KINDS["services"]):
        found = _find_asset(catalog, _iri(kind, name))
        if found:
            return found
    raise NotFoundError(
        "The catalog %(identifier)r does not list %(iri)s.",
        identifier=identifier,
        iri=_iri(DATASETS, name),
    )


def _find_asset(catalog: Registration, iri: URIRef) -> Asset | None:
    note = services().assets.find(iri) if is_iri(iri) else None
    if note and note.hidden and note.catalog == catalog.id:
        described = described_by(note.hidden.encode().splitlines())
        return Asset(catalog, to_dataset(iri, [catalog.graph], described), note)
    read = read_service if "/services/" in iri else read_dataset
    try:
        found = read(view().store, iri)
    except NotFoundError:
        return None
    return Asset(catalog, found, note) if catalog.graph in found.graphs else None


def hidden_assets(catalog: Registration) -> list[Asset]:
    """The internal assets of a catalog, for who may see them."""
    notes = services().assets.hidden(catalog.id, MOST_AT_ONCE)
    return [
        Asset(
            catalog,
            to_dataset(
                URIRef(note.iri), [catalog.graph], described_by(note.hidden.encode().splitlines())
            ),
            note,
        )
        for note in notes
    ]


def save_asset(
    asset: Asset, given: Given, standing: Standing, files: FilesGiven | None = None
) -> tuple[Stage, Filled]:
    """Make an asset say what a form says; the stage that it has then, and what is wrong.

    ``files`` are what is said of all its files, None for as it is said now.

    Nothing is kept when anything is wrong. It does not become published, or stay so, while
    something mandatory is missing: it is planned then, and everything else is kept.
    """
    (account, catalog), iri = demand_keeper(asset.catalog.id), asset.dataset.iri
    kind = asset.kind
    filled = strange_links(catalog, _filled(iri, kind, given), asset.dataset.described)
    told = described_files(asset, files)
    filled = Filled(filled.statements, filled.problems + told.problems)
    if filled.problems:
        return asset.stage, filled
    try:
        _standing(iri, standing)
    except ValueRefusedError as refused:
        return asset.stage, Filled(frozenset(), (("available", str(refused)),))
    if standing.is_internal and not asset.is_internal:
        raise InvalidError("What was public cannot be hidden again. Withdraw it instead.")
    if standing.stage not in kind.stages:
        raise InvalidError("It can only be: %(stages)s.", stages=", ".join(kind.stages))
    said = _bare(catalog, iri, kind) | filled.statements | told.statements
    lacking = missing_for(to_dataset(iri, [catalog.graph], described_by(lines_of(said))))
    stage = standing.stage
    if stage is Stage.PUBLISHED and (lacking or standing.is_internal):
        stage = Stage.PLANNED
    if stage is Stage.PUBLISHED and kind.has(DCT.issued):
        own = frozenset(triple for triple in said if triple[0] == iri)
        said |= dated(iri, own)
    said |= _standing(iri, standing, stage)
    _replace(asset, account, said, standing)
    return stage, filled


def missing_for(dataset: Dataset) -> list[Rule]:
    """What is mandatory for a published dataset and not there: its own, then of its files."""
    kind = kind_of(dataset.resource)
    lacking = missing_of(dataset.resource, kind.of)
    if not kind.is_dataset:
        return lacking
    if not dataset.distributions:
        return [*lacking, FILES]
    for distribution in dataset.distributions:
        lacking += missing_of(distribution, DCAT.Distribution)
    return lacking


def _filled(iri: URIRef, kind: Kind, given: Given) -> Filled:
    """What the form of an entry says, with its contact and its period."""
    contact, period = owned_by(iri)[1:]
    own = statements_of(iri, kind.of, given)
    desk = statements_of(contact, VCARD.Kind, given, "contactPoint.")
    days = period_of(period, given if kind.has(PERIOD) else {})
    said = set(own.statements | desk.statements | days.statements)
    if desk.statements:
        said |= {(iri, DCAT.contactPoint, contact), (contact, RDF.type, VCARD.Organization)}
        said.add((contact, RDF.type, VCARD.Kind))
    if days.statements:
        said.add((iri, DCT.temporal, period))
    return Filled(frozenset(said), own.problems + desk.problems + days.problems)


def owned_by(iri: URIRef) -> list[URIRef]:
    """What the form of an entry describes: itself, its contact, its period."""
    return [iri, URIRef(f"{iri}#contact"), URIRef(f"{iri}#period")]


def _bare(catalog: Registration, iri: URIRef, kind: Kind) -> set[Triple]:
    listed: set[Triple] = {(catalog.main, way, iri) for way in kind.listed_by}
    return {(iri, RDF.type, kind.of), (iri, DCT.publisher, catalog.publisher)} | listed


def _standing(iri: URIRef, standing: Standing, stage: Stage | None = None) -> set[Triple]:
    base = services().settings.base
    said: set[Triple] = {(iri, ADMS.status, term_iri(base, stage or standing.stage))}
    said |= {(iri, blocked_by(base), term_iri(base, name)) for name in standing.blockers}
    if standing.reason:
        said.add((iri, reason_of(base), Literal(standing.reason, lang=standing.language)))
    if standing.available:
        said.add((iri, DCT.available, day_of(standing.available)))
    return said


def _replace(asset: Asset, account: Account, said: set[Triple], standing: Standing) -> None:
    """Say this of what the form of an entry describes, and nothing else."""
    owned, held = owned_by(asset.dataset.iri), asset.dataset.described
    if not asset.is_internal:
        held = described_in(view().store, asset.catalog, owned)
    before = {t for iri in owned for t in triples_of(iri, held.get(iri, {}))}
    before |= files_of(asset.dataset)
    change_asset(
        asset,
        account,
        said - before,
        before - said,
        standing.checks,
        is_revealed=not standing.is_internal,
    )


def new_iri(kind: Kind) -> URIRef:
    """The address of an entry to come."""
    return _iri(kind, secrets.token_hex(6))


def _iri(kind: Kind, name: str) -> URIRef:
    return URIRef(f"{services().settings.base}/{kind.place}/{name}")
