"""What was done to a vocabulary or to one concept, as an Atom feed (RFC 4287, RFC 5005)."""

from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.__version__ import __version__
from vocab_server.api.atom import XML_LANG, feed_answer, link, neighbours, say
from vocab_server.errors import NotFoundError
from vocab_server.past import Entry, history_page, named_resource, shown_author
from vocab_server.rdf.dates import write_time
from vocab_server.reading import Page, interface_language, lens_for, page_number, view
from vocab_server.recent import ATOM
from vocab_server.services import services
from vocab_server.skos.hierarchy import items
from vocab_server.skos.telling import Told
from vocab_server.skos.told_groups import group_of
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("history_feeds", __name__, url_prefix="/feeds")

ENTRIES = 20  # on a page of a feed
SAID = 20  # things that a change did which an entry tells


@bp.get("/<identifier>/history.atom")
def atom(identifier: str) -> Response:
    """What was done to a vocabulary, or with ``?iri=`` to one concept, newest first."""
    vocabulary = view().vocabulary(identifier)
    resource, number = named_resource(vocabulary.graph), page_number()
    offset = (number - 1) * ENTRIES
    found, total = history_page(vocabulary.graph, resource, limit=ENTRIES, offset=offset)
    page = Page(found, number, ENTRIES, total)
    if number > page.pages:
        raise NotFoundError(f"There is no page {number}: the last one is {page.pages}.")
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", XML_LANG: interface_language()})
    say(feed, "id", _address("history_feeds.atom", vocabulary, resource))
    say(feed, "title", _("History of %(name)s", name=_name(vocabulary, resource)))
    newest = found[0].logged.time if found else view().published
    say(feed, "updated", write_time(newest))
    say(SubElement(feed, "author"), "name", "vocab-server")
    say(feed, "generator", "vocab-server").set("version", __version__)
    for relation, other in neighbours(page):
        link(feed, relation, _address("history_feeds.atom", vocabulary, resource, other), ATOM)
    link(feed, "alternate", _address("histories.show", vocabulary, resource), "text/html")
    for entry in found:
        feed.append(_entry(vocabulary, entry))
    body = tostring(feed, encoding="utf-8", xml_declaration=True)
    return feed_answer(body, f"{ATOM}; charset=utf-8")


def _entry(vocabulary: Vocabulary, entry: Entry) -> Element:
    logged, made = entry.logged, Element("entry")
    path = url_for("histories.change", identifier=vocabulary.id, number=logged.number)
    address = services().settings.base + path
    say(made, "id", uuid5(NAMESPACE_URL, address).urn)
    say(made, "title", logged.message)
    say(made, "updated", write_time(logged.time))
    say(SubElement(made, "author"), "name", shown_author(logged) or _("somebody"))
    link(made, "alternate", address, "text/html")
    say(made, "content", _content(entry)).set("type", "text")
    return made


def _content(entry: Entry) -> str:
    logged = entry.logged
    if entry.told is None:
        counts = {"added": logged.added, "removed": logged.removed}
        return str(_("%(added)s statements were added and %(removed)s removed.", **counts))
    return "\n".join(_line(item) for item in entry.told[:SAID])


def _line(item: Told) -> str:
    """One thing that was done, in short: programs read the JSON, people the page."""
    values = " → ".join(", ".join(map(str, some)) for some in (item.before, item.after) if some)
    return f"{group_of(item)}: {item.kind} {item.concept} {values}".rstrip()


def _name(vocabulary: Vocabulary, resource: URIRef | None) -> str:
    lens = lens_for(vocabulary.graph)
    if resource is None:
        return vocabulary.title(lens.languages).text
    return items(lens, [resource])[0].label.text


def _address(
    endpoint: str, vocabulary: Vocabulary, resource: URIRef | None, number: int = 1
) -> str:
    path = url_for(endpoint, identifier=vocabulary.id)
    kept = {"iri": resource} if resource else {}
    query = urlencode(kept | ({"page": number} if number > 1 else {}))
    return f"{services().settings.base}{path}{'?' if query else ''}{query}"
