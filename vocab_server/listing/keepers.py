"""Who may enter data in a catalog, and how what they enter is kept: all of it or nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from rdflib import URIRef
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.describing import Described, described_by, own_lines
from vocab_server.catalog.entering import triples_of
from vocab_server.catalog.kinds import Kind, kind_of
from vocab_server.catalog.resources import Dataset
from vocab_server.catalog.stages import Stage, stage_of
from vocab_server.database.assets import AssetNote, find_note, keep_notes
from vocab_server.errors import ForbiddenError, StaleError
from vocab_server.identity import demand
from vocab_server.rdf.change import Change, Triple, to_lines
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.store.base import Reader

TAG = 32  # characters of a tag
_KEPT = """SELECT DISTINCT ?graph WHERE { VALUES (?graph ?main) { $places }
    GRAPH ?graph { ?main a dcat:Catalog } }"""


@dataclass(frozen=True, slots=True)
class Asset:
    """An entry of a catalog kept here, with what is not public of it: see KINDS.

    What is no dataset is read as one, without files.
    """

    catalog: Registration
    dataset: Dataset
    note: AssetNote | None

    @property
    def id(self) -> str:
        """Its id in addresses."""
        return str(self.dataset.iri).rpartition("/")[2]

    @property
    def kind(self) -> Kind:
        """What kind of entry it is."""
        return kind_of(self.dataset.resource)

    @property
    def tag(self) -> str:
        """What differs whenever anything that is said of it does, or its checklist."""
        said = (
            t for iri, values in self.dataset.described.items() for t in triples_of(iri, values)
        )
        whole = "\n".join((*sorted(to_lines(said)), *sorted(self.checks)))
        return sha256(whole.encode()).hexdigest()[:TAG]

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
    return catalog.graph in kept_here([catalog])


def kept_here(catalogs: Collection[Registration]) -> set[URIRef]:
    """The graphs of those catalogs whose data is entered here; one query for all."""
    if not catalogs:
        return set()
    places = [(catalog.graph, catalog.main) for catalog in catalogs]
    rows = view().store.select(bind(_KEPT, places=places))
    return {URIRef(row["graph"]) for row in rows}


def change_asset(
    asset: Asset,
    account: Account,
    added: Iterable[Triple],
    removed: Iterable[Triple],
    checks: Iterable[str] | None = None,
    *,
    is_revealed: bool = False,
) -> None:
    """Keep a change of an entry; what is internal stays so unless it is revealed.

    ``checks`` are the points of the checklist that hold, None for those of before. Raises
    StaleError when somebody changed the entry since it was read.
    """
    iri, catalog = asset.dataset.iri, asset.catalog
    change = Change(catalog.graph, frozenset(added), frozenset(removed))
    hidden: set[Triple] = set()
    if asset.is_internal:
        held = {t for s, values in asset.dataset.described.items() for t in triples_of(s, values)}
        hidden = (held - change.removed) | change.added
        change = Change(catalog.graph)
        if is_revealed:
            hidden, change = set(), Change(catalog.graph, frozenset(hidden))
    note = note_on(iri, catalog, account, hidden, asset.checks if checks is None else checks)
    commit_notes(catalog, account, change, [note], f"Describe {iri}", (asset,))


def commit_notes(
    catalog: Registration,
    account: Account,
    change: Change,
    notes: Sequence[AssetNote],
    message: str,
    seen: Sequence[Asset] = (),
) -> None:
    """Keep a change with the notes that belong to it, both or none.

    Raises StaleError when one of the entries that were ``seen`` was changed meanwhile.
    """

    def keep(session: Session, _number: int) -> None:
        _refuse_stale(session, seen)
        keep_notes(session, notes)

    number = None
    if change:
        with services().writer.open() as transaction:
            number = transaction.commit([change], account.name, message, within=keep)
    if number is None:
        with Session(services().database) as session, session.begin():
            keep(session, 0)


def _refuse_stale(session: Session, seen: Sequence[Asset]) -> None:
    for asset in seen:
        if find_note(session, str(asset.dataset.iri)) != asset.note:
            raise StaleError(
                "Somebody changed %(iri)s meanwhile. Nothing is saved: look at it again first.",
                iri=asset.dataset.iri,
            )


def note_on(
    iri: URIRef,
    catalog: Registration,
    account: Account,
    hidden: set[Triple],
    checks: Iterable[str] = (),
) -> AssetNote:
    """What is kept of an entry besides what is public, as of now."""
    return AssetNote(
        iri=str(iri),
        catalog=catalog.id,
        account=account.name,
        changed=datetime.now(UTC),
        hidden="\n".join(sorted(to_lines(hidden))),
        checks=tuple(checks),
    )


def described_in(store: Reader, catalog: Registration, iris: Collection[URIRef]) -> Described:
    """What a catalog says of some resources."""
    return described_by(own_lines(store, [catalog.graph], list(iris)))
