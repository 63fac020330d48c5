"""The documents of the index of datasets: their fields and what is in them.

Three kinds. One document for each dataset, with the concepts that it is tagged with and nothing of
the hierarchy. One for each concept in use, with all that counts it (``skos.reach``). One for each
free keyword, with how many datasets have it.

Whoever asks for a concept is answered in two steps: which concepts in use lie under it, and which
datasets have any of them. So a subtree that is moved changes the documents of some concepts, never
those of datasets, and the counts are exact: a dataset with two concepts under one counts once.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

import tantivy
from rdflib import URIRef

from vocab_server.catalog.profiles import DATA_THEMES
from vocab_server.catalog.resources import Dataset, dataset_id
from vocab_server.catalog.stages import blockers_of, stage_of, standings_of
from vocab_server.rdf.dates import read_date
from vocab_server.rdf.languages import Label
from vocab_server.rdf.licences import licence_name
from vocab_server.rdf.namespaces import ADMS, DCATAP, DCT
from vocab_server.search.text import folded, keyword_form, plain, stems

FACETS = ("publisher", "theme", "format", "licence", "access")  # that lists are narrowed by
DATASET, USED, KEYWORD = "dataset", "used", "keyword"  # kinds of documents
LONGEST_TEXT = 20_000  # characters of a description that are searched
SHOWN_TEXT = 400  # characters of a description that lists show
ACCESS = ("PUBLIC", "RESTRICTED", "NON_PUBLIC")
CONCEPTS, WORDS, NOTHING = "concepts", "words", "nothing"  # what a dataset is tagged with


def dataset_schema() -> tantivy.Schema:
    """The fields. ``part`` is what belongs to a dataset, so that a change of it is noticed."""
    builder = tantivy.SchemaBuilder()
    for name in ("key", "kind", "id", "part", "under", "title_words", "words", "stems"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (
        "concept",
        "catalog",
        "keyword",
        "stage",
        "openness",
        "blocker",
        "tagging",
        *FACETS,
    ):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("modified", "place", "depth"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_bytes_field("card", stored=True, indexed=False)
    return builder.build()


SCHEMA = dataset_schema()


class Openness(StrEnum):
    """How far a dataset has come, the best first."""

    OPEN = "open"
    PLANNED = "planned"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """What lists show of a dataset; ``graphs`` are the catalogs that describe it."""

    id: str
    iri: URIRef
    titles: tuple[Label, ...]
    descriptions: tuple[Label, ...]
    keywords: tuple[Label, ...]
    publishers: tuple[URIRef, ...]
    formats: tuple[str, ...]
    licences: tuple[str, ...]
    concepts: tuple[URIRef, ...]
    graphs: tuple[URIRef, ...]
    access: str
    modified: str
    is_listed_only: bool
    stage: str = ""


def field_term(field: str, value: str) -> tantivy.Query:
    """The documents that have exactly this value in a field."""
    return tantivy.Query.term_query(SCHEMA, field, value, index_option="basic")


def field_terms(field: str, values: Iterable[str]) -> tantivy.Query:
    """The documents that have any of the values in a field; fast for thousands."""
    return tantivy.Query.term_set_query(SCHEMA, field, list(values))


def key_of(kind: str, iri: str) -> str:
    """The term that stands for one document."""
    return f"{kind}\t{iri}"


def dataset_document(base: str, dataset: Dataset, concepts: Iterable[URIRef]) -> tantivy.Document:
    """The document of a dataset with its tags."""
    tagged = tuple(sorted(concepts))
    modified = dataset.resource.first(DCT.modified, DCT.issued)
    fields: dict[str, list[str]] = {
        "key": [key_of(DATASET, dataset.iri)],
        "kind": [DATASET],
        "id": [dataset_id(base, dataset.iri)],
        "part": sorted(map(str, dataset.described_parts())),
        "concept": [*map(str, tagged)],
        "catalog": [*map(str, dataset.graphs)],
        "publisher": [str(agent.iri) for agent in dataset.publishers],
        "theme": [str(theme) for theme in dataset.themes if theme.startswith(DATA_THEMES)],
        "format": list(dataset.formats),
        "licence": sorted(set(map(licence_name, dataset.licences))),
        "access": [access] if (access := access_of(dataset)) else [],
        "stage": standings_of(dataset),
        "openness": [openness_of(dataset)],
        "blocker": [*blockers_of(base, dataset)],
        "tagging": [CONCEPTS if tagged else WORDS if dataset.keywords else NOTHING],
        "keyword": sorted({keyword_form(word.text) for word in dataset.keywords} - {""}),
        **_searched(dataset),
    }
    document = tantivy.Document(**fields)
    document.add_unsigned("modified", _seconds(modified))
    document.add_unsigned("place", int.from_bytes(sha256(dataset.iri.encode()).digest()[:7]))
    document.add_bytes("card", _card(base, dataset, tagged, modified))
    return document


def used_document(concept: str, reach: Iterable[str], depth: int) -> tantivy.Document:
    """The document of a concept in use: all that counts it, and its level, 1 for the top."""
    document = tantivy.Document(
        key=[key_of(USED, concept)], kind=[USED], concept=[concept], under=[*map(str, reach)]
    )
    document.add_unsigned("depth", depth)
    return document


def keyword_document(form: str, written: Label, count: int) -> tantivy.Document:
    """The document of a free keyword, which so many datasets have in any spelling of a form.

    Its place is by that number, and different from that of any other form.
    """
    document = tantivy.Document(
        key=[key_of(KEYWORD, form)], kind=[KEYWORD], keyword=[form], words=form.split()
    )
    order = int.from_bytes(sha256(form.encode()).digest()[:4])
    document.add_unsigned("place", (count << 32) + order)
    card = {"form": form, "text": written.text, "language": written.language, "count": count}
    document.add_bytes("card", json.dumps(card, ensure_ascii=False).encode())
    return document


def openness_of(dataset: Dataset) -> Openness:
    """How far a dataset has come: there is something to be had, it is to come, or it is told of.

    A status (adms:status) or availability (dcatap:availability) that says planned is believed.
    """
    if not dataset.is_listed_only:
        return Openness.OPEN
    said = dataset.resource.links(ADMS.status, DCATAP.availability)
    planned = any("planned" in str(iri).lower() for iri in said)
    return Openness.PLANNED if planned else Openness.LISTED


def access_of(dataset: Dataset) -> str:
    """Who may have a dataset, as the EU's list names it; "" when it is not said so."""
    last = dataset.access_rights.rpartition("/")[2]
    return last if last in ACCESS else ""


def read_card(stored: bytes) -> DatasetCard:
    """The card that a document holds."""
    held: Mapping[str, Any] = json.loads(stored)
    return DatasetCard(
        id=held["id"],
        iri=URIRef(held["iri"]),
        titles=_labels(held["titles"]),
        descriptions=_labels(held["descriptions"]),
        keywords=_labels(held["keywords"]),
        publishers=tuple(map(URIRef, held["publishers"])),
        formats=tuple(held["formats"]),
        licences=tuple(held["licences"]),
        concepts=tuple(map(URIRef, held["concepts"])),
        graphs=tuple(map(URIRef, held["graphs"])),
        access=held["access"],
        modified=held["modified"],
        is_listed_only=held["listed"],
        stage=held["stage"],
    )


def searched_words(text: str) -> list[str]:
    """The words of a text as they are compared: without marks, in lower case."""
    return folded(plain(text[:LONGEST_TEXT])).split()


def _searched(dataset: Dataset) -> dict[str, list[str]]:
    """The words of all texts, and those of titles; each text is taken to pieces once."""
    texts = (*dataset.titles, *dataset.descriptions, *dataset.keywords)
    found: dict[str, set[str]] = {"title_words": set(), "words": set(), "stems": set()}
    for place, text in enumerate(texts):
        spoken = plain(text.text[:LONGEST_TEXT])
        words = folded(spoken).split()
        found["words"].update(words)
        found["stems"].update(stems(spoken, text.language.partition("-")[0]))
        if place < len(dataset.titles):
            found["title_words"].update(words)
    return {name: sorted(values) for name, values in found.items()}


def _card(base: str, dataset: Dataset, concepts: tuple[URIRef, ...], modified: str) -> bytes:
    held = {
        "id": dataset_id(base, dataset.iri),
        "iri": dataset.iri,
        "titles": [[label.text, label.language] for label in dataset.titles],
        "descriptions": [[d.text[:SHOWN_TEXT], d.language] for d in dataset.descriptions],
        "keywords": [[word.text, word.language] for word in dataset.keywords],
        "publishers": [agent.iri for agent in dataset.publishers],
        "formats": dataset.formats,
        "licences": sorted(set(map(licence_name, dataset.licences))),
        "concepts": concepts,
        "graphs": dataset.graphs,
        "access": access_of(dataset),
        "modified": modified,
        "listed": dataset.is_listed_only,
        "stage": stage_of(dataset) or "",
    }
    return json.dumps(held, ensure_ascii=False).encode()


def _labels(held: list[list[str]]) -> tuple[Label, ...]:
    return tuple(Label(text, language) for text, language in held)


def _seconds(date: str) -> int:
    """A date as a number that sorts; 0 for none."""
    span = read_date(date)
    return int(span.start.timestamp()) + (1 << 40) if span else 0
