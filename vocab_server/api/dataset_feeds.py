"""Datasets as an Atom feed: of a concept with all below it, of a catalog, or all (RFC 4287)."""

from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.__version__ import __version__
from vocab_server.api.atom import XML_LANG, feed_answer, link, neighbours, say
from vocab_server.api.parameters import iri
from vocab_server.errors import NotFoundError
from vocab_server.rdf.dates import read_date, write_time
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.plain_text import without_markup
from vocab_server.reading import Page, interface_language, languages, page_number, view
from vocab_server.recent import ATOM
from vocab_server.search.dataset_documents import DatasetCard
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of

bp = Blueprint("dataset_feeds", __name__, url_prefix="/feeds")

ENTRIES = 50  # on a page of a feed


@bp.get("/datasets.atom")
def atom() -> Response:
    """The datasets, the newest first; ``?concept=`` and ``?catalog=`` narrow them down."""
    concept = iri("concept") if request.args.get("concept") else None
    catalog = request.args.get("catalog", "")
    graphs = (view().catalog(catalog).graph,) if catalog else ()
    number = page_number()
    chosen = Chosen(concepts=(concept,) if concept else (), catalogs=graphs)
    cards, total = view().datasets.find(chosen, limit=ENTRIES, offset=(number - 1) * ENTRIES)
    page = Page(cards, number, ENTRIES, total)
    if number > page.pages:
        raise NotFoundError(f"There is no page {number}: the last one is {page.pages}.")
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", XML_LANG: interface_language()})
    say(feed, "id", _address("dataset_feeds.atom"))
    say(feed, "title", _title(concept, catalog))
    say(feed, "updated", _time(cards[0]) if cards else write_time(view().published))
    say(SubElement(feed, "author"), "name", "vocab-server")
    say(feed, "generator", "vocab-server").set("version", __version__)
    for relation, other in neighbours(page):
        link(feed, relation, _address("dataset_feeds.atom", other), ATOM)
    link(feed, "alternate", _address("datasets.index"), "text/html")
    for card in cards:
        feed.append(_entry(card))
    body = tostring(feed, encoding="utf-8", xml_declaration=True)
    return feed_answer(body, f"{ATOM}; charset=utf-8")


def _entry(card: DatasetCard) -> Element:
    made = Element("entry")
    page = services().settings.base + url_for("datasets.show", identifier=card.id)
    title = resolve(card.titles, languages()) or Label(local_name(card.iri))
    say(made, "id", uuid5(NAMESPACE_URL, card.iri).urn)
    say(made, "title", title.text, title.language)
    say(made, "updated", _time(card))
    link(made, "alternate", page, "text/html")
    if text := resolve(card.descriptions, languages()):
        say(made, "summary", without_markup(text).text, text.language)
    for concept in card.concepts:
        SubElement(made, "category", {"term": concept})
    return made


def _time(card: DatasetCard) -> str:
    """When a dataset was changed, by what its publisher says; else when this was published."""
    span = read_date(card.modified)
    return write_time(span.start if span else view().published)


def _title(concept: URIRef | None, catalog: str) -> str:
    names = labels_of(view().store, [concept] if concept else [], languages())
    about = names[concept].text if concept in names else str(concept or "")
    named = [about, view().catalog(catalog).title.text if catalog else ""]
    return " – ".join(filter(None, [_("Datasets"), *named]))


def _address(endpoint: str, number: int | None = None) -> str:
    kept = [(n, v) for n in ("concept", "catalog") if (v := request.args.get(n))]
    if number and number > 1:
        kept.append(("page", str(number)))
    address = services().settings.base + url_for(endpoint)
    return f"{address}?{urlencode(kept)}" if kept else address
