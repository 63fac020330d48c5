"""Suggestions: which concepts a text is about, each with the reasons why.

Names of concepts are looked up in the text: as they are written, without their endings, and as
parts of compounds. A whole name counts more than a part, a long name more than a short one, a title
more than a description, and a concept more than what it lies under: specific before general. To
that is added what like datasets are tagged with, and a little of what most are. What people
accepted or dismissed before counts for the same words.

``bench suggest`` measures what each of the weights is good for.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import URIRef

from vocab_server.rdf.languages import Label, is_same_language
from vocab_server.search.cards import Cards
from vocab_server.search.described import Described, Match, Part
from vocab_server.search.documents import term
from vocab_server.search.learning import Learned, learned_from
from vocab_server.search.mentions import Mention, Name, Said, Source, mentions, read_names, said_in

SCALE = 2.5  # strength of names at which a score is 63 of 100
ABOVE = 0.6  # of its strength is left to what lies right above another suggestion
LEVELS = 20  # that are followed upward
LEARNED = 0.3  # score of what all like datasets have, if nothing else speaks for it
LEAST = 0.15  # share of like datasets that must have what no name speaks for
USUAL = 0.1  # score of what all datasets have, if nothing else speaks for it
USUAL_SHARE = 0.04  # of datasets that have what is usual
FEWEST = 5  # datasets that have what is usual
ANSWERED = 50  # concepts for which earlier answers count
DOUBT = 4  # answers that are taken for given, one way and the other
DISMISSED, ACCEPTED = 0.5, 1.25  # bounds of what earlier answers do to a strength
WEIGHTS = {
    Part.TITLE: 3.0,
    Part.KEYWORDS: 3.0,
    Part.COLUMNS: 1.5,
    Part.DESCRIPTION: 1.0,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a concept is suggested: ``text`` in a part of the description is its name ``label``.

    Of what is learned from datasets ``label`` is the title of one, ``text`` the words it shares. Of
    what is usual ``text`` is how many datasets of how many have it, as "12/80".
    """

    match: Match
    part: Part
    text: str
    label: Label


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A concept that a text seems to be about; ``score`` from 0 to 100."""

    concept: URIRef
    graph: URIRef
    score: int
    reasons: tuple[Reason, ...]


def suggest(source: Source, described: Described, limit: int) -> list[Suggestion]:
    """The concepts that a description is about, best first; never a deprecated one."""
    found = _evidence(source, described)
    _heed_answers(source, found)
    strengths = {of: evidence.strength for of, evidence in found.items()}
    for of in _above(source, strengths):
        strengths[of] *= ABOVE
    best = sorted(strengths, key=lambda of: (-strengths[of], of))[:limit]
    return [
        Suggestion(of[1], of[0], max(1, round(100 * strengths[of])), found[of].reasons)
        for of in best
    ]


_Key = tuple[URIRef, URIRef]  # graph and concept


@dataclass(slots=True)
class _Evidence:
    """What speaks for a concept, each from 0 to 1, and the reasons, the weightiest first."""

    named: float = 0.0
    learned: float = 0.0
    usual: float = 0.0
    reasons: tuple[Reason, ...] = ()

    @property
    def phrase(self) -> str:
        """The words that led to the concept, "" for what other datasets have."""
        first = self.reasons[0]
        return "" if first.part is Part.DATASETS else first.text

    def weigh(self, factor: float) -> None:
        """Let what its phrase led to count more or less."""
        if self.phrase:
            self.named = min(1.0, self.named * factor)
        else:
            self.learned, self.usual = min(1.0, self.learned * factor), self.usual * factor

    @property
    def strength(self) -> float:
        """All evidence together: each kind takes its part of the doubt that the others leave."""
        doubt = (1 - self.named) * (1 - LEARNED * self.learned) * (1 - USUAL * self.usual)
        return 1 - doubt


def _evidence(source: Source, described: Described) -> dict[_Key, _Evidence]:
    """What speaks for each concept that anything speaks for.

    What is usual only adds to what the text itself led to, or every text led to the same.
    """
    said = said_in(described)
    found: dict[_Key, _Evidence] = defaultdict(_Evidence)
    named: dict[_Key, list[Mention]] = defaultdict(list)
    for each in mentions(source, described, said):
        named[each.graph, each.concept].append(each)
    for of, names in named.items():
        strength = 1 - math.exp(-_strength(names, said) / SCALE)
        found[of] = _Evidence(named=strength, reasons=_reasons(names, said))
    for of, learned in _learned(source, described).items():
        if of in found or learned.share >= LEAST:
            found[of].learned = learned.share
            reason = Reason(Match.TAGGED, Part.DATASETS, " ".join(learned.words), learned.title)
            found[of].reasons += (reason,)
    for of, (share, reason) in (_usual(source, described) if found else {}).items():
        found[of].usual = share
        found[of].reasons += (reason,)
    return found


def _heed_answers(source: Source, found: Mapping[_Key, _Evidence]) -> None:
    """Let earlier answers to the strongest suggestions count, within bounds.

    Half of the strength of what is always dismissed is left, so that nothing is lost for good.
    """
    if source.answers is None:
        return
    strongest = sorted(found, key=lambda of: (-found[of].strength, of))[:ANSWERED]
    pairs = {of: (str(of[1]), found[of].phrase) for of in strongest}
    answers = source.answers(set(pairs.values()))
    for of, pair in pairs.items():
        if pair in answers:
            told = answers[pair]
            factor = (told.accepted + DOUBT) / (told.dismissed + DOUBT)
            found[of].weigh(min(ACCEPTED, max(DISMISSED, factor)))


def _learned(source: Source, described: Described) -> dict[_Key, Learned]:
    """The concepts in use that datasets with the same words have."""
    if source.datasets is None:
        return {}
    found = learned_from(
        source.datasets.searcher,
        (described.title, *described.keywords),
        described.description,
        peers=source.peers,
        without_publishers=source.without_publishers,
    )
    names = _preferred(source, found)
    return {(name.graph, name.concept): found[str(name.concept)] for name in names}


def _usual(source: Source, described: Described) -> dict[_Key, tuple[float, Reason]]:
    """The concepts in use that many datasets have, those of like organisations if there are any."""
    if source.datasets is None:
        return {}
    usual = source.datasets.usual(frozenset(map(str, source.peers)), source.without_publishers)
    least = max(FEWEST, USUAL_SHARE * usual.datasets)
    often = {concept: count for concept, count in usual.counts.items() if count >= least}
    found: dict[_Key, tuple[float, Reason]] = {}
    for name in _preferred(source, often):
        of, count = (name.graph, name.concept), often[str(name.concept)]
        reason = Reason(Match.USUAL, Part.DATASETS, f"{count}/{usual.datasets}", name.label)
        if of not in found or is_same_language(name.label.language, described.language or ""):
            found[of] = count / usual.datasets, reason
    return found


def _preferred(source: Source, concepts: Iterable[str]) -> Iterator[Name]:
    """The preferred names of those of the concepts that are in use."""
    return read_names(source, [term("preferred", iri) for iri in concepts])


def _strength(names: Iterable[Mention], said: Said) -> float:
    """How much speaks for a concept: its best name in each part, and how often it stands there."""
    best: dict[Part, float] = defaultdict(float)
    for name in names:
        for part, times in said[name.phrase].items():
            often = 1 + 0.25 * math.log2(times)
            best[part] = max(best[part], WEIGHTS[part] * name.weight * often)
    return sum(best.values())


def _above(source: Source, found: Iterable[_Key]) -> set[_Key]:
    """Those of the concepts that others of them lie under."""
    by_graph: dict[URIRef, set[URIRef]] = defaultdict(set)
    for graph, concept in found:
        by_graph[graph].add(concept)
    return {
        (graph, concept)
        for graph, concepts in by_graph.items()
        for concept in _over(source.cards, graph, concepts) & concepts
    }


def _over(cards: Cards, graph: URIRef, concepts: Iterable[URIRef]) -> set[URIRef]:
    """Everything that any of the concepts lies under; one look-up a level."""
    seen: set[URIRef] = set()
    level = set(concepts)
    for _ in range(LEVELS):
        higher = {up for ups in cards.above(graph, level).values() for up in ups}
        level = higher - seen
        seen |= level
        if not level:
            break
    return seen


def _reasons(names: Iterable[Mention], said: Said) -> tuple[Reason, ...]:
    """One reason for each part of the text and way of speaking, the weightiest first."""
    order = sorted(names, key=lambda name: (-name.weight, name.label.text, name.label.language))
    reasons: dict[tuple[Part, str], Reason] = {}
    for name in order:
        for part in said[name.phrase]:
            reason = Reason(name.match, part, name.phrase, name.label)
            reasons.setdefault((part, name.phrase), reason)
    places = {part: place for place, part in enumerate(WEIGHTS)}
    return tuple(sorted(reasons.values(), key=lambda reason: places[reason.part]))
