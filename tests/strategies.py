"""Hypothesis strategies: terms, graphs and changes as real vocabularies have them, faults too."""

from collections.abc import Iterable

from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from vocab_server.rdf.change import Triple
from vocab_server.rdf.namespaces import OWL, RDF, RDFS, SKOS, SKOSXL

PLACE = "https://example.org/animals/"
SCHEME = URIRef(PLACE)
CONCEPTS = tuple(URIRef(f"{PLACE}{number}") for number in range(5))
FORMS = tuple(URIRef(f"{PLACE}label-{number}") for number in range(2))
LANGUAGES = ("", "en", "sv", "ko", "zh-hant")

texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('\x0b\x0c\x85\u2028\u2029"\\\n'),
    max_size=8,
)
languages = st.sampled_from(LANGUAGES)
concepts = st.sampled_from(CONCEPTS)
forms = st.sampled_from(FORMS)
labels = st.builds(lambda text, tag: Literal(text, lang=tag or None), texts, languages)
iris = st.sampled_from(
    [URIRef("urn:a"), URIRef("http://x/%20é?q=1&b#c"), URIRef("http://x/한국"), *CONCEPTS]
)
blank_nodes = st.sampled_from([BNode(f"b{number}") for number in range(4)])
typed = st.one_of(
    st.integers().map(lambda number: Literal(str(number), datatype=XSD.integer)),
    st.booleans().map(lambda value: Literal(str(value).lower(), datatype=XSD.boolean)),
    st.dates().map(lambda date: Literal(date.isoformat(), datatype=XSD.date, normalize=False)),
    texts.map(lambda text: Literal(text, datatype=URIRef("urn:datatype"))),
)


def triples(subjects: st.SearchStrategy, predicates: Iterable[Node], values: st.SearchStrategy):
    """Triples of these subjects, one of these predicates and one of these values."""
    return st.tuples(subjects, st.sampled_from(list(predicates)), values)


LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
skos_triples: st.SearchStrategy[Triple] = st.one_of(
    triples(concepts, [RDF.type], st.sampled_from([SKOS.Concept, SKOS.Collection])),
    triples(concepts, LABELS, labels),
    triples(concepts, [SKOS.broader, SKOS.narrower], concepts),
    triples(concepts, [SKOS.broader], concepts),
    triples(concepts, [SKOS.topConceptOf, SKOS.inScheme], st.just(SCHEME)),
    triples(st.just(SCHEME), [SKOS.hasTopConcept], concepts),
    triples(concepts, [SKOS.member], concepts),
    triples(concepts, [SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel], forms),
    triples(forms, [SKOSXL.literalForm], labels),
    triples(concepts, [OWL.deprecated], st.sampled_from([Literal(True), Literal(False)])),
    triples(concepts, [SKOS.notation, RDFS.comment], st.sampled_from([Literal("1"), Literal("2")])),
    triples(concepts, [SKOS.broader, SKOS.narrower, RDF.type], labels),  # not as SKOS has it
    triples(concepts, LABELS, concepts),
)
"""What a vocabulary of a few concepts may say: good, odd and wrong."""

family_triples: st.SearchStrategy[Triple] = st.one_of(
    triples(st.sampled_from(CONCEPTS[:3]), [SKOS.broader], st.sampled_from(CONCEPTS[:3])),
    triples(st.sampled_from(CONCEPTS[:3]), [SKOS.narrower], st.sampled_from(CONCEPTS[:3])),
    triples(st.sampled_from(CONCEPTS[:3]), [RDFS.comment, SKOS.prefLabel], st.just(Literal("1"))),
    triples(st.sampled_from(CONCEPTS[:3]), [SKOSXL.prefLabel], st.just(FORMS[0])),
    triples(st.just(FORMS[0]), [SKOSXL.literalForm], st.just(Literal("2"))),
)
"""What three concepts may say of each other: few triples, so that they often meet."""


def _edits(found: st.SearchStrategy[Triple], size: int, steps: int) -> st.SearchStrategy[list]:
    added = st.frozensets(found, max_size=size)
    return st.lists(st.tuples(added, st.frozensets(st.integers(0, 9))), min_size=1, max_size=steps)


edits = _edits(skos_triples, 8, 4) | _edits(family_triples, 2, 7)
"""Changes one after the other: what each adds, and the places of the triples that go."""

rdf_triples: st.SearchStrategy[Triple] = triples(
    iris | blank_nodes,
    [RDF.type, SKOS.prefLabel, RDF.first, RDF.rest, URIRef("urn:p")],
    iris | blank_nodes | labels | typed,
)
"""What any RDF may say, with blank nodes."""


def play(
    edits: Iterable[tuple[frozenset[Triple], frozenset[int]]],
) -> Iterable[tuple[frozenset[Triple], frozenset[Triple]]]:
    """What each of the edits adds to a graph that starts empty, and what it removes."""
    held: frozenset[Triple] = frozenset()
    for wanted, places in edits:
        old = sorted(held - wanted)
        removed = frozenset(old[place] for place in places if place < len(old))
        yield wanted - held, removed
        held = (held | wanted) - removed
