"""Which datasets there are under chosen concepts and facets, and how many under each other choice.

Why two steps and how fast, see ``search.dataset_documents``.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import tantivy
from rdflib import URIRef

from vocab_server.catalog.stages import Stage
from vocab_server.rdf.languages import Label
from vocab_server.search.dataset_documents import (
    CONCEPTS,
    DATASET,
    FACETS,
    KEYWORD,
    SCHEMA,
    USED,
    WORDS,
    DatasetCard,
    Openness,
    field_term,
    field_terms,
    key_of,
    read_card,
    searched_words,
)
from vocab_server.search.dataset_index import concepts_found
from vocab_server.search.documents import all_of, any_of, count, none_of
from vocab_server.search.text import stems

MOST_MEASURED = 10_000  # different concepts that a measure looks at
MOST_LEVELS = 60  # of a hierarchy
REMEMBERED = 2_000  # concepts whose concepts in use are remembered
MOST_USUAL = 20  # concepts that are called usual
MOST_WORDS = 12  # words of a text that are searched for
TITLE, WORD, STEM, BEGINNING = 4.0, 2.0, 1.5, 1.0  # how much a match of each kind weighs


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list of datasets is narrowed by; all of it together.

    ``concepts`` each with what is below it, unless ``is_exact``. ``facets`` are of FACETS.
    ``keyword`` is a normal form.
    ``stages`` are those of a register that are wanted, none for all; those ``without`` never are.
    ``either`` are alternatives: fields with values, of each group any.
    """

    concepts: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    catalogs: tuple[str, ...] = ()
    text: str = ""
    languages: tuple[str, ...] = ()
    is_exact: bool = False
    keyword: str = ""
    stages: tuple[str, ...] = ()
    without: tuple[str, ...] = (Stage.WITHDRAWN,)
    either: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Keyword:
    """A free keyword: its normal form, one way in which it is written, and in how many datasets."""

    form: str
    written: Label
    count: int


@dataclass(frozen=True, slots=True)
class TaggingMeasure:
    """How well datasets are tagged.

    ``levels`` are pairs: a level of the hierarchy, 1 for the top, and how many of the different
    ``concepts`` in use stand there.
    """

    datasets: int
    with_concepts: int
    with_words_only: int
    concepts: int
    levels: tuple[tuple[int, int], ...]

    @property
    def with_nothing(self) -> int:
        """How many datasets have neither a concept nor a word."""
        return self.datasets - self.with_concepts - self.with_words_only


@dataclass(frozen=True, slots=True)
class Usual:
    """How many of the tagged ``datasets`` have each of the most frequent concepts."""

    datasets: int
    counts: Mapping[str, int]


@dataclass(slots=True)
class DatasetIndex:
    """The datasets of one snapshot; the concepts in use under one are remembered."""

    searcher: tantivy.Searcher
    _below: dict[str, list[str]] = field(default_factory=dict)
    _usual: dict[tuple[Collection[str], ...], "Usual"] = field(default_factory=dict)

    def find(
        self,
        chosen: Chosen,
        *,
        limit: int,
        offset: int = 0,
        order: str = "",
        is_rising: bool = False,
    ) -> tuple[list[DatasetCard], int]:
        """A page of the datasets, best match or newest first, and how many there are.

        Or in the ``order`` of ``modified``, or of ``place``, where a dataset keeps its place
        whatever happens to others; the greatest first unless ``is_rising``.
        """
        query = self._query(chosen)
        total = count(self.searcher, query)
        if offset >= total:  # tantivy makes room for all that is left out, and aborts
            return [], total
        by = order or (None if chosen.text else "modified")
        direction = tantivy.Order.Asc if is_rising else tantivy.Order.Desc
        found = self.searcher.search(
            query, limit=limit, offset=offset, count=False, order_by_field=by, order=direction
        )
        return [self._card(address) for _, address in found.hits], total

    def count(self, chosen: Chosen = Chosen()) -> int:
        """How many datasets there are."""
        return count(self.searcher, self._query(chosen))

    def counts(self, concept: str) -> tuple[int, int]:
        """How many datasets have a concept itself, and how many with what is below it."""
        if not self.is_used(concept):
            return 0, 0
        own = Chosen(concepts=(concept,), is_exact=True)
        return self.count(own), self.count(Chosen(concepts=(concept,)))

    def count_under(self, concepts: Iterable[str], chosen: Chosen = Chosen()) -> dict[str, int]:
        """How many of the chosen datasets each concept has, with all below it."""
        query = self._query(chosen)
        return {
            concept: count(self.searcher, all_of(query, self._tagged(concept, is_exact=False)))
            if self.is_used(concept)
            else 0
            for concept in concepts
        }

    def count_tagged(self, chosen: Chosen = Chosen()) -> int:
        """How many of the chosen datasets have any concept."""
        tagged = tantivy.Query.exists_query("concept")
        return count(self.searcher, all_of(self._query(chosen), tagged))

    def usual(
        self, catalogs: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
    ) -> Usual:
        """The most frequent concepts of the tagged datasets in some catalogs, all for none.

        What publishers ``without`` have is left out. Counted once for a snapshot.
        """
        asked, kept = (catalogs, without), self._usual  # another thread may begin a new one
        if asked not in kept:
            if len(kept) >= REMEMBERED:
                kept = self._usual = {}
            kept[asked] = self._count_usual(Chosen(catalogs=tuple(sorted(catalogs))), without)
        return kept[asked]

    def _count_usual(self, chosen: Chosen, without: Collection[str]) -> Usual:
        tagged = all_of(self._query(chosen), tantivy.Query.exists_query("concept"))
        query = none_of(tagged, field_terms("publisher", without))
        most = {"concept": {"terms": {"field": "concept", "size": MOST_USUAL}}}
        buckets = self.searcher.aggregate(query, most)["concept"]["buckets"]
        counts = {str(each["key"]): int(each["doc_count"]) for each in buckets}
        return Usual(count(self.searcher, query), counts)

    def is_used(self, concept: str) -> bool:
        """Whether a dataset may have the concept, or one below it."""
        return bool(self.searcher.doc_freq("under", concept))

    def facets(self, chosen: Chosen, most: int) -> dict[str, list[tuple[str, int]]]:
        """The most frequent values of each facet among the chosen datasets, with how many."""
        asked = {name: {"terms": {"field": name, "size": most}} for name in FACETS}
        found: Mapping[str, Mapping[str, list[dict[str, object]]]] = self.searcher.aggregate(
            self._query(chosen), asked
        )
        return {
            name: [(str(b["key"]), int(str(b["doc_count"]))) for b in found[name]["buckets"]]
            for name in FACETS
        }

    def coverage(self, concept: str) -> dict[str, dict[Openness, int]]:
        """How many datasets each publisher has in each stage under a concept."""
        if not self.is_used(concept):
            return {}
        asked = {
            "publishers": {
                "terms": {"field": "publisher", "size": 10_000},
                "aggs": {"stages": {"terms": {"field": "openness", "size": len(Openness)}}},
            }
        }
        found = self.searcher.aggregate(self._query(Chosen(concepts=(concept,))), asked)
        return {
            str(each["key"]): {
                Openness(stage["key"]): int(stage["doc_count"])
                for stage in each["stages"]["buckets"]
            }
            for each in found["publishers"]["buckets"]
        }

    def values(self, name: str, chosen: Chosen, most: int = 100) -> dict[str, int]:
        """How many of the chosen datasets have each value of a field, the most frequent first."""
        asked = {name: {"terms": {"field": name, "size": most}}}
        found = self.searcher.aggregate(self._query(chosen), asked)
        return {str(b["key"]): int(b["doc_count"]) for b in found[name]["buckets"]}

    def measure(self, chosen: Chosen) -> TaggingMeasure:
        """How well the chosen datasets are tagged; the time grows with the concepts they have."""
        counted = self.values("tagging", chosen)
        used = self.values("concept", chosen, MOST_MEASURED)
        keys = field_terms("key", (key_of(USED, concept) for concept in used))
        asked = {"depth": {"terms": {"field": "depth", "size": MOST_LEVELS}}}
        levels = self.searcher.aggregate(keys, asked)["depth"]["buckets"] if used else []
        return TaggingMeasure(
            datasets=self.count(chosen),
            with_concepts=counted.get(CONCEPTS, 0),
            with_words_only=counted.get(WORDS, 0),
            concepts=len(used),
            levels=tuple(sorted((int(b["key"]), int(b["doc_count"])) for b in levels)),
        )

    def catalogs(self) -> dict[URIRef, int]:
        """How many datasets each catalog has, by its graph."""
        asked = {"catalogs": {"terms": {"field": "catalog", "size": 10_000}}}
        found = self.searcher.aggregate(field_term("kind", DATASET), asked)
        return {URIRef(b["key"]): int(b["doc_count"]) for b in found["catalogs"]["buckets"]}

    def get(self, identifier: str) -> DatasetCard | None:
        """The dataset with this id, or None."""
        query = all_of(field_term("kind", DATASET), field_term("id", identifier))
        hits = self.searcher.search(query, limit=1).hits
        return self._card(hits[0][1]) if hits else None

    def cards(self, iris: Iterable[str]) -> list[DatasetCard]:
        """Those of the resources that are datasets; some hundreds at a time."""
        keys = field_terms("key", [key_of(DATASET, iri) for iri in iris])
        most = max(1, count(self.searcher, keys))
        hits = self.searcher.search(keys, limit=most, count=False).hits
        return [self._card(address) for _, address in hits]

    def count_all(self) -> int:
        """How many datasets there are, withdrawn ones too."""
        return count(self.searcher, field_term("kind", DATASET))

    def all_cards(self, most: int) -> Iterator[list[DatasetCard]]:
        """All datasets, so many at a time, in no order that means anything."""
        every = field_term("kind", DATASET)
        whole = max(1, count(self.searcher, every))
        hits = self.searcher.search(every, limit=whole, count=False).hits
        for start in range(0, len(hits), most):
            yield [self._card(address) for _, address in hits[start : start + most]]

    def with_parts(self, resources: Iterable[str]) -> set[str]:
        """The datasets that any of the resources belongs to."""
        return self._iris(field_terms("part", resources))

    def in_catalog(self, graph: str) -> set[str]:
        """The datasets of a catalog."""
        return self._iris(field_term("catalog", graph))

    def with_concepts_under(self, concepts: Iterable[str]) -> set[str]:
        """The datasets that have any of the concepts, or one below them."""
        used = all_of(field_term("kind", USED), field_terms("under", concepts))
        return self._iris(field_terms("concept", concepts_found(self.searcher, used)))

    def _iris(self, query: tantivy.Query) -> set[str]:
        asked = all_of(field_term("kind", DATASET), query)
        most = max(1, count(self.searcher, asked))
        hits = self.searcher.search(asked, limit=most, count=False).hits
        return {str(self._card(address).iri) for _, address in hits}

    def publishers_with(self, concept: str) -> dict[str, int]:
        """How many datasets with a concept itself each publisher has; the MOST_MEASURED biggest."""
        query = all_of(field_term("kind", DATASET), field_term("concept", concept))
        asked = {"publisher": {"terms": {"field": "publisher", "size": MOST_MEASURED}}}
        buckets = self.searcher.aggregate(query, asked)["publisher"]["buckets"]
        return {str(each["key"]): int(each["doc_count"]) for each in buckets}

    def count_of(self, publisher: str) -> int:
        """How many datasets a publisher has."""
        query = all_of(field_term("kind", DATASET), field_term("publisher", publisher))
        return count(self.searcher, query)

    def keywords(
        self, *, limit: int, offset: int = 0, text: str = "", without: Iterable[str] = ()
    ) -> tuple[list[Keyword], int]:
        """A page of the free keywords, the most frequent first, and how many there are.

        ``text`` are words that they begin with; forms in ``without`` are left out.
        """
        parts = [field_term("kind", KEYWORD), *_words(text, ())]
        conditions = [(tantivy.Occur.Must, part) for part in parts]
        if left_out := list(without):
            conditions.append((tantivy.Occur.MustNot, field_terms("keyword", left_out)))
        query = tantivy.Query.boolean_query(conditions)
        total = count(self.searcher, query)
        if offset >= total:  # as in find
            return [], total
        found = self.searcher.search(
            query, limit=limit, offset=offset, count=False, order_by_field="place"
        )
        return [self._keyword(address) for _, address in found.hits], total

    def keyword(self, form: str) -> Keyword | None:
        """The keyword with this normal form, or None when no dataset has it."""
        return self.keywords_of([form]).get(form)

    def keywords_of(self, forms: Collection[str]) -> dict[str, Keyword]:
        """The keywords with some normal forms, by these; one look-up for all."""
        query = field_terms("key", [key_of(KEYWORD, form) for form in forms])
        hits = self.searcher.search(query, limit=max(1, len(forms)), count=False).hits
        return {found.form: found for found in (self._keyword(address) for _, address in hits)}

    def with_keyword(self, form: str) -> Iterator[DatasetCard]:
        """All datasets that have a keyword, in any spelling of its form."""
        query = all_of(field_term("kind", DATASET), field_term("keyword", form))
        most = max(1, count(self.searcher, query))
        for _, address in self.searcher.search(query, limit=most, count=False).hits:
            yield self._card(address)

    def publishers_of(self, form: str, most: int) -> list[tuple[str, int]]:
        """Who has most datasets with a keyword, with how many."""
        query = all_of(field_term("kind", DATASET), field_term("keyword", form))
        asked = {"publisher": {"terms": {"field": "publisher", "size": most}}}
        buckets = self.searcher.aggregate(query, asked)["publisher"]["buckets"]
        return [(str(each["key"]), int(each["doc_count"])) for each in buckets]

    def _keyword(self, address: tantivy.DocAddress) -> Keyword:
        held = json.loads(bytes(self.searcher.doc(address).get_first("card") or b"{}"))
        return Keyword(held["form"], Label(held["text"], held["language"]), held["count"])

    def _query(self, chosen: Chosen) -> tantivy.Query:
        parts = [field_term("kind", DATASET)]
        parts += [field_term(name, value) for name, value in chosen.facets]
        parts += [self._tagged(concept, is_exact=chosen.is_exact) for concept in chosen.concepts]
        if chosen.keyword:
            parts.append(field_term("keyword", chosen.keyword))
        if chosen.catalogs:
            parts.append(field_terms("catalog", chosen.catalogs))
        if chosen.stages:
            parts.append(field_terms("stage", chosen.stages))
        parts += [any_of(*(field_term(*pair) for pair in some)) for some in chosen.either]
        parts += _words(chosen.text, chosen.languages)
        return none_of(all_of(*parts), field_terms("stage", chosen.without))

    def _tagged(self, concept: str, *, is_exact: bool) -> tantivy.Query:
        return field_terms("concept", [concept] if is_exact else self._used_below(concept))

    def _used_below(self, concept: str) -> list[str]:
        """The concepts in use that count for one: itself and those below it."""
        kept = self._below  # another thread may begin a new one
        if concept not in kept:
            if len(kept) >= REMEMBERED:
                kept = self._below = {}
            query = all_of(field_term("kind", USED), field_term("under", concept))
            kept[concept] = concepts_found(self.searcher, query)
        return kept[concept]

    def _card(self, address: tantivy.DocAddress) -> DatasetCard:
        return read_card(bytes(self.searcher.doc(address).get_first("card") or b"{}"))


def _words(text: str, languages: Iterable[str]) -> list[tantivy.Query]:
    """For each word the datasets that have it, inflected too; the last may be unfinished."""
    words = searched_words(text)[:MOST_WORDS]
    return [_word(word, languages, is_last=word == words[-1]) for word in words]


def _word(word: str, languages: Iterable[str], *, is_last: bool) -> tantivy.Query:
    ways = [
        tantivy.Query.boost_query(field_term("title_words", word), TITLE),
        tantivy.Query.boost_query(field_term("words", word), WORD),
    ]
    endings = {stem for language in languages for stem in stems(word, language)}
    ways += [tantivy.Query.boost_query(field_term("stems", stem), STEM) for stem in sorted(endings)]
    if is_last:
        begun = tantivy.Query.regex_query(SCHEMA, "words", f"{re.escape(word)}.*")
        ways.append(tantivy.Query.const_score_query(begun, BEGINNING))
    return any_of(*ways)
