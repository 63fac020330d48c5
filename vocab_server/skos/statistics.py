"""How much there is of what in each graph, kept up to date change by change.

So that no page has to count: a change's own lines tell the difference (VoID, Statistics about
datasets, gives most of the terms).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from rdflib import URIRef

from vocab_server.rdf.change import Patch
from vocab_server.rdf.namespaces import RDF, SKOS, SKOSXL
from vocab_server.store.base import Store

VERSION = 3  # of what is counted; another one is counted anew
LONG = 1024 * 1024  # bytes of a line of N-Triples that no reader takes into memory unasked

_TYPE = f"<{RDF.type}>".encode()
_LABELS = {
    f"<{SKOS.prefLabel}>".encode(): "prefLabel",
    f"<{SKOS.altLabel}>".encode(): "altLabel",
    f"<{SKOS.hiddenLabel}>".encode(): "hiddenLabel",
    f"<{SKOSXL.literalForm}>".encode(): "literalForm",
    f"<{SKOS.definition}>".encode(): "definition",
}


@dataclass(slots=True)
class GraphStatistics:
    """Counts for one graph.

    ``classes`` and ``properties`` count by IRI; ``labels`` by property and then by language tag
    in lower case, "" for text without a language; definitions are counted there too. ``long``
    are the triples that are longer than LONG.
    """

    triples: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    long: int = 0

    @property
    def concepts(self) -> int:
        """How many skos:Concept there are."""
        return self.classes[str(SKOS.Concept)]

    @property
    def languages(self) -> dict[str, int]:
        """Preferred labels by language tag, most first."""
        labels = Counter(self.labels.get("prefLabel", ()))
        if not labels:
            labels = Counter(self.labels.get("literalForm", ()))
        return {tag: count for tag, count in labels.most_common() if count > 0}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The counts that ``to_json`` wrote."""
        return cls(
            found["triples"],
            Counter(found["classes"]),
            Counter(found["properties"]),
            {name: Counter(counts) for name, counts in found["labels"].items()},
            found.get("long", 1),  # of what older versions published there may be one
        )

    def to_json(self) -> dict[str, Any]:
        """The counts as JSON; what there is none of is left out."""
        return {
            "triples": self.triples,
            "classes": dict(+self.classes),
            "properties": dict(+self.properties),
            "labels": {name: dict(+counts) for name, counts in self.labels.items() if +counts},
            "long": self.long,
        }

    def count(self, blocks: Iterable[bytes], sign: int) -> None:
        """Take note of lines of N-Triples that came (``sign`` 1) or went (-1)."""
        for block in blocks:
            lines = block.splitlines()
            if max(map(len, lines), default=0) > LONG:
                self.long += sign * sum(len(line) > LONG for line in lines)
            for (predicate, said), times in Counter(map(_kind, lines)).items():
                self._note(predicate, said, sign * times)

    def _note(self, predicate: bytes, said: bytes, times: int) -> None:
        self.triples += times
        self.properties[predicate[1:-1].decode()] += times
        if predicate in _LABELS:
            counts = self.labels.setdefault(_LABELS[predicate], Counter())
            counts[_language(said)] += times
        elif predicate == _TYPE:
            self.classes[said[1:-3].decode()] += times


class StatisticsProjection:
    """The statistics of all graphs in the file ``directory``/statistics.json."""

    name = "statistics.json"
    takes_each = False

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        try:
            self._position, self._graphs = _read(self._path, VERSION)
        except (FileNotFoundError, ValueError, KeyError):  # new or damaged: counted anew
            self._position, self._graphs = 0, {}

    def position(self) -> int:
        """The number of the last change that is counted."""
        return self._position

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: counting waits for its turn."""

    def apply(self, patch: Patch, number: int, _store: Store) -> None:
        """Count a change, which has this number in the log."""
        counted = self._graphs.setdefault(str(patch.graph), GraphStatistics())
        counted.count(patch.removed_blocks(), -1)
        counted.count(patch.added_blocks(), 1)
        if not counted.triples:
            del self._graphs[str(patch.graph)]
        self._position = number
        self._write(self._path)

    def snapshot(self, directory: Path) -> None:
        """Put a copy into a snapshot's directory."""
        self._write(directory / self.name)

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, path: Path) -> None:
        graphs = {name: counted.to_json() for name, counted in self._graphs.items()}
        unfinished = path.with_suffix(".new")
        unfinished.write_text(
            json.dumps({"version": VERSION, "position": self._position, "graphs": graphs})
        )
        unfinished.replace(path)


def read_statistics(snapshot: Path) -> dict[URIRef, GraphStatistics]:
    """The counts that a snapshot was published with, by graph."""
    _, graphs = _read(snapshot / StatisticsProjection.name)
    return {URIRef(name): counted for name, counted in graphs.items()}


def _read(path: Path, version: int | None = None) -> tuple[int, dict[str, GraphStatistics]]:
    found = json.loads(path.read_text())
    if version not in (None, found.get("version")):
        raise ValueError(f"{path} is not of version {version}.")
    graphs = {name: GraphStatistics.from_json(counts) for name, counts in found["graphs"].items()}
    return found["position"], graphs


def _kind(line: bytes) -> tuple[bytes, bytes]:
    """The predicate of a line, and what is counted of its object: many lines are of one kind.

    Of a type the object, of a label what follows its text, and of anything else nothing.
    """
    _, predicate, rest = line.split(b" ", 2)
    if predicate == _TYPE:
        return predicate, rest
    return predicate, rest.rpartition(b'"')[2] if predicate in _LABELS else b""


def _language(end: bytes) -> str:
    """The language tag in what follows the text of a label, which is ``@tag .``."""
    return end[1:-2].decode().lower() if end.startswith(b"@") else ""
