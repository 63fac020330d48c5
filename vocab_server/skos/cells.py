"""Texts of many concepts in some languages, and the acts that write what was changed in them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from rdflib import Literal, URIRef

from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

_TEXTS = """SELECT ?concept ?text WHERE { GRAPH $graph { VALUES ?concept { $concepts }
    { ?concept $property ?text } EXTENDED } }"""
_EXTENDED = "UNION { ?concept skosxl:prefLabel ?form . ?form skosxl:literalForm ?text }"


class Cell(NamedTuple):
    """A cell of the grid: a concept and a language, in lower case."""

    concept: URIRef
    language: str


def read_cells(
    store: Reader, graph: URIRef, concepts: Collection[URIRef], kind: URIRef
) -> dict[Cell, list[str]]:
    """The texts of a kind (skos:prefLabel, skos:definition) of concepts by cell, in order."""
    if not concepts:
        return {}
    query = _TEXTS.replace("EXTENDED", _EXTENDED if kind == SKOS.prefLabel else "")
    found: dict[Cell, set[str]] = defaultdict(set)
    for row in store.select(bind(query, graph=graph, concepts=concepts, property=kind)):
        text = row["text"]
        if isinstance(text, Literal):
            cell = Cell(URIRef(row["concept"]), (text.language or "").lower())
            found[cell].add(str(text))
    return {cell: sorted(texts) for cell, texts in found.items()}


def stale_cells(now: Mapping[Cell, list[str]], seen: Mapping[Cell, str]) -> list[Cell]:
    """The cells that no longer hold what somebody saw there; "" stands for nothing."""
    return sorted(cell for cell, text in seen.items() if text not in (now.get(cell) or [""]))


def writing(
    kind: URIRef, seen: Mapping[Cell, str], wanted: Mapping[Cell, str]
) -> list[dict[str, Any]]:
    """The operations that write what is wanted in cells in place of what was seen there."""
    if kind == SKOS.prefLabel:
        cells = [_label(cell, seen[cell], text) for cell, text in sorted(wanted.items())]
        return [{"do": "setLabels", "cells": cells}] if cells else []
    return [_note(kind, cell, seen[cell], text) for cell, text in sorted(wanted.items())]


def changed(seen: Mapping[Cell, str], typed: Iterable[tuple[Cell, str]]) -> dict[Cell, str]:
    """What was typed where it differs from what was seen by more than white space around it."""
    return {cell: text.strip() for cell, text in typed if text.strip() != seen[cell].strip()}


def _label(cell: Cell, before: str, text: str) -> dict[str, str]:
    where = {"concept": str(cell.concept), "lang": cell.language}
    return {**where, "text": text, "before": before}


def _note(kind: URIRef, cell: Cell, before: str, text: str) -> dict[str, Any]:
    about: dict[str, Any] = {"concept": str(cell.concept), "kind": str(kind)}
    old, new = ({"text": found, "lang": cell.language} for found in (before, text))
    if not before:
        return {"do": "addNote", **about, "note": new}
    if not text:
        return {"do": "removeNote", **about, "note": old}
    return {"do": "changeNote", **about, "before": old, "note": new}
