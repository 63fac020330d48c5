"""Many datasets, measured: what a site with them answers, saves, and takes in from publishers."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from rdflib import URIRef

from vocab_server.bench.bed import BASE, HTML, page
from vocab_server.bench.calling import Caller, new_token
from vocab_server.bench.cloning import write_clones
from vocab_server.bench.load import milliseconds
from vocab_server.bench.plan import Plan
from vocab_server.bench.processes import Server, free_port, ours, timed
from vocab_server.bench.tagged import NORWAY
from vocab_server.bench.targets import Result, result
from vocab_server.config import Settings
from vocab_server.database.harvests import Harvests, Outcome
from vocab_server.database.harvests import Source as Harvested
from vocab_server.editing.catalog_importing import import_catalog
from vocab_server.editing.commit import Step
from vocab_server.editing.importing import Source
from vocab_server.errors import VocabServerError
from vocab_server.operation.harvesting import LOCAL, harvest
from vocab_server.rdf.graph_names import source_graph
from vocab_server.rdf.query import bind
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import Services, open_services
from vocab_server.skos.vocabularies import graph_of
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.parsing import parse

HARVESTED = 10_000  # datasets of the catalog that is harvested
TAGGED = 12  # datasets that are tagged one after the other
ASKED = 200  # pages of a kind
WARM = 5  # of them before times are taken
AUTHOR = "bench"
_EXAMPLES = ("ekebro", "matverket")  # catalogs that come with us
_UNUSED = "http://publications.europa.eu/resource/authority/data-theme/TECH"
_CONCEPTS = """SELECT DISTINCT ?concept WHERE { GRAPH $graph { ?concept a skos:Concept } }
    ORDER BY ?concept"""


@dataclass(frozen=True, slots=True)
class _Site:
    """A site with many datasets; ``concepts`` are those that they are about."""

    name: str
    settings: Settings
    concepts: tuple[URIRef, ...]
    seconds_to_import: float
    seconds_to_harvest: float
    tagged: tuple[str, ...]
    token: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "VOCAB_SERVER_DATA": str(self.settings.data),
            "VOCAB_SERVER_BASE_URL": self.settings.base_url,
        }


def measure_catalogs(work: Path, plan: Plan, step: Step) -> Iterator[Result]:
    """A site with ``plan.datasets`` datasets, filled by an import and by harvests."""
    site = _filled(work, plan, step)
    yield result("datasets, import", site.name, site.seconds_to_import * 1000 / plan.datasets)
    yield result("harvest of what did not change", site.name, site.seconds_to_harvest)
    step(f"catalog, asked, {site.name}")
    port = free_port()
    with closing(Server(ours("serve", "--port", str(port)), port, site.environment)) as server:
        pages = {
            "concept pages with counts": map(page, site.concepts),
            "datasets of a concept": (
                f"/datasets?{urlencode({'concept': c})}" for c in site.concepts
            ),
        }
        for name, paths in pages.items():
            taken = sorted(milliseconds(server, list(paths)[:ASKED], HTML)[WARM:])
            yield result(f"{name}, 95 of 100", site.name, taken[len(taken) * 95 // 100])
        caller = Caller(port, site.token)
        saved = [_tag(caller, dataset) for dataset in site.tagged]
        yield result("tag saved", site.name, median(saved))


def _filled(work: Path, plan: Plan, step: Step) -> _Site:
    settings = Settings(data=work / "catalogs", base_url=BASE)
    environment = {"VOCAB_SERVER_DATA": str(settings.data), "VOCAB_SERVER_BASE_URL": BASE}
    timed(ours("init"), environment)
    name = f"{plan.datasets} datasets"
    with closing(open_services(settings)) as services:
        concepts = _concepts(services)
        lines = _real(services, plan, work)
        step(f"catalog, import, {name}")
        file = work / "cloned.nt"
        write_clones(lines, file, plan.datasets, "clone", concepts)
        importing = _seconds_to_import(services, file)
        step(f"catalog, harvest, {name}")
        (settings.data / LOCAL).mkdir(exist_ok=True)
        again = min(HARVESTED, plan.datasets)
        write_clones(lines, settings.data / LOCAL / "again.nt", again, "again", concepts)
        harvesting = _seconds_to_harvest(services)
        cards, _total = services.published.view().datasets.find(Chosen(), limit=TAGGED)
        tagged = tuple(card.id for card in cards)
        return _Site(
            name, settings, concepts, importing, harvesting, tagged, new_token(services, "bencher")
        )


def _concepts(services: Services) -> tuple[URIRef, ...]:
    rows = services.published.view().store.select(bind(_CONCEPTS, graph=graph_of(BASE, "themes")))
    return tuple(URIRef(row["concept"]) for row in rows)


def _real(services: Services, plan: Plan, work: Path) -> list[str]:
    """Real datasets as N-Triples: the Norwegian dump where it is at hand, else our examples."""
    file = work / "real.nt"
    if plan.data and (plan.data / NORWAY).is_file():
        parse(plan.data / NORWAY, base_iri=f"{BASE}/", target=file, fix=True)
        return file.read_text(encoding="utf-8").splitlines()
    lines: list[str] = []
    for catalog in _EXAMPLES:
        dump(services, source_graph(BASE, catalog), file)
        lines += file.read_text(encoding="utf-8").splitlines()
    return lines


def dump(services: Services, graph: URIRef, target: Path) -> None:
    """Write what is published in a graph as N-Triples."""
    path = services.published.view().path / "store"
    with closing(EmbeddedStore.read_only(path)) as store:
        store.dump(graph, target)


def _seconds_to_import(services: Services, file: Path) -> float:
    start = time.perf_counter()
    import_catalog(
        services.writer, BASE, "cloned", Source(file, file.name), AUTHOR, services.tagger("cloned")
    )
    return time.perf_counter() - start


def _seconds_to_harvest(services: Services) -> float:
    """Seconds for a harvest in which nothing changed. Raises VocabServerError when any did."""
    Harvests(services.database).set(Harvested("again", "file", "again.nt"))
    first = harvest(services, "again", AUTHOR)
    start = time.perf_counter()
    second = harvest(services, "again", AUTHOR)
    taken = time.perf_counter() - start
    if (first.outcome, second.outcome, second.number) != (Outcome.CHANGED, Outcome.UNCHANGED, None):
        raise VocabServerError(f"A harvest did not end as it should: {first}, {second}")
    return taken


def _tag(caller: Caller, dataset: str) -> float:
    """Milliseconds until a dataset has another tag."""
    path = f"/api/v1/datasets/{dataset}/tags?{urlencode({'concept': _UNUSED})}"
    return caller.call("PUT", path).milliseconds
