"""How datasets are tagged: by concepts that are in use, each of which says more than the others.

The concepts are looked for in the whole store, so on a site in all its vocabularies. Where no
vocabulary is at hand, as in a file of a catalog alone, nothing is said of what tags lead to.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from rdflib import Literal, URIRef

from vocab_server.catalog.profiles import DATA_THEMES
from vocab_server.quality.check import (
    Check,
    Finding,
    Level,
    Lines,
    Material,
    Severity,
    Words,
    to_finding,
)
from vocab_server.quality.dcat.by_hand import IMPLIED, RETIRED
from vocab_server.quality.hierarchy import Pair, edges, statement
from vocab_server.rdf.graph_names import is_of_catalogs, tags_graph
from vocab_server.rdf.namespaces import DCAT, DCT, SKOS
from vocab_server.rdf.ntriples import read_triple
from vocab_server.rdf.query import bind, is_iri, to_sparql
from vocab_server.store.base import Reader
from vocab_server.store.embedded import EmbeddedStore

ASKED = 500  # concepts or words that one query looks up
HIGHEST = 60  # levels that are walked upward
_OWN = URIRef("urn:vocab-server:tagged")

_SAID = "CONSTRUCT { ?one $property ?other } WHERE { GRAPH $graph { ?one $property ?other } }"
_DATASETS = "SELECT DISTINCT ?iri WHERE { GRAPH $graph { ?iri a dcat:Dataset } }"
_ELSEWHERE = "ASK { GRAPH ?other { ?concept a skos:Concept } FILTER (?other != $graph) }"
_HERE = "SELECT DISTINCT ?concept WHERE { GRAPH $graph { ?concept a skos:Concept } }"
_KNOWN = """SELECT DISTINCT ?concept WHERE { VALUES ?concept { $concepts }
    GRAPH ?any { ?concept a skos:Concept } }"""
_DEPRECATED = """SELECT DISTINCT ?concept WHERE { VALUES ?concept { $concepts }
    GRAPH ?any { ?concept owl:deprecated true } }"""
_ABOVE = """SELECT DISTINCT ?concept ?broader WHERE { VALUES ?concept { $concepts }
    GRAPH ?any { { ?concept skos:broader ?broader } UNION { ?broader skos:narrower ?concept } }
    FILTER (isIRI(?broader)) }"""
_NAMED = """SELECT DISTINCT ?name ?concept ?graph WHERE { VALUES ?name { $names }
    GRAPH ?graph { ?concept $property ?name } FILTER (isIRI(?concept)) }"""


@dataclass(frozen=True)
class Tagged:
    """A catalog in a graph, its tags there and in the graph beside it, and the concepts around.

    Datasets and concepts are named as N-Triples does.
    """

    store: Reader
    graph: URIRef
    concepts: Reader

    @cached_property
    def datasets(self) -> list[str]:
        """All datasets, in order."""
        rows = self.store.select(bind(_DATASETS, graph=self.graph))
        return sorted(to_sparql(row["iri"]) for row in rows if isinstance(row["iri"], URIRef))

    @cached_property
    def tags(self) -> Mapping[URIRef, list[Pair]]:
        """The datasets with the resources that each property of tags names."""
        return {found: list(self._pairs(found)) for found in (DCT.subject, DCAT.theme)}

    @cached_property
    def of_dataset(self) -> Mapping[str, set[str]]:
        """The tags of each dataset that has any."""
        return edges(chain.from_iterable(self.tags.values()))

    @cached_property
    def used(self) -> list[URIRef]:
        """All that datasets are tagged with, in order."""
        return sorted({URIRef(tag[1:-1]) for tags in self.of_dataset.values() for tag in tags})

    @cached_property
    def above(self) -> Mapping[str, set[str]]:
        """What is right above each tag, and above that, up to the top."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        level, seen = set(self.used), set[URIRef]()
        for _ in range(HIGHEST):
            seen |= level
            rows = list(self.look_up(_ABOVE, level))
            for concept, broader in rows:
                found[to_sparql(concept)].add(to_sparql(broader))
            level = {broader for _, broader in rows if is_iri(broader)} - seen
            if not level:
                break
        return found

    def look_up(self, query: str, concepts: Iterable[URIRef]) -> Iterator[tuple[URIRef, ...]]:
        """The rows that a query gives for some concepts."""
        for some in _parts(concepts):
            for row in self.concepts.select(bind(query, concepts=some)):
                yield tuple(URIRef(row[name]) for name in ("concept", "broader") if name in row)

    def words(self) -> Iterator[tuple[str, Literal]]:
        """The datasets with their keywords."""
        for line in self._lines(DCAT.keyword):
            dataset, _, word = read_triple(line)
            if isinstance(word, Literal):
                yield to_sparql(dataset), word

    def _pairs(self, found: URIRef) -> Iterator[Pair]:
        datasets = set(self.datasets)
        for line in self._lines(found):
            dataset, _, tag = read_triple(line)
            if isinstance(tag, URIRef) and is_iri(tag) and (own := to_sparql(dataset)) in datasets:
                yield own, to_sparql(tag)

    def _lines(self, found: URIRef) -> Iterator[bytes]:
        for graph in (self.graph, tags_graph(self.graph)):
            yield from self.store.lines(bind(_SAID, graph=graph, property=found))


@dataclass(frozen=True, slots=True)
class Tags:
    """A formulation of what is wrong with tags; see Formulation."""

    find: Callable[[Tagged], Lines]

    def __call__(self, material: Material) -> Lines:
        """See Formulation."""
        return self.find(Tagged(material.store, material.graph, material.store))


def findings_of_tags(store: Reader, lines: Iterable[bytes]) -> list[Finding]:
    """What is wrong with the tags of a few datasets, given as lines; concepts are in the store."""
    with closing(EmbeddedStore.in_memory()) as own:
        own.add(_OWN, lines)
        tagged = Tagged(own, _OWN, store)
        return [
            to_finding(check, line)
            for check in TAGGING_CHECKS
            if isinstance(check.find, Tags)
            for line in sorted(set(check.find.find(tagged)))
        ]


def _with(tagged: Tagged, wrong: Collection[str]) -> Iterator[bytes]:
    """The tags that are among some resources."""
    for path, pairs in tagged.tags.items():
        yield from (statement(one, path, tag) for one, tag in pairs if tag in wrong)


def _unknown(tagged: Tagged) -> Iterator[bytes]:
    """Tags that are no concept here; the themes of the EU are a list that others check.

    In a file alone only those that are called as the concepts in it are.
    """
    known = {concept for (concept,) in tagged.look_up(_KNOWN, tagged.used)}
    wrong = {tag for tag in tagged.used if tag not in known and not _is_theme(tag)}
    if not tagged.concepts.ask(bind(_ELSEWHERE, graph=tagged.graph)):
        rows = tagged.concepts.select(bind(_HERE, graph=tagged.graph))
        spaces = {_space(str(row["concept"])) for row in rows}
        wrong = {tag for tag in wrong if _space(tag) in spaces}
    return _with(tagged, set(map(to_sparql, wrong)))


def _is_theme(tag: str) -> bool:
    return tag.startswith(f"{DATA_THEMES}/")


def _space(iri: str) -> str:
    """What a name begins with, up to its last part."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _deprecated(tagged: Tagged) -> Iterator[bytes]:
    rows = tagged.look_up(_DEPRECATED, tagged.used)
    return _with(tagged, {to_sparql(concept) for (concept,) in rows})


def _redundant(tagged: Tagged) -> Iterator[bytes]:
    """Tags above another tag of the same dataset, that the other one implies."""
    for path, pairs in tagged.tags.items():
        for dataset, tag in pairs:
            others = tagged.of_dataset[dataset] - {tag}
            if any(tag in _ancestors(tagged, other) for other in others):
                yield statement(dataset, path, tag)


def _ancestors(tagged: Tagged, tag: str) -> set[str]:
    found: set[str] = set()
    waiting = list(tagged.above.get(tag, ()))
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += tagged.above.get(here, ())
    return found - {tag}


def _untagged(tagged: Tagged) -> Iterator[bytes]:
    for dataset in tagged.datasets:
        if dataset not in tagged.of_dataset:
            yield statement(dataset, DCT.subject, dataset)


def _called(tagged: Tagged) -> Iterator[bytes]:
    """Keywords that are the name of a concept in use which the dataset is not tagged with."""
    words = list(tagged.words())
    named = _named(tagged, {form for _, word in words for form in _forms(word)})
    every = set().union(*named.values()) if named else set()
    gone = {concept for (concept,) in tagged.look_up(_DEPRECATED, every)}
    for dataset, word in words:
        found = set().union(*(named.get(form, set()) for form in _forms(word))) - gone
        own = tagged.of_dataset.get(dataset, set())
        if found and not any(_covers(tagged, own, to_sparql(concept)) for concept in found):
            yield f"{dataset} <{DCAT.keyword}> {to_sparql(word)} .".encode()


def _covers(tagged: Tagged, tags: Collection[str], concept: str) -> bool:
    """Whether a concept is among tags, or above one of them."""
    return concept in tags or any(concept in _ancestors(tagged, tag) for tag in tags)


def _forms(word: Literal) -> set[Literal]:
    """A word as vocabularies may write it: they differ in whether terms begin with a capital."""
    text = str(word)
    written = {text, text.lower(), text[:1].upper() + text[1:]}
    return {Literal(one, lang=word.language) for one in written}


def _named(tagged: Tagged, names: Collection[Literal]) -> Mapping[Literal, set[URIRef]]:
    found: defaultdict[Literal, set[URIRef]] = defaultdict(set)
    listed = sorted(names, key=lambda name: (str(name), name.language or ""))
    for begin in range(0, len(listed), ASKED):
        for path in (SKOS.prefLabel, SKOS.altLabel):
            some = bind(_NAMED, names=listed[begin : begin + ASKED], property=path)
            for row in tagged.concepts.select(some):
                if not is_of_catalogs(str(row["graph"])) and isinstance(row["name"], Literal):
                    found[row["name"]].add(URIRef(row["concept"]))
    return found


def _parts(concepts: Iterable[URIRef]) -> Iterator[list[URIRef]]:
    listed = sorted(concepts)
    return (listed[begin : begin + ASKED] for begin in range(0, len(listed), ASKED))


_LANDS = """:nature a skos:Concept ; skos:prefLabel "nature"@en . :water a skos:Concept ;
    skos:prefLabel "Water"@en ; skos:altLabel "aqua"@en ; skos:broader :nature . """
_OLD = """:pond a skos:Concept ; skos:prefLabel "pond"@en ; owl:deprecated true ;
    dct:isReplacedBy :water . """
_LAKES = ":lakes a dcat:Dataset ; dct:subject "

TAGGING_CHECKS = (
    Check(
        id="DCT-5",
        title=Words("Tag that is no known concept", "Tagg som inte är ett känt begrepp"),
        meaning=Words(
            "A dataset is tagged with an address that no vocabulary here says is a concept. Nobody"
            " finds the dataset by it.",
            "En datamängd är taggad med en adress som ingen terminologi här säger är ett begrepp."
            " Ingen hittar datamängden med hjälp av den.",
        ),
        remedy=Words(
            "Correct the address, choose another concept, or import the vocabulary that it is in.",
            "Rätta adressen, välj ett annat begrepp eller läs in den terminologi som det ingår i.",
        ),
        source="DCAT-AP 3.0, Dataset, dcat:theme (range skos:Concept)",
        severity=Severity.VIOLATION,
        level=Level.REPORT,
        find=Tags(_unknown),
        examples=(
            f"{_LANDS}{_LAKES}:ocean .",
            f"{_LANDS}:lakes a dcat:Dataset ; dcat:theme :water, :sea .",
        ),
        neighbours=(
            f"{_LANDS}{_LAKES}:water, <http://other.example/sea> .",
            f"{_LAKES}:ocean .",
            f"{_LANDS}:lakes a dcat:Dataset ; dcat:theme <{DATA_THEMES}/ENVI> .",
        ),
    ),
    Check(
        id="DCT-6",
        title=Words("Tag that is no longer used", "Tagg som inte längre används"),
        meaning=Words(
            "A dataset is tagged with a deprecated concept. Who looks for the topic now looks by"
            " another one.",
            "En datamängd är taggad med ett utgånget begrepp. Den som söker ämnet i dag söker på"
            " ett annat.",
        ),
        remedy=Words(
            "Tag it with what replaces the concept.", "Tagga med det som ersätter begreppet."
        ),
        by_hand=RETIRED,
        source="vocab-server, tagging: identifiers never die (dct:isReplacedBy)",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Tags(_deprecated),
        examples=(f"{_LANDS}{_OLD}{_LAKES}:pond .",),
        neighbours=(f"{_LANDS}{_OLD}{_LAKES}:water .",),
    ),
    Check(
        id="DCT-7",
        title=Words("Tag that another tag implies", "Tagg som följer av en annan tagg"),
        meaning=Words(
            "A dataset is tagged with a concept and with one above it. Who looks for the broader"
            " one finds the dataset by the narrower one already.",
            "En datamängd är taggad med ett begrepp och med ett som är överordnat det. Den som"
            " söker på det överordnade hittar datamängden redan genom det underordnade.",
        ),
        remedy=Words("Remove the broader tag.", "Ta bort den överordnade taggen."),
        by_hand=IMPLIED,
        source="vocab-server, tagging: a concept finds what is tagged with narrower ones",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Tags(_redundant),
        examples=(
            f"{_LANDS}{_LAKES}:water, :nature .",
            f"{_LANDS}:river a skos:Concept ; skos:broader :water . {_LAKES}:river, :nature .",
        ),
        neighbours=(
            f"{_LANDS}{_LAKES}:water .",
            f"{_LANDS}:air a skos:Concept ; skos:broader :nature . {_LAKES}:water, :air .",
            f"{_LANDS}:nature skos:broader :water . {_LAKES}:nature .",
        ),
    ),
    Check(
        id="DCT-8",
        title=Words("Dataset without a tag", "Datamängd utan tagg"),
        meaning=Words(
            "A dataset has no concept at all, neither as theme nor as subject: it is found only by"
            " who guesses its words.",
            "En datamängd har inget begrepp alls, varken som tema eller som ämne: bara den som"
            " gissar dess ord hittar den.",
        ),
        remedy=Words(
            "Tag it with the concepts that it is about.",
            "Tagga den med de begrepp som den handlar om.",
        ),
        source="data.europa.eu, MQA categoryAvailability",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Tags(_untagged),
        examples=(':lakes a dcat:Dataset ; dcat:keyword "xyz"@en .',),
        neighbours=(f":lakes a dcat:Dataset ; dcat:theme <{DATA_THEMES}/ENVI> .",),
    ),
    Check(
        id="DCT-9",
        title=Words("Keyword that is a concept", "Nyckelord som är ett begrepp"),
        meaning=Words(
            "A keyword of a dataset is the name of a concept that the dataset is not tagged with."
            " As a concept it is found in every language, and by what is broader.",
            "Ett nyckelord är namnet på ett begrepp som datamängden inte är taggad med. Som"
            " begrepp hittas det på alla språk, och genom det som är överordnat.",
        ),
        remedy=Words(
            "Tag the dataset with the concept of that name.",
            "Tagga datamängden med begreppet som heter så.",
        ),
        source="vocab-server, tag quality: concepts, not words",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Tags(_called),
        examples=(
            f'{_LANDS}{_LAKES}:nature ; dcat:keyword "water"@en .',
            f'{_LANDS}{_LAKES}:nature ; dcat:keyword "Aqua"@en .',
        ),
        neighbours=(
            f'{_LANDS}{_LAKES}:water ; dcat:keyword "water"@en, "nature"@en .',
            f'{_LANDS}{_LAKES}:nature ; dcat:keyword "water"@sv, "ice"@en .',
            f'{_LANDS}{_OLD}{_LAKES}:nature ; dcat:keyword "pond"@en .',
        ),
    ),
)
