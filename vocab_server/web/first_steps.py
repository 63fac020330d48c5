"""What a new organisation does first, and where all organisations stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.accounts.register import holders_by_scope
from vocab_server.accounts.roles import Permission, Role
from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.peers import peers_of
from vocab_server.catalog.stages import Stage
from vocab_server.founding import awaited_from
from vocab_server.identity import current_account, requires
from vocab_server.listing.assets import hidden_assets
from vocab_server.listing.keepers import demand_keeper, kept_here
from vocab_server.rdf.languages import Label
from vocab_server.reading import Link, Page, document_url, languages, page_number, shown, view
from vocab_server.search.dataset_documents import DatasetCard
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.skos.reach import depths_of
from vocab_server.web.datasets import rows
from vocab_server.web.entering import title_of
from vocab_server.web.stage_texts import BLOCKERS, STAGES

bp = Blueprint("first_steps", __name__)
FIRST = 3  # assets that a new organisation begins with
ROWS = 20  # assets to go on with
ASKED = 50  # concepts that are compared with what is there
OFFERED = 8  # concepts that are shown
ON_PAGE = 50  # organisations


@dataclass(frozen=True, slots=True)
class Wanted:
    """A concept under which there is nothing yet, with how many ask for it or have it."""

    link: Link
    count: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an organisation has come."""

    listed: int
    is_open: int
    tagged: int

    @property
    def step(self) -> int:
        """The step to do next: 1 list, 2 open, 3 tag, 4 go on."""
        if self.listed < FIRST and not self.is_open:
            return 1
        if not self.is_open:
            return 2
        return 3 if not self.tagged else 4


@bp.get("/catalogs/<identifier>/start")
def show(identifier: str) -> ResponseReturnValue:
    """What the organisation does next, beginning with what people asked for.

    Whoever is to publish a catalog that is not here yet makes it first.
    """
    if identifier in awaited_from(current_account()):
        return redirect(url_for("catalog_making.new", id=identifier), HTTPStatus.SEE_OTHER)
    _account, catalog = demand_keeper(identifier)
    chosen = Chosen(catalogs=(catalog.graph,), without=())
    hidden = hidden_assets(catalog)
    cards, total = view().datasets.find(chosen, limit=ROWS)
    progress, asked = _progress(catalog, len(hidden)), _asked(catalog)
    return render_template(
        "catalogs/start.html",
        catalog=catalog,
        progress=progress,
        next_step=_next_step(catalog, progress, cards, has_requests=bool(asked)),
        first=FIRST,
        rows=list(zip(rows(cards), cards, strict=True)),
        total=total,
        hidden=[(title_of(asset), asset.id) for asset in hidden],
        stages=STAGES,
        asked=asked,
        peers=_peers(catalog),
        measure=view().datasets.measure(chosen),
    )


def _next_step(
    catalog: Registration,
    progress: Progress,
    cards: Sequence[DatasetCard],
    *,
    has_requests: bool,
) -> str:
    """Where the next step is taken, "" where that is on no page of its own."""
    if progress.step == 1:
        return url_for("entering.begin", identifier=catalog.id)
    if progress.step == 4:
        return "#asked" if has_requests else ""
    wanted = Stage.PUBLISHED if progress.step == 3 else Stage.INVENTORIED
    found = next((card for card in cards if card.stage == wanted), None)
    if found is None:
        return ""
    return url_for("entering.edit", identifier=catalog.id, name=found.id)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Where one organisation stands, what most often blocks it, when it last did something.

    One whose data is entered here has first steps, which are a list to talk about at a visit.
    """

    catalog: Registration
    progress: Progress
    stages: list[tuple[str, int]]
    blockers: list[tuple[str, int]]
    last: datetime | None
    is_kept_here: bool


@bp.get("/catalogs/support")
@requires(Permission.MANAGE_CATALOGS)
def support() -> ResponseReturnValue:
    """All organisations, those that wait longest at the first steps before the others."""
    hidden, last = services().assets.count_hidden(), services().assets.last_changes()
    number, catalogs = page_number(), view().catalogs
    some = catalogs[(number - 1) * ON_PAGE : number * ON_PAGE]
    kept = kept_here(some)
    found = [
        _organisation(c, hidden.get(c.id, 0), last.get(c.id), is_kept_here=c.graph in kept)
        for c in some
    ]
    found.sort(key=lambda each: (each.progress.step, each.last.timestamp() if each.last else 0))
    return render_template(
        "catalogs/support.html",
        page=Page(found, number, ON_PAGE, len(catalogs)),
        not_begun=_not_begun() if number == 1 else [],
    )


def _not_begun() -> list[tuple[str, list[str]]]:
    """The ids of catalogs that have publishers and are not here yet, with who these are."""
    here = {catalog.id for catalog in view().catalogs}
    publishers = holders_by_scope(services().database, Role.PUBLISHER)
    return [(scope, names) for scope, names in publishers if scope not in here]


def _organisation(
    catalog: Registration, hidden: int, last: datetime | None, *, is_kept_here: bool
) -> Organisation:
    chosen = Chosen(catalogs=(catalog.graph,), without=())
    stages = view().datasets.values("stage", chosen)
    blockers = view().datasets.values("blocker", chosen, 3)
    return Organisation(
        catalog,
        _progress(catalog, hidden),
        [(str(text), stages[stage]) for stage, text in STAGES.items() if stage in stages],
        [(str(BLOCKERS[b]), n) for b, n in blockers.items()],  # type: ignore[index]
        last,
        is_kept_here,
    )


def _progress(catalog: Registration, hidden: int) -> Progress:
    """What is there; what came from elsewhere and has no stage is open."""
    index, here = view().datasets, (catalog.graph,)
    waiting = (Stage.INVENTORIED, Stage.ASSESSED, Stage.PLANNED, Stage.WITHDRAWN)
    listed = index.count(Chosen(catalogs=here))
    is_open = Chosen(catalogs=here, without=waiting)
    return Progress(listed + hidden, index.count(is_open), index.count_tagged(is_open))


def _asked(catalog: Registration) -> list[Wanted]:
    """What people asked for and this organisation has nothing of."""
    return _lacking(catalog, services().data_requests.counts(ASKED))


def _peers(catalog: Registration) -> list[Wanted]:
    """What similar organisations have and this one has not, the most frequent first.

    What stands at the top of a hierarchy says little: it is left for when there is nothing else.
    """
    graphs = tuple(map(str, peers_of(view().store, catalog, view().catalogs)))
    if not graphs:
        return []
    counted = list(view().datasets.values("concept", Chosen(catalogs=graphs), ASKED).items())
    depths = depths_of(view().store, [URIRef(iri) for iri, _ in counted])
    counted.sort(key=lambda each: depths.get(URIRef(each[0]), 1) == 1)
    return _lacking(catalog, counted)


def _lacking(catalog: Registration, counted: list[tuple[str, int]]) -> list[Wanted]:
    own = Chosen(catalogs=(catalog.graph,), without=())
    has = view().datasets.count_under([iri for iri, _ in counted], own)
    found = [(URIRef(iri), count) for iri, count in counted if not has[iri]][:OFFERED]
    names = labels_of(view().store, [iri for iri, _ in found], languages())
    return [Wanted(concept_link(iri, names.get(iri)), count) for iri, count in found]


def concept_link(iri: URIRef, name: Label | None) -> Link:
    """The link to a concept whose name was looked up."""
    return Link(document_url(iri), shown(name or Label(local_name(iri))), iri=str(iri))
