"""What in a draft is no concept, or is in an order: for the forms that change it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import Literal, URIRef

from vocab_server.grouping import Grouped, list_members, top_groups
from vocab_server.levels import level
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.reading import Link, links, view
from vocab_server.skos.acts.metadata import METADATA
from vocab_server.skos.acts.metadata import Property as Settable
from vocab_server.skos.concepts import Concept
from vocab_server.skos.hierarchy import Lens, items
from vocab_server.skos.labels import to_label
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.draft_texts import METADATA_NAMES

ARRANGED = 200  # concepts that are put in order on one page
COLLECTIONS = 200  # that are listed, with all in them
_VALUES = "SELECT ?property ?value WHERE { GRAPH $graph { $scheme ?property ?value } }"


@dataclass(frozen=True, slots=True)
class Arranged:
    """Things in their order; ``items`` are all ``total`` of them, or the first ARRANGED."""

    items: Sequence[Link]
    total: int

    @property
    def can_be_arranged(self) -> bool:
        """Whether there is an order to be changed on one page."""
        return 1 < self.total <= ARRANGED


@dataclass(frozen=True, slots=True)
class Described:
    """A property of a vocabulary with its values, to be changed.

    ``has_language`` is true also where a value has one that is not expected.
    """

    iri: URIRef
    name: str
    is_text: bool
    has_language: bool
    values: Sequence[Label]


def parts_of(lens: Lens, concept: Concept) -> dict[str, Any]:
    """What the page of a concept, a collection or a scheme shows beside its own texts."""
    is_scheme = SKOS.ConceptScheme in concept.types
    is_collection = not concept.is_concept and not is_scheme
    return {
        "is_scheme": is_scheme,
        "is_ordered": SKOS.OrderedCollection in concept.types,
        "is_collection": is_collection,
        "members": _members(lens, concept.iri) if is_collection else None,
        "under": _under(lens, concept.iri) if concept.is_concept else None,
        "collections": list_collections(lens)[0] if concept.is_concept else (),
        "metadata": _metadata(lens, concept.iri) if is_scheme else (),
    }


def parts_at_top(lens: Lens, vocabulary: Vocabulary) -> dict[str, Any]:
    """What the page of the whole draft shows: schemes, collections, and the top in its order."""
    collections, more = list_collections(lens)
    drafted = view().vocabulary(vocabulary.id)  # with what the draft made
    return {
        "schemes": links(items(lens, (scheme.iri for scheme in drafted.schemes))),
        "scheme_iri": drafted.registration.namespace.rstrip("/#"),
        "collections": collections,
        "more_collections": more,
        "under": _under(lens, None),
    }


def list_collections(lens: Lens) -> tuple[list[Link], int]:
    """The collections, each before those in it, and how many more are in none."""
    found, total = top_groups(lens, limit=COLLECTIONS)
    return links(group.item for group in _with_inner(found)), max(0, total - COLLECTIONS)


def _with_inner(groups: Iterable[Grouped]) -> Iterator[Grouped]:
    for group in groups:
        yield group
        yield from _with_inner(group.groups)


def _members(lens: Lens, collection: URIRef) -> Arranged:
    found = list_members(lens, collection, limit=ARRANGED)
    return Arranged(links(found.items), found.total)


def _under(lens: Lens, concept: URIRef | None) -> Arranged:
    found = level(lens, concept, limit=ARRANGED)
    return Arranged(links(found.items), found.total)


def _metadata(lens: Lens, scheme: URIRef) -> list[Described]:
    rows = lens.store.select(bind(_VALUES, graph=lens.graph, scheme=scheme))
    return [
        _described(prop, [r["value"] for r in rows if r["property"] == prop.iri])
        for prop in METADATA
    ]


def _described(prop: Settable, values: Sequence[Any]) -> Described:
    labels = [to_label(v) if isinstance(v, Literal) else Label(str(v)) for v in sorted(values)]
    has_language = prop.is_text and (prop.has_language or any(label.language for label in labels))
    return Described(prop.iri, METADATA_NAMES[prop.iri], prop.is_text, has_language, labels)
