"""Concepts that are named in fewer languages than others."""

from collections import Counter
from collections.abc import Iterator

from rdflib import URIRef

from vocab_server.quality.check import Material
from vocab_server.quality.same_names import preferred, tag_of
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind


def in_fewer_languages(material: Material) -> Iterator[bytes]:
    """Concepts in use that lack a language which another concept has a preferred term in."""
    counts: Counter[bytes] = Counter()
    tags: set[bytes] = set()
    for subject, tag in {(line.split(b" ", 1)[0], tag_of(line)) for line in preferred(material)}:
        if tag.startswith(b"@"):
            counts[subject] += 1
            tags.add(tag)
    path = SKOS.prefLabel.n3().encode()
    concepts = material.store.lines(bind(_CONCEPTS, graph=material.graph))
    for line in concepts:
        subject = line.split(b" ", 1)[0]
        if 0 < counts[subject] < len(tags) and subject not in material.retired:
            yield b" ".join((subject, path, subject, b"."))


_CONCEPTS = """CONSTRUCT { ?concept a skos:Concept } WHERE { GRAPH $graph {
    ?concept a skos:Concept } }"""


def no_common_language(material: Material) -> Iterator[bytes]:
    """One finding, on the graph: there is no language that all concepts are named in."""
    rows = material.store.select(bind(_COMMON, graph=material.graph))
    counts = {str(row["tag"]): int(str(row["named"])) for row in rows if "tag" in row}
    concepts = int(str(rows[0]["concepts"])) if rows else 0
    if counts and max(counts.values()) < concepts:
        graph = URIRef(material.graph)
        yield f"{graph.n3()} {SKOS.prefLabel.n3()} {graph.n3()} .".encode()


_COMMON = """SELECT ?tag ?named ?concepts WHERE {
    { SELECT (COUNT(DISTINCT ?concept) AS ?concepts) WHERE { GRAPH $graph {
        ?concept a skos:Concept FILTER NOT EXISTS { ?concept owl:deprecated true } } } }
    { SELECT ?tag (COUNT(DISTINCT ?concept) AS ?named) WHERE { GRAPH $graph {
        ?concept a skos:Concept FILTER NOT EXISTS { ?concept owl:deprecated true }
        { ?concept skos:prefLabel ?label }
        UNION { ?concept skosxl:prefLabel/skosxl:literalForm ?label }
        BIND(LANG(?label) AS ?tag) } } GROUP BY ?tag } }"""
