"""Files of catalogs that nobody asked for are looked into by themselves, a few at a time.

Polite: a round asks each server for one file, and there is a while between two rounds. What a
dataset does not have any more is forgotten.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rdflib import URIRef

from vocab_server.catalog.catalogs import Registration
from vocab_server.database.data_checks import DataChecks, Wanted
from vocab_server.database.links import host_of
from vocab_server.operation.data_checking import check_due
from vocab_server.rdf.query import bind, is_iri
from vocab_server.services import Services
from vocab_server.store.base import Reader

REST = 300.0  # seconds between two rounds
ROUND = 20  # files that a round has looked into
MOST = 20_000  # files of a catalog that are known of here

_FILES = f"""SELECT ?dataset ?part ?url WHERE {{ GRAPH $graph {{
    ?dataset dcat:distribution ?part FILTER (isIRI(?part) && isIRI(?dataset))
    ?part dcat:downloadURL ?url }} }} LIMIT {MOST}"""
_THERE = """SELECT ?dataset ?part WHERE { VALUES (?dataset ?part) { $pairs }
    GRAPH $graph { ?dataset dcat:distribution ?part } }"""


@dataclass(slots=True)
class DataChecking:
    """The duty: what it remembers is only there to look less.

    ``looked`` is when the last round was; the first one is a while after the server has started.
    """

    looked: float = field(default_factory=time.monotonic)
    _pruned: str = ""

    def run(self, services: Services) -> None:
        """Do the check that waits longest; queue more when none waits and a while has passed."""
        if check_due(services) or not services.settings.check_links:
            return
        now = time.monotonic()
        if now - self.looked < REST:
            return
        self.looked = now
        checks, name = DataChecks(services.database), services.published.view().name
        if name != self._pruned:
            prune(services, checks)
            self._pruned = name
        queue(services, checks)


def queue(services: Services, checks: DataChecks, most: int = ROUND) -> int:
    """Ask for files that were never looked into, one of each server, at most ``most``; how many."""
    hosts: set[str] = set()
    wanted: list[Wanted] = []
    view = services.published.view()
    for catalog in view.catalogs:
        found = dict(_files(view.store, catalog))
        known = checks.known(one.distribution for one in found)
        for one, host in found.items():
            if len(wanted) < most and one.distribution not in known and host not in hosts:
                hosts.add(host)
                wanted.append(one)
    return checks.ask(wanted, "", datetime.now(UTC)) if wanted else 0


def prune(services: Services, checks: DataChecks) -> None:
    """Forget the checks of what is in no dataset any more."""
    view = services.published.view()
    for catalog in view.catalogs:
        after = ""
        while some := checks.in_catalog(catalog.id, after):
            there = _there(view.store, catalog.graph, some)
            checks.forget(one.distribution for one in some if one not in there)
            after = some[-1].distribution


def _files(store: Reader, catalog: Registration) -> Iterator[tuple[Wanted, str]]:
    """The files of a catalog that are to be downloaded, with the servers that have them."""
    for row in store.select(bind(_FILES, graph=catalog.graph)):
        url = str(row["url"])
        if url.startswith(("http://", "https://")) and (host := host_of(url)):
            yield Wanted(str(row["part"]), str(row["dataset"]), catalog.id), host


def _there(store: Reader, graph: URIRef, some: list[Wanted]) -> set[Wanted]:
    """Those of some files of a catalog that it has."""
    named = [(URIRef(one.dataset), URIRef(one.distribution)) for one in some]
    pairs = [pair for pair in named if all(map(is_iri, pair))]
    rows = store.select(bind(_THERE, graph=graph, pairs=pairs)) if pairs else []
    return {Wanted(str(row["part"]), str(row["dataset"]), some[0].catalog) for row in rows}
