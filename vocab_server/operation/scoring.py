"""Scores in the background: of what changed since the last time, and once a day of everything.

What changed is read from the change log. The whole round brings in what the log does not tell: how
many others use a concept, decisions about keywords, what was found out of addresses. Progress is
kept in the database after each batch; a run that dies is begun anew by the next.
"""

import logging
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from vocab_server.database.keywords import KeywordDecisions
from vocab_server.database.leases import end_lease, take_lease
from vocab_server.database.scores import DatasetScore, Kind, Progress, Scores, Summary
from vocab_server.operation.found_out import find_out
from vocab_server.operation.score_facts import Concepts, Scored, Scorer
from vocab_server.quality.score_sums import RULES, Tally, lacking_bits
from vocab_server.rdf.change import Patch
from vocab_server.rdf.graph_names import is_of_catalogs, is_source
from vocab_server.search.dataset_documents import DatasetCard
from vocab_server.search.dataset_index import subjects_of, tagged_in
from vocab_server.search.text import keyword_form
from vocab_server.services import Services
from vocab_server.skos.reach import relinked
from vocab_server.store.snapshots import number_of
from vocab_server.views import View

BATCH = 500  # datasets that are scored together
MANY = 20_000  # statements of a change after which a whole catalog, or everything, is scored
WHOLE = timedelta(days=1)  # after which everything is scored again
LEASE = 300  # seconds that scoring stays with who does it
NAME = "scoring"
_log = logging.getLogger(__name__)


def score_due(services: Services) -> None:
    """Score what changed since the last time, or everything when it is time; see ``score``."""
    if services.published.name():
        score(services, datetime.now(UTC))


def score(services: Services, now: datetime) -> int | None:
    """Score what is to be scored; how many datasets, None when somebody else is at it.

    Everything when it never was, by other rules, or longer ago than WHOLE; else what changed.
    """
    table, view, holder = Scores(services.database), services.published.view(), _holder()
    if not take_lease(services.database, NAME, holder, LEASE):
        return None
    try:
        before, number = table.progress(), number_of(view.path)
        chosen = None if _is_whole_due(before, now) else _changed(services, view, before, number)
        if chosen is not None and not chosen and number == before.number:
            return 0
        run = _Run(services, table, view, holder, now)
        return run.all_of(before, number) if chosen is None else run.some(chosen, before, number)
    finally:
        end_lease(services.database, NAME, holder)


def score_dataset(services: Services, view: View, dataset: str) -> Scored | None:
    """The scores of one dataset as it is now, with reasons; None for what is not scored."""
    cards = view.datasets.cards([dataset])
    forms = {keyword_form(word.text) for card in cards for word in card.keywords}
    verdicts = KeywordDecisions(services.database).verdicts_of(forms)
    scorer = Scorer(Concepts(view), verdicts, partial(find_out, services))
    return next(iter(scorer.score(cards)), None)


def _holder() -> str:
    return secrets.token_hex(16)


def _is_whole_due(before: Progress, now: datetime) -> bool:
    is_old = before.whole is None or now - before.whole >= WHOLE
    return is_old or before.rules != RULES or before.is_at_work


def _changed(services: Services, view: View, before: Progress, until: int) -> set[str] | None:
    """The datasets that changes since the last time touch; None for all of them."""
    found: set[str] = set()
    for change in services.log.since(before.number, until=until):
        touched = _touched(change, change.added + change.removed, view)
        if touched is None:
            return None
        found |= touched
    return found


def _touched(patch: Patch, size: int, view: View) -> set[str] | None:
    datasets = view.datasets
    if is_source(patch.graph):
        if size > MANY:
            return datasets.in_catalog(patch.graph)
        subjects = subjects_of(patch)
        return subjects | datasets.with_parts(subjects)
    if is_of_catalogs(patch.graph):
        return tagged_in(patch)
    if size > MANY:
        return None
    return datasets.with_concepts_under(subjects_of(patch) | relinked(patch))


@dataclass(frozen=True, slots=True)
class _Run:
    """One run over one snapshot."""

    services: Services
    table: Scores
    view: View
    holder: str
    now: datetime

    def all_of(self, before: Progress, number: int) -> int:
        """Score everything, and take out what is no longer there."""
        gone = self.table.iris()
        total = self.view.datasets.count_all()
        at_work = replace(before, done=0, total=total, rules=RULES)
        changed = self._keep(self.view.datasets.all_cards(BATCH), at_work, gone)
        self._end(replace(at_work, number=number, whole=self.now), changed, gone, is_whole=True)
        return total

    def some(self, chosen: Collection[str], before: Progress, number: int) -> int:
        """Score some datasets; those that are none, or none any more, are taken out."""
        gone, listed = set(chosen), sorted(chosen)
        batches = (
            self.view.datasets.cards(listed[start : start + BATCH])
            for start in range(0, len(listed), BATCH)
        )
        at_work = replace(before, done=0, total=len(listed))
        changed = self._keep(batches, at_work, gone)
        self._end(replace(at_work, number=number), changed, gone, is_whole=False)
        return len(listed)

    def _keep(
        self, batches: Iterable[list[DatasetCard]], at_work: Progress, gone: set[str]
    ) -> set[str]:
        """Score batch by batch; what is scored is taken from ``gone``. The places that changed."""
        concepts, changed, done = Concepts(self.view), set[str](), 0
        verdicts = KeywordDecisions(self.services.database).verdicts()
        self.table.note(at_work)
        scorer = Scorer(concepts, verdicts, partial(find_out, self.services))
        for cards in batches:
            scores = [_kept(scored) for scored in scorer.score(cards)]
            changed |= self.table.keep(scores, self.now.date())
            gone.difference_update(score.iri for score in scores)
            done += len(cards)
            self.table.note(replace(at_work, done=min(done, max(at_work.total - 1, 0))))
            take_lease(self.services.database, NAME, self.holder, LEASE)
        return changed

    def _end(self, reached: Progress, changed: set[str], gone: set[str], *, is_whole: bool) -> None:
        changed |= self.table.forget(gone)
        for place in sorted(changed):
            self.table.summarize(_summary(self.table, place), self.now.date())
        total = reached.total
        self.table.note(replace(reached, done=total, ended=self.now))
        if changed or is_whole:
            _log.info("Scored %s datasets; the scores of %s places changed.", total, len(changed))


def _kept(scored: Scored) -> DatasetScore:
    """The scores as the database has them."""
    dataset = scored.dataset
    results = scored.results
    publishers = (str(agent.iri) for agent in dataset.publishers)
    return DatasetScore(
        iri=str(dataset.iri),
        places=tuple(sorted({*map(str, dataset.graphs), *publishers})),
        mqa=scored.mqa_points,
        tags=scored.tag_points,
        unknown=scored.unknown_points,
        lacking=lacking_bits(results),
        results=results,
    )


def _summary(table: Scores, place: str) -> Summary:
    tally = Tally()
    for score_ in table.in_place(place):
        tally.add(score_.mqa, score_.tags, score_.results)
    count = max(1, tally.datasets)
    return Summary(
        place=place,
        kind=Kind.CATALOG if is_source(place) else Kind.PUBLISHER,
        datasets=tally.datasets,
        mqa=round(tally.mqa / count, 1),
        tags=round(tally.tags / count, 1),
        details=tally.details(),
    )
