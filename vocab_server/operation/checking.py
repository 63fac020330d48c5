"""The checks over everything that was published, in the background: what was found is kept.

Not at each commit, which would wait for it: a vocabulary is checked when it has changed, and again
only after it was left alone for so long that checking takes a twentieth of the time.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic

from rdflib import URIRef

from vocab_server.database.links import Links
from vocab_server.database.quality_runs import QualityRuns
from vocab_server.quality.keeping import Wanted
from vocab_server.rdf.query import bind, is_iri
from vocab_server.services import Services
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.base import Reader
from vocab_server.store.snapshots import number_of

FAILED = 600.0  # seconds before a vocabulary that could not be checked is tried again
LONGEST = 900.0  # seconds that a report is waited for
MOST_BROKEN = 500  # links that reports tell of
REST = 20  # times as long as it took, before a vocabulary is checked again

_NAMED = """SELECT ?url WHERE { VALUES ?url { $urls }
    FILTER EXISTS { GRAPH $graph { ?concept ?property ?url } } }"""


def wanted_report(services: Services, vocabulary: Vocabulary) -> Wanted:
    """The report on a vocabulary as it is published now."""
    view = services.published.view()
    return Wanted(
        name=vocabulary.id,
        state=f"{services.log.last_of(vocabulary.graph, number_of(view.path)):010d}",
        snapshot=view.path,
        graph=str(vocabulary.graph),
        languages=services.quality.settings(vocabulary.graph).languages,
        broken=_broken(services, view.store, vocabulary.graph),
    )


def _broken(services: Services, store: Reader, graph: URIRef) -> tuple[str, ...]:
    """The links of a vocabulary that were broken when the day began, so that a report lasts it."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    urls = [URIRef(url) for url in Links(services.database).broken(today, MOST_BROKEN)]
    named = [url for url in urls if is_iri(url)]
    rows = store.select(bind(_NAMED, graph=graph, urls=named)) if named else []
    return tuple(sorted(str(row["url"]) for row in rows))


@dataclass(slots=True)
class Checking:
    """The duty: what it remembers is only there to check less."""

    _again: dict[URIRef, float] = field(default_factory=dict)

    def run(self, services: Services) -> None:
        """Check every vocabulary that has changed since it was checked last."""
        for vocabulary in services.published.view().vocabularies:
            if monotonic() >= self._again.get(vocabulary.graph, 0.0):
                self._check(services, vocabulary)

    def _check(self, services: Services, vocabulary: Vocabulary) -> None:
        runs, wanted = QualityRuns(services.database), wanted_report(services, vocabulary)
        number = int(wanted.state)
        last = next(iter(runs.newest(vocabulary.graph, 1)), None)
        if last is not None and (last.number >= number or _rests(last.time, last.seconds)):
            return
        report = services.reports.ask(wanted, LONGEST)
        if report is None:
            self._again[vocabulary.graph] = monotonic() + FAILED
            return
        results = report.results()
        counts = {result.check.id: result.count for result in results if not result.failure}
        runs.record(vocabulary.graph, number, counts, sum(result.seconds for result in results))


def _rests(checked: datetime, seconds: float) -> bool:
    return datetime.now(UTC) < checked + timedelta(seconds=REST * seconds)
