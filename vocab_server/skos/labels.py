"""Labels: found for many resources in one query, resolved by one rule."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rdflib import Literal, URIRef
from rdflib.term import Node

from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.query import bind, is_iri
from vocab_server.store.base import Reader

FIRST = 4  # languages of the chain that are asked for before all others

_LABELS = """SELECT ?resource ?label WHERE { VALUES ?resource { $resources } GRAPH ?graph {
    { ?resource skos:prefLabel ?label }
    UNION { ?resource skosxl:prefLabel ?form . ?form skosxl:literalForm ?label } }
    FILTER (LANG(?label) IN ($languages)) }"""
_ANY_LABELS = """SELECT ?resource ?label WHERE { VALUES ?resource { $resources } GRAPH ?graph {
    VALUES ?property { skos:prefLabel dct:title rdfs:label foaf:name skosxl:literalForm
        skosxl:prefLabel schema:name }
    ?resource ?property ?found OPTIONAL { ?found skosxl:literalForm ?text }
    BIND (COALESCE(?text, ?found) AS ?label) FILTER (isLITERAL(?label)) } }"""

_DEFINITIONS = """SELECT ?resource ?label WHERE { VALUES ?resource { $resources } GRAPH ?graph {
    ?resource skos:definition ?found OPTIONAL { ?found rdf:value ?text }
    BIND (COALESCE(?text, ?found) AS ?label) FILTER (isLITERAL(?label)) } }"""


def to_label(literal: Node) -> Label:
    """The text and language of a literal."""
    language = literal.language if isinstance(literal, Literal) else None
    return Label(str(literal), language or "")


def labels_of(
    store: Reader,
    resources: Iterable[URIRef],
    languages: Sequence[str],
    graph: URIRef | None = None,
) -> dict[URIRef, Label]:
    """The label to show for each resource that has one, in any graph; see ``resolve``.

    Those in ``graph``, when it is given, go before those of other graphs in the first FIRST
    languages. One query for the first language, which is most often all; one for the next; one
    for the rest.
    """
    missing = sorted({iri for iri in resources if is_iri(iri)})
    found: dict[URIRef, Label] = {}
    for tags in (languages[:1], languages[1:FIRST]):
        if missing and tags:
            found |= _resolved(store, _listed(missing, tags, graph), languages)
            missing = [iri for iri in missing if iri not in found]
    if missing:
        found |= _resolved(store, bind(_ANY_LABELS, resources=missing), languages)
    return found


def definitions_of(
    store: Reader, resources: Iterable[URIRef], languages: Sequence[str]
) -> dict[URIRef, Label]:
    """The definition to show for each concept that has one, in any graph; one query."""
    listed = sorted({iri for iri in resources if is_iri(iri)})
    if not listed:
        return {}
    return _resolved(store, bind(_DEFINITIONS, resources=listed), languages)


def _listed(resources: Sequence[URIRef], tags: Sequence[str], graph: URIRef | None) -> str:
    commas = ", ".join(f"$language{place}" for place in range(len(tags)))
    values = {f"language{place}": Literal(tag) for place, tag in enumerate(tags)}
    query = _LABELS.replace("$languages", commas)
    if graph is None:
        return bind(query, resources=resources, **values)
    # Where the graph is known the engine looks it up in a third of the time.
    return bind(query.replace("?graph", "$graph"), resources=resources, graph=graph, **values)


def _resolved(store: Reader, query: str, languages: Sequence[str]) -> dict[URIRef, Label]:
    candidates: dict[URIRef, list[Label]] = defaultdict(list)
    for row in store.select(query):
        candidates[URIRef(row["resource"])].append(to_label(row["label"]))
    resolved = {iri: resolve(labels, languages) for iri, labels in candidates.items()}
    return {iri: label for iri, label in resolved.items() if label is not None}
