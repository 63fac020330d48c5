"""Validation results in a file, a line of JSON each: between a process and its parent."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.term import Identifier, Node

from vocab_server.quality.shacl.literals import from_store, named
from vocab_server.quality.shacl.paths import Path as ShapePath
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.rdf.ntriples import read_object
from vocab_server.rdf.query import to_sparql


def write_results(results: Iterable[ShaclResult], target: Path) -> int:
    """Write results; how many they are."""
    with target.open("w", encoding="utf-8") as file:
        return sum(bool(file.write(json.dumps(_told(found)) + "\n")) for found in results)


def read_results(source: Path) -> Iterator[ShaclResult]:
    """The results in a file."""
    with source.open(encoding="utf-8") as file:
        for line in file:
            yield _read(json.loads(line))


def _told(found: ShaclResult) -> dict[str, object]:
    return {
        "focus": _term(found.focus),
        "path": None if found.path is None else [found.path.sparql, _term(found.path.node)],
        "value": None if found.value is None else _term(found.value),
        "component": str(found.component),
        "shape": _term(found.shape),
        "severity": str(found.severity),
        "messages": [_term(message) for message in found.messages],
    }


def _read(told: dict[str, object]) -> ShaclResult:
    path, value, messages = told["path"], told["value"], told["messages"]
    return ShaclResult(
        focus=_parsed(told["focus"]),
        path=ShapePath(str(path[0]), _parsed(path[1])) if isinstance(path, list) else None,
        value=None if value is None else _parsed(value),
        component=URIRef(str(told["component"])),
        shape=_parsed(told["shape"]),
        severity=URIRef(str(told["severity"])),
        messages=tuple(
            message
            for message in map(_parsed, messages if isinstance(messages, list) else ())
            if isinstance(message, Literal)
        ),
    )


def _term(term: Node) -> str:
    return to_sparql(named(term))


def _parsed(written: object) -> Identifier:
    return from_store(read_object(str(written)))
