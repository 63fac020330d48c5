"""What publishers enter: catalogs, assets and their files, checked and committed.

What may be public is in the store from the first line on, so that it can be tagged, found and
counted. What is marked internal is in the database only, as the same statements, until somebody
makes it public; what was public once cannot be hidden again, only withdrawn.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import Literal, URIRef
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import (
    Registration,
)
from vocab_server.catalog.describing import Described, described_by, own_lines
from vocab_server.catalog.entering import (
    Filled,
    Given,
    ValueRefusedError,
    day_of,
    missing_of,
    period_of,
    statements_of,
    triples_of,
)
from vocab_server.catalog.profiles import RULES, Rule
from vocab_server.catalog.resources import Dataset, Distribution, read_dataset, to_dataset
from vocab_server.catalog.stages import (
    Blocker,
    Check,
    Stage,
    blocked_by,
    reason_of,
    stage_of,
    term_iri,
)
from vocab_server.database.assets import AssetNote, keep_notes
from vocab_server.errors import ForbiddenError, InvalidError, NotFoundError
from vocab_server.identity import demand
from vocab_server.rdf.change import Change, Triple, to_lines
from vocab_server.rdf.namespaces import ADMS, DCAT, DCT, RDF, VCARD
from vocab_server.rdf.query import is_iri
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.store.base import Reader

MOST_AT_ONCE = 100  # assets that are listed together
MOST_FILES = 100  # of one dataset
FILES = next(rule for rule in RULES if rule.property == DCAT.distribution)


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset of a register, with what is not public of it."""

    catalog: Registration
    dataset: Dataset
    note: AssetNote | None

    @property
    def id(self) -> str:
        """Its id in addresses."""
        return str(self.dataset.iri).rpartition("/")[2]

    @property
    def is_internal(self) -> bool:
        """Whether nobody but its publisher sees it."""
        return bool(self.note and self.note.hidden)

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        return stage_of(self.dataset) or Stage.PUBLISHED

    @property
    def checks(self) -> tuple[str, ...]:
        """The points of the checklist that hold."""
        return self.note.checks if self.note else ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a form says of the place of an asset in the register."""

    stage: Stage
    blockers: tuple[Blocker, ...] = ()
    checks: tuple[Check, ...] = ()
    reason: str = ""
    language: str = "en"
    available: str = ""
    is_internal: bool = False


def demand_keeper(identifier: str) -> tuple[Account, Registration]:
    """Who asks, and the catalog that they may enter data in.

    Raises SignInNeededError, ForbiddenError, and NotFoundError for no catalog. What is read from
    elsewhere is changed there.
    """
    catalog = view().catalog(identifier)
    account = demand(Permission.EDIT_DATASETS, identifier)
    if not is_kept_here(catalog):
        raise ForbiddenError(
            "The catalog %(identifier)r is read from elsewhere. Change its data where it is kept.",
            identifier=identifier,
        )
    return account, catalog


def is_kept_here(catalog: Registration) -> bool:
    """Whether the data of a catalog is entered here, and not read from somewhere."""
    return bool(_described(view().store, catalog, [catalog.main]))


def list_assets(identifier: str, titles: Sequence[str], language: str, *, internal: bool) -> int:
    """Enter assets by their titles, as inventoried; how many. Raises as ``demand_keeper``."""
    account, catalog = demand_keeper(identifier)
    if not 0 < len(titles) <= MOST_AT_ONCE:
        raise InvalidError("Write 1 to %(most)s lines, one for each asset.", most=MOST_AT_ONCE)
    standing = Standing(Stage.INVENTORIED)
    notes, triples = [], set()
    for title in titles:
        iri = _new_iri()
        own = _bare(catalog, iri) | _standing(iri, standing)
        own.add((iri, DCT.title, Literal(title, lang=language)))
        notes.append(_note(iri, catalog, account, own if internal else set()))
        triples |= set() if internal else own
    _commit(catalog, account, Change(catalog.graph, frozenset(triples)), notes, "List assets")
    return len(titles)


def find_asset(identifier: str, name: str) -> Asset:
    """An asset that the asker may change. Raises as ``demand_keeper``, and NotFoundError."""
    _account, catalog = demand_keeper(identifier)
    iri = URIRef(f"{services().settings.base}/datasets/{name}")
    note = services().assets.find(iri) if is_iri(iri) else None
    if note and note.hidden and note.catalog == identifier:
        described = described_by(note.hidden.encode().splitlines())
        return Asset(catalog, to_dataset(iri, [catalog.graph], described), note)
    found = read_dataset(view().store, iri)
    if catalog.graph not in found.graphs:
        raise NotFoundError(
            "The catalog %(identifier)r does not list %(iri)s.", identifier=identifier, iri=iri
        )
    return Asset(catalog, found, note)


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


def save_asset(asset: Asset, given: Given, standing: Standing) -> tuple[Stage, Filled]:
    """Make an asset say what a form says; the stage that it has then, and what is wrong.

    Nothing is kept when anything is wrong. It does not become published, or stay so, while
    something mandatory is missing: it is planned then, and everything else is kept.
    """
    (account, catalog), iri = demand_keeper(asset.catalog.id), asset.dataset.iri
    filled = _filled(iri, given)
    if filled.problems:
        return asset.stage, filled
    try:
        _standing(iri, standing)
    except ValueRefusedError as refused:
        return asset.stage, Filled(frozenset(), (("available", str(refused)),))
    if standing.is_internal and not asset.is_internal:
        raise InvalidError("What was public cannot be hidden again. Withdraw it instead.")
    said = _bare(catalog, iri) | filled.statements | _files(asset.dataset)
    lacking = missing_for(to_dataset(iri, [catalog.graph], described_by(_lines(said))))
    stage = standing.stage
    if stage is Stage.PUBLISHED and (lacking or standing.is_internal):
        stage = Stage.PLANNED
    said |= _standing(iri, standing, stage)
    _replace(asset, account, owned_by(iri), said, standing)
    return stage, filled


def save_file(asset: Asset, part: URIRef, given: Given) -> Filled:
    """Make a distribution of an asset say what a form says; it is new when it was not there."""
    account, _catalog = demand_keeper(asset.catalog.id)
    filled = statements_of(part, DCAT.Distribution, given)
    if filled.problems:
        return filled
    if part not in asset.dataset.described and len(asset.dataset.distributions) >= MOST_FILES:
        raise InvalidError("A dataset has at most %(most)s files.", most=MOST_FILES)
    said = {*filled.statements, (part, RDF.type, DCAT.Distribution)}
    lacking = missing_of(Distribution.of(part, described_by(_lines(said))), DCAT.Distribution)
    added, gone = _planned_again(asset) if lacking else (set(), set())
    held = asset.dataset.described.get(part, {})
    said |= {(asset.dataset.iri, DCAT.distribution, part)} | added
    before = {*triples_of(part, held), *gone}
    _change(asset, account, said - before, before - said, None)
    return filled


def remove_file(asset: Asset, part: URIRef) -> None:
    """Take a distribution away; a published dataset without one is planned again."""
    account, _catalog = demand_keeper(asset.catalog.id)
    is_last = len(asset.dataset.distributions) == 1
    added, gone = _planned_again(asset) if is_last else (set(), set())
    gone |= {*triples_of(part, asset.dataset.described.get(part, {}))}
    gone.add((asset.dataset.iri, DCAT.distribution, part))
    _change(asset, account, added, gone, None)


def new_file(asset: Asset) -> URIRef:
    """The address of a distribution to come."""
    return URIRef(f"{asset.dataset.iri}#file-{secrets.token_hex(4)}")


def missing_for(dataset: Dataset) -> list[Rule]:
    """What is mandatory for a published dataset and not there: its own, then of its files."""
    lacking = missing_of(dataset.resource, DCAT.Dataset)
    if not dataset.distributions:
        return [*lacking, FILES]
    for distribution in dataset.distributions:
        lacking += missing_of(distribution, DCAT.Distribution)
    return lacking


def _planned_again(asset: Asset) -> tuple[set[Triple], set[Triple]]:
    """What makes a published asset a planned one: to add, and to remove."""
    if asset.stage is not Stage.PUBLISHED:
        return set(), set()
    iri, base = asset.dataset.iri, services().settings.base
    return (
        {(iri, ADMS.status, term_iri(base, Stage.PLANNED))},
        {(iri, ADMS.status, term_iri(base, Stage.PUBLISHED))},
    )


def _lines(triples: Iterable[Triple]) -> list[bytes]:
    return [line.encode() for line in to_lines(triples)]


def _files(dataset: Dataset) -> set[Triple]:
    """What is said of the files of a dataset, which its own form does not change."""
    found: set[Triple] = set()
    for distribution in dataset.distributions:
        found.add((dataset.iri, DCAT.distribution, distribution.iri))
        found.update(triples_of(distribution.iri, distribution.values))
    return found


def _filled(iri: URIRef, given: Given) -> Filled:
    """What the form of a dataset says, with its contact and its period."""
    contact, period = owned_by(iri)[1:]
    own = statements_of(iri, DCAT.Dataset, given)
    desk = statements_of(contact, VCARD.Kind, given, "contactPoint.")
    days = period_of(period, given)
    said = set(own.statements | desk.statements | days.statements)
    if desk.statements:
        said |= {(iri, DCAT.contactPoint, contact), (contact, RDF.type, VCARD.Organization)}
        said.add((contact, RDF.type, VCARD.Kind))
    if days.statements:
        said.add((iri, DCT.temporal, period))
    return Filled(frozenset(said), own.problems + desk.problems + days.problems)


def owned_by(iri: URIRef) -> list[URIRef]:
    """What the form of a dataset describes: itself, its contact, its period."""
    return [iri, URIRef(f"{iri}#contact"), URIRef(f"{iri}#period")]


def _bare(catalog: Registration, iri: URIRef) -> set[Triple]:
    return {
        (iri, RDF.type, DCAT.Dataset),
        (iri, DCT.publisher, catalog.publisher),
        (catalog.main, DCAT.dataset, iri),
    }


def _standing(iri: URIRef, standing: Standing, stage: Stage | None = None) -> set[Triple]:
    base = services().settings.base
    said: set[Triple] = {(iri, ADMS.status, term_iri(base, stage or standing.stage))}
    said |= {(iri, blocked_by(base), term_iri(base, name)) for name in standing.blockers}
    if standing.reason:
        said.add((iri, reason_of(base), Literal(standing.reason, lang=standing.language)))
    if standing.available:
        said.add((iri, DCT.available, day_of(standing.available)))
    return said


def _replace(
    asset: Asset,
    account: Account,
    owned: Collection[URIRef],
    said: set[Triple],
    standing: Standing | None,
) -> None:
    """Say this of what is owned, and nothing else."""
    held = asset.dataset.described
    if not asset.is_internal:
        held = _described(view().store, asset.catalog, owned)
    before = {t for iri in owned for t in triples_of(iri, held.get(iri, {}))}
    _change(asset, account, said - before, before - said, standing)


def _change(
    asset: Asset,
    account: Account,
    added: Iterable[Triple],
    removed: Iterable[Triple],
    standing: Standing | None,
) -> None:
    iri, catalog = asset.dataset.iri, asset.catalog
    checks = standing.checks if standing else asset.checks
    change = Change(catalog.graph, frozenset(added), frozenset(removed))
    hidden: set[Triple] = set()
    if asset.is_internal:
        held = {t for s, values in asset.dataset.described.items() for t in triples_of(s, values)}
        hidden = (held - change.removed) | change.added
        change = Change(catalog.graph)
        if standing and not standing.is_internal:
            hidden, change = set(), Change(catalog.graph, frozenset(hidden))
    note = _note(iri, catalog, account, hidden, checks)
    _commit(catalog, account, change, [note], f"Describe {iri}")


def _commit(
    catalog: Registration,
    account: Account,
    change: Change,
    notes: Sequence[AssetNote],
    message: str,
) -> None:
    """Keep a change with the notes that belong to it, both or none."""

    def keep(session: Session, _number: int) -> None:
        keep_notes(session, notes)

    number = None
    if change:
        with services().writer.open() as transaction:
            number = transaction.commit([change], account.name, message, within=keep)
    if number is None:
        services().assets.keep(*notes)


def _note(
    iri: URIRef,
    catalog: Registration,
    account: Account,
    hidden: set[Triple],
    checks: Iterable[str] = (),
) -> AssetNote:
    return AssetNote(
        iri=str(iri),
        catalog=catalog.id,
        account=account.name,
        changed=datetime.now(UTC),
        hidden="\n".join(sorted(to_lines(hidden))),
        checks=tuple(checks),
    )


def _described(store: Reader, catalog: Registration, iris: Collection[URIRef]) -> Described:
    return described_by(own_lines(store, [catalog.graph], list(iris)))


def _new_iri() -> URIRef:
    return URIRef(f"{services().settings.base}/datasets/{secrets.token_hex(6)}")
