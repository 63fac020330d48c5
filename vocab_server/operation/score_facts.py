"""What scores are made of: datasets with their tags, and what is known of the concepts in use.

Some queries for each batch of datasets, and what is found of a concept is remembered for a run, so
that a run is linear in the datasets and independent of the size of the vocabularies.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rdflib import URIRef

from vocab_server.catalog.profiles import DATA_THEMES
from vocab_server.catalog.resources import Dataset, Resource, read_datasets
from vocab_server.catalog.stages import NOT_FED, standings_of
from vocab_server.database.keywords import Verdict
from vocab_server.quality import mqa, tag_quality
from vocab_server.quality.open_formats import MACHINE_READABLE, NON_PROPRIETARY, code_of
from vocab_server.quality.tag_quality import (
    KeywordFacts,
    Kind,
    Subject,
    TagFacts,
    TaggingFacts,
    Use,
)
from vocab_server.rdf.graph_names import is_of_catalogs
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import DCAT, DCT, RDFS, SKOS
from vocab_server.rdf.query import bind
from vocab_server.search.agreeing import Meaning, Spoken, agreement
from vocab_server.search.dataset_documents import DatasetCard
from vocab_server.search.text import keyword_form
from vocab_server.skos.labels import to_label
from vocab_server.skos.reach import depths_of
from vocab_server.skos.resolving import Status, resolve_iris
from vocab_server.tagging.deriving import themes_of
from vocab_server.views import View

ASKED = 200  # concepts that one query looks up
_MORE_FORMATS = frozenset(("API", "DOC", "DOCX", "EXCEL", "GML", "GPKG", "PDF", "WFS", "WMS"))
_FORMATS = MACHINE_READABLE | NON_PROPRIETARY | _MORE_FORMATS

_NAMES = """SELECT DISTINCT ?concept ?name ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { { ?concept skos:prefLabel|skos:altLabel|skos:hiddenLabel ?name }
        UNION { ?concept skosxl:prefLabel|skosxl:altLabel|skosxl:hiddenLabel ?form .
            ?form skosxl:literalForm ?name } } FILTER (isLITERAL(?name)) }"""
_NEAR = """SELECT DISTINCT ?concept ?other ?name ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { ?concept skos:broader|^skos:narrower|skos:related ?other .
        ?other skos:prefLabel ?name } }"""
_DEFINED = """SELECT DISTINCT ?concept ?name ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { ?concept skos:definition|skos:scopeNote ?name } FILTER (isLITERAL(?name)) }"""
_INNER = """SELECT ?concept WHERE { VALUES ?concept { $concepts }
    FILTER (EXISTS { GRAPH ?g { ?concept skos:narrower ?lower } }
        || EXISTS { GRAPH ?h { ?below skos:broader ?concept } }) }"""


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of a dataset with what they are made of.

    ``mqa`` is in the order of ``mqa.METRICS``, ``tags`` in that of ``tag_quality.PARTS``.
    """

    dataset: Dataset
    mqa: tuple[mqa.Result, ...]
    tags: tuple[tag_quality.Measured, ...]

    @property
    def results(self) -> tuple[float | bool | None, ...]:
        """All results in the order of ``score_sums.COLUMNS``; shares to three digits."""
        return (*self.mqa, *(round(share, 3) for share, _ in self.tags))

    @property
    def mqa_points(self) -> int:
        """The points of MQA."""
        return mqa.points_of(self.mqa)

    @property
    def unknown_points(self) -> int:
        """The points of MQA that nobody looked at yet."""
        return mqa.unknown_points(self.mqa)

    @property
    def tag_points(self) -> int:
        """The points of tag quality."""
        return tag_quality.points_of(share for share, _ in self.tags)


@dataclass(slots=True)
class Concepts:
    """What is known of concepts in use; each is looked up once."""

    view: View
    subjects: dict[URIRef, Subject] = field(default_factory=dict)
    meanings: dict[URIRef, Meaning] = field(default_factory=dict)
    forms: dict[URIRef, set[str]] = field(default_factory=dict)
    _users: dict[URIRef, Mapping[str, int]] = field(default_factory=dict)
    _totals: dict[str, int] = field(default_factory=dict)

    def learn(self, concepts: Iterable[URIRef]) -> None:
        """Look up those that are not known yet."""
        new = sorted(set(concepts) - self.subjects.keys())
        for start in range(0, len(new), ASKED):
            self._learn(new[start : start + ASKED])

    def use(self, concept: URIRef, publishers: Sequence[URIRef]) -> Use:
        """Where a concept is used, for a dataset of these publishers."""
        if concept not in self._users:
            self._users[concept] = self.view.datasets.publishers_with(concept)
        users, own = self._users[concept], publishers[0] if publishers else ""
        return Use(
            others=len(users.keys() - set(map(str, publishers))),
            own=users.get(str(own), 0),
            total=self._total(str(own)) if own else 0,
        )

    def _total(self, publisher: str) -> int:
        if publisher not in self._totals:
            self._totals[publisher] = self.view.datasets.count_of(publisher)
        return self._totals[publisher]

    def _learn(self, concepts: Sequence[URIRef]) -> None:
        """What is said of a concept that was replaced by one other is said of that one."""
        store = self.view.store
        fates = {URIRef(found.iri): found for found in resolve_iris(store, concepts, ())}
        instead = {
            iri: fate.replaced_by[0][0] if fate.status is Status.REPLACED else iri
            for iri, fate in fates.items()
        }
        effective = sorted(set(instead.values()))
        depths, themes = depths_of(store, effective), themes_of(store, effective)
        inner = {row["concept"] for row in store.select(bind(_INNER, concepts=effective))}
        meanings, forms = self._meanings(effective)
        for iri, now in instead.items():
            self.subjects[iri] = Subject(
                iri=iri,
                depth=depths.get(now, 1),
                has_narrower=now in inner,
                is_current=fates[iri].status in (Status.CURRENT, Status.UNKNOWN),
                themes=frozenset(themes.get(now, ())),
            )
            self.meanings[iri], self.forms[iri] = meanings[now], forms[now]

    def _meanings(
        self, concepts: Sequence[URIRef]
    ) -> tuple[dict[URIRef, Meaning], dict[URIRef, set[str]]]:
        found = {iri: Meaning() for iri in concepts}
        forms: dict[URIRef, set[str]] = defaultdict(set)
        for iri, label in self._labels(_NAMES, concepts):
            found[iri].add_name(label)
            forms[iri].add(keyword_form(label.text))
        for iri, label in self._labels(_NEAR, concepts):
            found[iri].add_near(label)
            forms[iri].add(keyword_form(label.text))
        for iri, label in self._labels(_DEFINED, concepts):
            found[iri].add_definition(label)
        return found, {iri: forms[iri] for iri in concepts}

    def _labels(self, query: str, concepts: Sequence[URIRef]) -> Iterator[tuple[URIRef, Label]]:
        for row in self.view.store.select(bind(query, concepts=concepts)):
            if not is_of_catalogs(str(row["graph"])):
                yield URIRef(row["concept"]), to_label(row["name"])


def nothing_known(_datasets: Sequence[Dataset]) -> mqa.Known:
    """No address was tried and no rule was checked."""
    return mqa.Known()


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores datasets of one snapshot; ``verdicts`` are what somebody decided about keywords.

    ``find_out`` gives what others found out about some datasets.
    """

    concepts: Concepts
    verdicts: Mapping[str, Verdict]
    find_out: Callable[[Sequence[Dataset]], mqa.Known] = nothing_known

    def score(self, cards: Sequence[DatasetCard]) -> list[Scored]:
        """The scores of datasets; without series, and what is not passed on to other portals."""
        tags = {card.iri: card.concepts for card in cards}
        self.concepts.learn(concept for some in tags.values() for concept in some)
        found = [d for d in read_datasets(self.concepts.view.store, list(tags)) if _is_fed(d)]
        known = self.find_out(found)
        return [self._scored(dataset, tags[dataset.iri], known) for dataset in found]

    def _scored(self, dataset: Dataset, tags: Collection[URIRef], known: mqa.Known) -> Scored:
        subjects = [self.concepts.subjects[iri] for iri in tags]
        return Scored(
            dataset,
            mqa.measure(
                dataset,
                known,
                has_words=any(self.concepts.meanings[iri].names for iri in tags),
                has_themes=any(subject.themes for subject in subjects),
            ),
            tag_quality.measure(self.facts(dataset, tags)),
        )

    def facts(self, dataset: Dataset, tags: Collection[URIRef]) -> TaggingFacts:
        """How a dataset is tagged."""
        own = [iri for iri in tags if not iri.startswith(f"{DATA_THEMES}/")]
        return TaggingFacts(
            tags=self._tags(dataset, own) if own else (),
            keywords=self._keywords(dataset, own),
            stated=frozenset(
                theme
                for theme in dataset.resource.links(DCAT.theme)
                if theme.startswith(f"{DATA_THEMES}/")
            ),
        )

    def _tags(self, dataset: Dataset, tags: Collection[URIRef]) -> tuple[TagFacts, ...]:
        spoken = Spoken.of((*dataset.titles, *dataset.keywords), dataset.descriptions)
        publishers = [agent.iri for agent in dataset.publishers]
        return tuple(
            TagFacts(
                self.concepts.subjects[iri],
                agreement(spoken, self.concepts.meanings[iri]),
                self.concepts.use(iri, publishers),
            )
            for iri in tags
        )

    def _keywords(self, dataset: Dataset, tags: Collection[URIRef]) -> tuple[KeywordFacts, ...]:
        known = set().union(*(self.concepts.forms[iri] for iri in tags))
        written = {keyword_form(word.text): word.text for word in dataset.keywords}
        kinds = _Kinds(dataset, known, self.verdicts)
        return tuple(
            KeywordFacts(text, kinds.kind(form)) for form, text in sorted(written.items()) if form
        )


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What the keywords of a dataset are; ``known`` are the forms of what its tags are called."""

    dataset: Dataset
    known: Collection[str]
    verdicts: Mapping[str, Verdict]

    def kind(self, form: str) -> Kind:
        """What a keyword is, by its form."""
        verdict = self.verdicts.get(form)
        if form in self.known or verdict is Verdict.CONCEPT:
            return Kind.KNOWN
        if verdict is Verdict.NO_TOPIC:
            return Kind.NO_TOPIC
        if self._is_publisher(form):
            return Kind.PUBLISHER
        if form in self._places():
            return Kind.PLACE
        if code_of(form) in _FORMATS:
            return Kind.FORMAT
        return Kind.WANTED if verdict is Verdict.NEEDED else Kind.OPEN

    def _is_publisher(self, form: str) -> bool:
        """Whether it is who publishes, or how that begins, as "Ekebro" for "Ekebro kommun"."""
        names = (keyword_form(n.text) for agent in self.dataset.publishers for n in agent.names)
        return any(name == form or name.startswith(f"{form} ") for name in names)

    def _places(self) -> set[str]:
        described = self.dataset.described
        places = (Resource.of(iri, described) for iri in self.dataset.resource.links(DCT.spatial))
        return {
            keyword_form(text.text)
            for place in places
            for text in place.texts(SKOS.prefLabel, DCT.title, RDFS.label)
        }


def _is_fed(dataset: Dataset) -> bool:
    """Whether it is passed on to other portals, and no series."""
    return not dataset.is_series and not set(standings_of(dataset)) & set(NOT_FED)
