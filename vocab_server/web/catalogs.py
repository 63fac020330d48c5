"""Pages of catalogs: which there are, and what each lists."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import Literal, URIRef

from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.resources import Resource, read_resource
from vocab_server.database.harvests import Harvests
from vocab_server.founding import awaited_from
from vocab_server.identity import current_account
from vocab_server.listing.keepers import is_kept_here
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, get_format, negotiate
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.namespaces import DCT, FOAF
from vocab_server.rdf.query import bind
from vocab_server.reading import Download, languages, shown, view
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services
from vocab_server.skos.labels import to_label
from vocab_server.web.choices import ended_concepts
from vocab_server.web.datasets import rows
from vocab_server.web.scores import first_to_do, score_values

bp = Blueprint("catalogs", __name__)

HTML = "text/html"
OFFERS = (HTML, *(form.media_type for form in DESCRIPTION_FORMATS))
NEWEST = 10  # datasets that the page of a catalog shows
TO_DO = 5  # things that its publishers are told to do first
_MAIN = """SELECT DISTINCT ?catalog WHERE { GRAPH $graph { ?catalog a dcat:Catalog } }
    ORDER BY ?catalog LIMIT 2"""
_TITLES = """SELECT ?graph ?catalog ?title WHERE { VALUES ?graph { $graphs }
    GRAPH ?graph { ?catalog a dcat:Catalog OPTIONAL { ?catalog dct:title ?title } } }"""


@bp.get("/catalogs")
def index() -> ResponseReturnValue:
    """All catalogs."""
    counts = view().datasets.catalogs()
    titles = titles_in([catalog.graph for catalog in view().catalogs])
    listed = [(c, titles.get(c.graph, c.title), counts.get(c.graph, 0)) for c in view().catalogs]
    return render_template(
        "catalogs/index.html", catalogs=listed, to_make=awaited_from(current_account())
    )


@bp.get("/catalogs/<identifier>")
def show(identifier: str) -> ResponseReturnValue:
    """A catalog; its address is also the name of its graph, so who asks for RDF is led to that."""
    catalog = view().catalog(identifier)
    media_type = negotiate(request.headers.get("Accept"), OFFERS)
    if media_type == HTML:
        response = make_response(_page(catalog))
    else:
        extension = get_format(media_type).extension
        address = url_for("dcat.download", identifier=identifier, extension=extension)
        response = redirect(address, 303)  # type: ignore[assignment]
    response.vary.add("Accept")
    return response


def _to_choose(catalog: Registration) -> int:
    """How many concepts wait for a choice, for who may make it."""
    account = current_account()
    if account is None or not account.may(Permission.TAG_DATASETS, catalog.id):
        return 0
    return len(ended_concepts(catalog))


@dataclass(frozen=True, slots=True)
class Main:
    """What the one catalog in a graph says of itself, as far as it is one."""

    title: Label
    description: Label | None = None
    publisher: Label | None = None


def _main(catalog: Registration) -> Main:
    found = view().store.select(bind(_MAIN, graph=catalog.graph))
    if len(found) != 1:
        return Main(catalog.title)
    about = _read(catalog, URIRef(found[0]["catalog"]))
    title = resolve(about.texts(DCT.title), languages())
    description = resolve(about.texts(DCT.description), languages())
    publisher = next(iter(about.links(DCT.publisher)), None)
    names = _read(catalog, publisher).texts(FOAF.name) if publisher else ()
    name = resolve(names, languages())
    return Main(
        shown(title) if title else catalog.title,
        shown(description) if description else None,
        shown(name) if name else None,
    )


def titles_in(graphs: Sequence[URIRef]) -> dict[URIRef, Label]:
    """What the one catalog in each graph is called, as far as it is one; one query for all."""
    said: dict[URIRef, dict[URIRef, list[Label]]] = defaultdict(lambda: defaultdict(list))
    for row in view().store.select(bind(_TITLES, graphs=graphs)) if graphs else ():
        titles = said[URIRef(row["graph"])][URIRef(row["catalog"])]
        if isinstance(row.get("title"), Literal):
            titles.append(to_label(row["title"]))
    alone = {graph: next(iter(of.values())) for graph, of in said.items() if len(of) == 1}
    return {
        graph: shown(title)
        for graph, titles in alone.items()
        if (title := resolve(sorted(titles, key=astuple), languages()))
    }


def _read(catalog: Registration, iri: URIRef) -> Resource:
    return read_resource(view().store, iri, [catalog.graph])


def _page(catalog: Registration) -> str:
    main, chosen = _main(catalog), Chosen(catalogs=(catalog.graph,))
    newest, total = view().datasets.find(chosen, limit=NEWEST)
    account = current_account()
    is_own = account is not None and account.may(Permission.EDIT_DATASETS, catalog.id)
    place, to_do = first_to_do(catalog.id, TO_DO) if is_own else (None, [])
    return render_template(
        "catalogs/show.html",
        catalog=catalog,
        name=main.title,
        description=main.description,
        publisher=main.publisher,
        is_harvested=Harvests(services().database).find(catalog.id) is not None,
        total=total,
        tagged=view().datasets.count_tagged(chosen),
        measure=view().datasets.measure(chosen),
        is_kept_here=is_kept_here(catalog),
        to_choose=_to_choose(catalog),
        place=place,
        to_do=to_do,
        **score_values(),
        rows=rows(newest),
        downloads=[
            Download(
                url_for("dcat.download", identifier=catalog.id, extension=form.extension),
                form.title,
                form.media_type,
            )
            for form in DESCRIPTION_FORMATS
        ],
    )
