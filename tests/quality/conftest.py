"""A site with real catalogs whose datasets have tags, scored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from rdflib import URIRef

from tests.cataloguing import read_catalog_file
from tests.conftest import BASE, ROOT, SHARED
from tests.people import services_of
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.database.scores import DatasetScore, Scores
from vocab_server.editing.importing import Source, import_file
from vocab_server.operation.scoring import score
from vocab_server.rdf.change import Change
from vocab_server.rdf.graph_names import source_graph
from vocab_server.rdf.query import bind
from vocab_server.search.text import keyword_form
from vocab_server.services import Services
from vocab_server.tagging.tags import add_tag

SHIPPED = ROOT / "vocabularies"
NORWAY = SHARED / "dcat" / "no" / "datanorge_2018_05_31.jsonld"
LOS = SHARED / "vocab" / "los.rdf"
_NAMES = """SELECT ?concept ?name WHERE { GRAPH $graph { ?concept a skos:Concept ;
    skos:prefLabel|skos:altLabel|skos:hiddenLabel ?name } } ORDER BY ?concept"""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A site whose datasets are tagged, and what they score; ``catalogs`` are their ids."""

    app: Flask
    catalogs: tuple[str, ...]
    original: Mapping[str, DatasetScore]

    @property
    def services(self) -> Services:
        return services_of(self.app)

    @contextmanager
    def changed(self, *changes: Change) -> Iterator[dict[str, DatasetScore]]:
        """The scores with other tags, which are taken back afterwards."""
        self.services.writer.commit(list(changes), "test", "Other tags")
        yield scores_of(self.services)
        self.services.writer.commit([change.inverse() for change in changes], "test", "Back")


def scores_of(services: Services) -> dict[str, DatasetScore]:
    """What all datasets score now; what did not change since the last time is not scored again."""
    score(services, datetime.now(UTC))
    table, catalogs = Scores(services.database), services.published.view().catalogs
    return {each.iri: each for catalog in catalogs for each in table.in_place(catalog.graph)}


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagged]:
    """The example catalogs; and Norway's of 2018, whose own keywords name concepts of LOS."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("tagged"), base_url=BASE))
    opened = services_of(app)
    for vocabulary in ("data-theme", "themes"):
        file = SHIPPED / f"{vocabulary}.ttl"
        import_file(opened.writer, BASE, vocabulary, Source(file, file.name), "test")
    catalogs = ["ekebro", "matverket"]
    for catalog in catalogs:
        read_catalog_file(opened, SHIPPED / f"{catalog}.ttl", catalog)
    if SHARED.is_dir():
        import_file(opened.writer, BASE, "los", Source(LOS, LOS.name), "test")
        read_catalog_file(opened, NORWAY, "norway")
        opened.writer.commit([named_by_keywords(opened, "norway", "los")], "test", "Tags")
        catalogs.append("norway")
    yield Tagged(app, tuple(catalogs), scores_of(opened))
    opened.close()


def named_by_keywords(services: Services, catalog: str, vocabulary: str) -> Change:
    """The tags of datasets whose keywords are names of concepts."""
    view, graph = services.published.view(), URIRef(f"{BASE}/vocabularies/{vocabulary}")
    concepts: dict[str, set[URIRef]] = defaultdict(set)
    for row in view.store.select(bind(_NAMES, graph=graph)):
        concepts[keyword_form(str(row["name"]))].add(URIRef(row["concept"]))
    source = source_graph(BASE, catalog)
    added = (
        add_tag(source, card.iri, concept).added
        for card in view.datasets.cards(view.datasets.in_catalog(source))
        for word in card.keywords
        for concept in concepts.get(keyword_form(word.text), ())
    )
    return Change(URIRef(f"{source}/tags"), added=frozenset().union(*added))
