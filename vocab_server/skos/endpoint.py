"""Concepts of somebody else's SPARQL endpoint, found by what they are called."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import Literal, URIRef

from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.query import bind, is_iri

MOST = 20  # concepts that are found
ROWS = 2_000  # labels and definitions of these

Ask = Callable[[str], bytes]  # a query, answered as SPARQL 1.1 Query Results JSON

_CALLED = """?concept skos:prefLabel|skos:altLabel|skosxl:prefLabel/skosxl:literalForm ?name"""
_EXACTLY = f"VALUES ?name {{ $names }} {_CALLED}"
_SOMEHOW = f"{_CALLED} FILTER (CONTAINS(LCASE(STR(?name)), $text))"
_DESCRIBED = """SELECT ?concept ?label ?definition ?above WHERE {
    { SELECT DISTINCT ?concept WHERE { FOUND } LIMIT 20 }
    { ?concept skos:prefLabel|skosxl:prefLabel/skosxl:literalForm ?label }
    UNION { ?concept skos:definition|skos:scopeNote ?definition FILTER (isLiteral(?definition)) }
    UNION { ?concept skos:broader/skos:prefLabel ?above } } LIMIT 2000"""


@dataclass(frozen=True, slots=True)
class Remote:
    """A concept of an endpoint: its name, what it means, and the name of what is above it."""

    iri: URIRef
    label: Label
    definition: Label | None
    above: Label | None


def find_remote(ask: Ask, text: str, languages: Sequence[str]) -> list[Remote]:
    """At most MOST concepts that are called so, or else that have the text in their name.

    First by whole names, which an endpoint of any size answers from its index. Raises
    InvalidError for an answer that is none, and what ``ask`` raises.
    """
    forms = dict.fromkeys((text, text.lower(), text.capitalize()))
    tags = dict.fromkeys((*languages, "en", None))
    names = [Literal(form, lang=tag) for form in forms for tag in tags]
    found = _described(ask(bind(_DESCRIBED.replace("FOUND", _EXACTLY), names=names)), languages)
    if found:
        return found
    asked = bind(_DESCRIBED.replace("FOUND", _SOMEHOW), text=Literal(text.lower()))
    return _described(ask(asked), languages)


def _described(answer: bytes, languages: Sequence[str]) -> list[Remote]:
    told: dict[str, dict[str, list[Label]]] = {}
    for concept, name, label in _values(answer):
        told.setdefault(concept, {}).setdefault(name, []).append(label)
    found = []
    for concept, texts in told.items():
        chosen = {name: resolve(labels, languages) for name, labels in texts.items()}
        label = chosen.get("label") or Label(concept)
        iri = URIRef(concept)
        found.append(Remote(iri, label, chosen.get("definition"), chosen.get("above")))
    return sorted(found, key=lambda remote: (remote.label.text.casefold(), remote.iri))[:MOST]


def _values(answer: bytes) -> Iterator[tuple[str, str, Label]]:
    """What the rows say: concept, variable, text. Hostile rows are left out."""
    for row in _rows(answer)[:ROWS]:
        concept = _text(row, "concept")
        if not concept or not is_iri(concept):
            continue
        for name in ("label", "definition", "above"):
            if text := _text(row, name):
                language = row[name].get("xml:lang", "")
                yield concept, name, Label(text, language if isinstance(language, str) else "")


def _rows(answer: bytes) -> list[Any]:
    try:
        rows = json.loads(answer)["results"]["bindings"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidError(
            "What answered is no SPARQL endpoint, or does not answer as JSON. Check the address."
        ) from error
    return rows if isinstance(rows, list) else []


def _text(row: Any, name: str) -> str:
    cell = row.get(name) if isinstance(row, dict) else None
    value = cell.get("value") if isinstance(cell, dict) else None
    return value if isinstance(value, str) else ""
