"""Queries to begin with, on the vocabularies that are loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import lazy_gettext as text

from vocab_server.rdf.namespaces import PREFIXES
from vocab_server.skos.vocabularies import Vocabulary

FALLBACK = "en"
MAIN = "themes"  # the vocabulary that examples are about where it is loaded


@dataclass(frozen=True, slots=True)
class Example:
    """A query with what it answers, and the address of the page that runs it."""

    title: str
    query: str

    @property
    def href(self) -> str:
        """The page with this query's results."""
        return f"/sparql?{urlencode({'query': self.query})}"


_EXAMPLES = (
    (
        text("Top concepts of a vocabulary"),
        """SELECT ?concept ?label WHERE {
  GRAPH <GRAPH> { ?scheme skos:hasTopConcept ?concept }
  ?concept skos:prefLabel ?label
  FILTER (LANG(?label) = "LANGUAGE")
} ORDER BY ?label""",
    ),
    (
        text("All narrower concepts of a concept, at any depth"),
        """SELECT DISTINCT ?concept ?label WHERE {
  ?top skos:topConceptOf <SCHEME> .
  ?concept skos:broader+ ?top ; skos:prefLabel ?label
  FILTER (LANG(?label) = "LANGUAGE")
} LIMIT 100""",
    ),
    (
        text("Names in Swedish, else in English"),
        """SELECT ?concept (COALESCE(?swedish, ?english) AS ?name) WHERE {
  GRAPH <GRAPH> { ?concept a skos:Concept }
  OPTIONAL { ?concept skos:prefLabel ?swedish FILTER (LANG(?swedish) = "sv") }
  OPTIONAL { ?concept skos:prefLabel ?english FILTER (LANG(?english) = "en") }
} LIMIT 100""",
    ),
    (
        text("The path from a concept to the top"),
        """SELECT ?concept ?broader ?label WHERE {
  { SELECT ?start WHERE { GRAPH <GRAPH> { ?start skos:broader/skos:broader ?any } } LIMIT 1 }
  ?start skos:broader* ?concept .
  ?concept skos:broader ?broader . ?broader skos:prefLabel ?label
  FILTER (LANG(?label) = "LANGUAGE")
}""",
    ),
    (
        text("Concepts whose name contains a word"),
        """SELECT ?concept ?name WHERE {
  ?concept skos:prefLabel|skos:altLabel ?name
  FILTER (CONTAINS(LCASE(?name), "water"))
} LIMIT 100""",
    ),
    (
        text("Concepts that match an EU data theme"),
        """SELECT ?concept ?relation ?theme WHERE {
  VALUES ?relation { skos:exactMatch skos:broadMatch skos:closeMatch }
  ?concept ?relation ?theme
  FILTER (STRSTARTS(STR(?theme), "http://publications.europa.eu/resource/authority/data-theme/"))
} LIMIT 100""",
    ),
    (
        text("Deprecated concepts and what replaces them"),
        """SELECT ?concept ?replacement WHERE {
  ?concept owl:deprecated true
  OPTIONAL { ?concept dct:isReplacedBy ?replacement }
} LIMIT 100""",
    ),
    (
        text("How many concepts have a name in each language"),
        """SELECT ?language (COUNT(DISTINCT ?concept) AS ?concepts) WHERE {
  ?concept a skos:Concept ; skos:prefLabel ?label
  BIND (LANG(?label) AS ?language)
} GROUP BY ?language ORDER BY DESC(?concepts)""",
    ),
    (
        text("Concepts without a definition"),
        """SELECT ?concept ?label WHERE {
  GRAPH <GRAPH> {
    ?concept a skos:Concept ; skos:prefLabel ?label
    FILTER NOT EXISTS { ?concept skos:definition ?definition }
  }
} LIMIT 100""",
    ),
    (
        text("A branch as RDF: concepts with their names and places"),
        """CONSTRUCT { ?concept skos:prefLabel ?label ; skos:broader ?broader } WHERE {
  GRAPH <GRAPH> {
    ?concept skos:prefLabel ?label OPTIONAL { ?concept skos:broader ?broader }
  }
} LIMIT 500""",
    ),
)


def examples(vocabularies: Sequence[Vocabulary], language: str) -> list[Example]:
    """The examples, about the main vocabulary, or else the first, with their prefixes."""
    about = next((v for v in vocabularies if v.id == MAIN), None) or next(iter(vocabularies), None)
    graph = about.graph if about else "urn:example:graph"
    scheme = about.schemes[0].iri if about and about.schemes else graph
    made = []
    for title, query in _EXAMPLES:
        filled = query.replace("<GRAPH>", f"<{graph}>").replace("<SCHEME>", f"<{scheme}>")
        filled = filled.replace('"LANGUAGE"', f'"{language or FALLBACK}"')
        made.append(Example(str(title), _prologue(filled) + filled))
    return made


def _prologue(query: str) -> str:
    used = [prefix for prefix in PREFIXES if f"{prefix}:" in query]
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in used)
