"""Link headers: what a description is about, and where its other forms are.

Typed links that a program reads without opening the page (RFC 8288; signposting.org, FAIR
Signposting Profile, level 1).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from rdflib import URIRef
from rdflib.term import Node

from vocab_server.rdf.formats import DESCRIPTION_FORMATS
from vocab_server.rdf.namespaces import DCT, HYDRA, RDF, SKOS
from vocab_server.rdf.query import bind
from vocab_server.reading import document_url, view
from vocab_server.skos.concepts import Concept
from vocab_server.skos.vocabularies import Vocabulary

Triple = tuple[Node, Node, Node]

HTML = "text/html"
ITEMS = 20  # members that fit into a header; the description has all of them
ABOUT_PAGE = "https://schema.org/AboutPage"

_OWN = (
    RDF.type,
    DCT.isReplacedBy,
    DCT.license,
    DCT.creator,
    DCT.publisher,
    SKOS.inScheme,
    SKOS.topConceptOf,
)
_FACTS = """SELECT DISTINCT ?property ?value WHERE {
    { VALUES ?graph { $graphs } VALUES ?property { $own }
      GRAPH ?graph { $resource ?property ?value } }
    UNION
    { { SELECT DISTINCT ?value WHERE { VALUES ?graph { $graphs }
        GRAPH ?graph { $resource skos:member ?value } } LIMIT LIMIT_ }
      BIND (skos:member AS ?property) } }"""
_SETS = frozenset(map(str, (SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection)))


def link_headers(
    iri: URIRef,
    graphs: list[URIRef],
    vocabulary: Vocabulary | None,
    media_type: str,
    concept: Concept | None = None,
) -> list[str]:
    """The Link headers of the description of a resource in one of its forms, in a fixed order.

    Whoever has read the ``concept`` already gives it, too.
    """
    known = concept is not None and _is_all(concept, graphs)
    facts = _facts_of(concept) if concept and known else _facts(iri, graphs)
    found = [
        *_links("cite-as", [iri]),
        f'<{document_url(iri)}>; rel="canonical"',
        *_links("type", _types(facts[_TYPE])),
        *_links("license", _first(facts, vocabulary, DCT.license)),
        *_links("author", _first(facts, vocabulary, DCT.creator, DCT.publisher)),
        *_places("collection", facts[str(SKOS.inScheme)] or facts[str(SKOS.topConceptOf)]),
        *_places("successor-version", facts[str(DCT.isReplacedBy)]),
        *_items(iri, facts, vocabulary),
    ]
    return [*found, *_forms(iri, media_type)]


def external_url(iri: str) -> str:
    """The IRI itself where a browser may follow it, else "" (RFC 3986; no script addresses)."""
    # str(), because an rdflib term compares only the text of one prefix.
    return iri if str(iri).startswith(("http://", "https://")) else ""


@dataclass(frozen=True, slots=True)
class Paging:
    """A page of a description that comes in several; ``address`` ends where its number goes."""

    address: str
    number: int
    has_next: bool

    def headers(self) -> list[str]:
        """The pages before and after this one (RFC 8288; HTML, 4.6.7)."""
        return [f'<{address}>; rel="{name}"' for name, address in self._others() if name != "first"]

    def triples(self, iri: URIRef) -> list[Triple]:
        """The same for who reads the data without the headers (Hydra, 5.2); none for one page."""
        others = list(self._others())
        if not others:
            return []
        here = URIRef(self._at(self.number))
        found = [(iri, HYDRA.view, here), (here, RDF.type, HYDRA.PartialCollectionView)]
        names = {"first": HYDRA.first, "prev": HYDRA.previous, "next": HYDRA.next}
        return [*found, *((here, names[name], URIRef(address)) for name, address in others)]

    def _others(self) -> Iterator[tuple[str, str]]:
        if self.number > 1 or self.has_next:
            yield "first", self._at(1)
        if self.number > 1:
            yield "prev", self._at(self.number - 1)
        if self.has_next:
            yield "next", self._at(self.number + 1)

    def _at(self, number: int) -> str:
        return f"{self.address}{number}"


_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def _is_all(concept: Concept, graphs: list[URIRef]) -> bool:
    """Whether what a concept says of itself is all there is: in one graph, without members."""
    has_members = view().statistics(concept.graph).properties[str(SKOS.member)]
    return graphs == [concept.graph] and not has_members


def _facts_of(concept: Concept) -> dict[str, list[str]]:
    stated = {str(said): sorted(map(str, concept.stated.get(said, ()))) for said in _OWN}
    return defaultdict(list, stated)


def _facts(iri: URIRef, graphs: list[URIRef]) -> dict[str, list[str]]:
    query = _FACTS.replace("LIMIT_", str(ITEMS + 1))
    rows = view().store.select(bind(query, resource=iri, graphs=graphs, own=_OWN))
    facts: dict[str, list[str]] = defaultdict(list)
    for said, value in sorted((str(row["property"]), str(row["value"])) for row in rows):
        facts[said].append(value)
    return facts


def _types(stated: Iterable[str]) -> Iterator[str]:
    """The page's own type, the one search engines know, and those that the data state."""
    yield ABOUT_PAGE
    known = set(stated)
    if str(SKOS.Concept) in known:
        yield "https://schema.org/DefinedTerm"
    if known & _SETS:
        yield "https://schema.org/DefinedTermSet"
    yield from sorted(known)


def _first(
    facts: dict[str, list[str]], vocabulary: Vocabulary | None, *properties: URIRef
) -> list[str]:
    """What is said of the resource itself, or else of its vocabulary."""
    for wanted in properties:
        if facts[str(wanted)]:
            return facts[str(wanted)]
    stated = vocabulary.first(*properties) if vocabulary else None
    return [str(stated)] if stated is not None else []


def _items(
    iri: URIRef, facts: dict[str, list[str]], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """The files of a whole vocabulary, or the members of a small collection."""
    members = facts[str(SKOS.member)]
    if len(members) <= ITEMS:
        yield from _places("item", members)
    if vocabulary and any(scheme.iri == iri for scheme in vocabulary.schemes):
        for form in DESCRIPTION_FORMATS:
            file = f"/vocabularies/{vocabulary.id}.{form.extension}"
            yield f'<{file}>; rel="item"; type="{form.media_type}"'


def _forms(iri: URIRef, media_type: str) -> Iterator[str]:
    """The other forms of the description; a page is told apart from the data that it shows."""
    files = [(form.media_type, document_url(iri, form.extension)) for form in DESCRIPTION_FORMATS]
    if media_type == HTML:
        yield from (f'<{href}>; rel="describedby"; type="{kind}"' for kind, href in files)
    else:
        page = document_url(iri, "html")
        yield f'<{page}>; rel="describes"; type="{HTML}"'
        files.append((HTML, page))
    for kind, href in files:
        if kind != media_type:
            yield f'<{href}>; rel="alternate"; type="{kind}"'


def _links(relation: str, iris: Iterable[str]) -> Iterator[str]:
    """Links to what has an address of its own on the web."""
    return (f'<{written_iri(iri)}>; rel="{relation}"' for iri in iris if external_url(iri))


def _places(relation: str, iris: Iterable[str]) -> Iterator[str]:
    """Links to the descriptions that we have of resources."""
    return (f'<{document_url(iri)}>; rel="{relation}"' for iri in iris)


def written_iri(iri: str) -> str:
    """An IRI as a URI: a header has no other characters (RFC 3987, 3.1)."""
    return quote(str(iri), safe="%/:?#[]@!$&'()*+,;=~")
