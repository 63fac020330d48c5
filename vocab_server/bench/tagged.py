"""Catalogs that people have tagged, to measure suggestions on: in a site of their own each.

Which concepts their datasets should have is what their publishers said: the EU themes and
concepts that they named, or the free keywords that are names of concepts, which are hidden then.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from vocab_server.bench.bed import BASE
from vocab_server.bench.processes import ours, timed
from vocab_server.catalog.resources import Dataset, read_datasets
from vocab_server.config import Settings
from vocab_server.editing.catalog_importing import import_catalog
from vocab_server.editing.importing import Source, import_file
from vocab_server.rdf.change import Change
from vocab_server.rdf.graph_names import source_graph, tags_graph
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.namespaces import DCAT
from vocab_server.rdf.query import bind
from vocab_server.search.dataset_find import Chosen
from vocab_server.search.described import Described
from vocab_server.search.text import keyword_form
from vocab_server.services import Services, open_services
from vocab_server.skos.vocabularies import graph_of
from vocab_server.tagging.tags import Origin, add_tag

FOLDS = 5  # parts of a catalog, each with publishers of its own
MOST = 100_000  # datasets: more than any of the files has
AUTHOR = "bench"
_NAMES = """SELECT ?concept ?name WHERE { GRAPH $graph {
    ?concept a skos:Concept ; skos:prefLabel|skos:altLabel|skos:hiddenLabel ?name } }"""
_WORDS = "SELECT ?dataset ?word WHERE { GRAPH $graph { ?dataset dcat:keyword ?word } }"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A dataset that somebody has tagged: its words, and the concepts that it should have."""

    publisher: str
    described: Described
    concepts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Collection:
    """Tagged catalogs; ``vocabulary`` is the id of the one that their tags are from.

    ``file`` holds it and ``catalogs`` what is tagged, in a directory of real data; without them it
    is what comes with us. ``by_keywords`` says that the tags are what free keywords name.
    ``language`` is that of the texts, ``names`` that of the vocabulary's names.
    """

    name: str
    vocabulary: str
    language: str
    names: str
    file: str = ""
    catalogs: tuple[str, ...] = ()
    by_keywords: bool = False


NORWAY = "dcat/no/datanorge_2018_05_31.jsonld"
COLLECTIONS = (
    Collection("examples, themes", "themes", "sv", "sv"),
    Collection("Norway, EU themes", "data-theme", "no", "nb", "", (NORWAY,)),
    Collection("Norway, LOS", "los", "no", "nb", "vocab/los.rdf", (NORWAY,), by_keywords=True),
    Collection(
        "Geonorge, EU themes",
        "data-theme",
        "no",
        "nb",
        "",
        ("dcat/no/geonorge-data-2017-10-19.xml",),
    ),
)


def there(data: Path | None) -> list[Collection]:
    """The collections whose files are at hand."""
    return [
        each
        for each in COLLECTIONS
        if not each.catalogs or (data and all((data / file).is_file() for file in _files(each)))
    ]


@contextmanager
def opened(collection: Collection, data: Path | None, directory: Path) -> Iterator[Services]:
    """A site with the vocabulary and the tagged catalogs of a collection."""
    settings = Settings(data=directory, base_url=BASE, languages=(collection.language, "en"))
    environment = {"VOCAB_SERVER_DATA": str(directory), "VOCAB_SERVER_BASE_URL": BASE}
    timed(ours("init"), environment)
    services = open_services(settings)
    try:
        if data and collection.file:
            file = data / collection.file
            import_file(
                services.writer, BASE, collection.vocabulary, Source(file, file.name), AUTHOR
            )
        for place, name in enumerate(collection.catalogs):
            _read_catalog(services, f"tagged-{place}", (data or Path()) / name)
            if collection.by_keywords:
                _tag_by_keywords(services, collection, f"tagged-{place}")
        yield services
    finally:
        services.close()


def tagged_datasets(services: Services, collection: Collection) -> list[Tagged]:
    """The datasets of a collection that have a concept of its vocabulary, in the same order."""
    view = services.published.view()
    graphs = [
        catalog.graph
        for catalog in view.catalogs
        if catalog.id.startswith("tagged-") == bool(collection.catalogs)
    ]
    known = _concepts(services, collection.vocabulary)
    chosen = Chosen(catalogs=tuple(map(str, graphs)))
    cards, _total = view.datasets.find(chosen, limit=MOST, order="place")
    tags = {card.iri: known.intersection(map(str, card.concepts)) for card in cards}
    wanted = [iri for iri, concepts in tags.items() if concepts]
    return [
        Tagged(_publisher(dataset), _described(dataset, collection), frozenset(tags[dataset.iri]))
        for dataset in read_datasets(view.store, wanted)
    ]


def folds(tagged: Sequence[Tagged]) -> list[set[str]]:
    """The publishers in parts of about as many datasets each; no publisher is in two."""
    counts: dict[str, int] = defaultdict(int)
    for each in tagged:
        counts[each.publisher] += 1
    found: list[set[str]] = [set() for _ in range(min(FOLDS, len(counts)))]
    held = [0] * len(found)
    for publisher in sorted(counts, key=lambda iri: (-counts[iri], iri)):
        place = held.index(min(held))
        found[place].add(publisher)
        held[place] += counts[publisher]
    return found


def _files(collection: Collection) -> list[str]:
    return [*collection.catalogs, *([collection.file] if collection.file else [])]


def _read_catalog(services: Services, catalog: str, file: Path) -> None:
    source, tagger = Source(file, file.name), services.tagger(catalog)
    import_catalog(services.writer, BASE, catalog, source, AUTHOR, tagger, fix=True)


def _tag_by_keywords(services: Services, collection: Collection, catalog: str) -> None:
    """Take the keywords of a catalog for what they name, and hide all of them."""
    names: dict[str, set[URIRef]] = defaultdict(set)
    with services.writer.open() as transaction:
        select = transaction.store.select
        for row in select(bind(_NAMES, graph=graph_of(BASE, collection.vocabulary))):
            names[keyword_form(str(row["name"]))].add(URIRef(row["concept"]))
        source = source_graph(BASE, catalog)
        words = [(URIRef(r["dataset"]), r["word"]) for r in select(bind(_WORDS, graph=source))]
        meant = {(d, c) for d, word in words for c in names.get(keyword_form(str(word)), ())}
        tags = [add_tag(source, d, c, Origin.RECONCILED).added for d, c in sorted(meant)]
        hidden = frozenset((dataset, DCAT.keyword, word) for dataset, word in words)
        made = Change(tags_graph(source), added=frozenset().union(*tags))
        transaction.commit([made, Change(source, removed=hidden)], AUTHOR, "Tag by keywords")


def _concepts(services: Services, vocabulary: str) -> set[str]:
    rows = services.published.view().store.select(bind(_NAMES, graph=graph_of(BASE, vocabulary)))
    return {str(row["concept"]) for row in rows}


def _publisher(dataset: Dataset) -> str:
    return next((str(agent.iri) for agent in dataset.publishers), "")


def _described(dataset: Dataset, collection: Collection) -> Described:
    """The words of a dataset, without its tags."""
    languages = (collection.language, "", "en")
    title = resolve(dataset.titles, languages) or Label("")
    description = resolve(dataset.descriptions, languages) or Label("")
    words = tuple(word.text for word in dataset.keywords)
    return Described(title.text, description.text, words, language=collection.language)
