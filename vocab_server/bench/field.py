"""Checks at the field: what an edit would bring, asked of a whole vocabulary before it is made."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from rdflib import Literal, URIRef

from vocab_server.errors import VocabServerError
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.files import GRAPH
from vocab_server.quality.nearby import brought_by
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader
from vocab_server.store.embedded import EmbeddedStore

EDITED = 50  # concepts
_GRAPH = URIRef(GRAPH)
_CHECKS = [check for check in CHECKS if check.default_on]
_CONCEPTS = (
    "CONSTRUCT { ?concept a skos:Concept } WHERE { GRAPH $graph { ?concept a skos:Concept } }"
)


def field_milliseconds(file: Path) -> list[float]:
    """Milliseconds of processor time for what each of some edits would bring, in order of length.

    Each of EDITED concepts of a file of N-Triples gets an alternative label, another preferred
    one, a relation and something broader. Raises VocabServerError when no check finds anything.
    """
    with closing(EmbeddedStore.in_memory()) as store:
        store.load(_GRAPH, file)
        taken, found = [], 0
        for change in _edits(store):
            start = time.process_time()
            found += len(brought_by(store, change, _CHECKS))
            taken.append((time.process_time() - start) * 1000)
    if not found:
        raise VocabServerError("Nothing was found at the field.")
    return sorted(taken)


def _edits(store: Reader) -> Iterator[Change]:
    lines = store.lines(bind(_CONCEPTS, graph=_GRAPH))
    names = sorted({URIRef(line.split(b" ", 1)[0][1:-1].decode()) for line in lines})
    chosen = random.Random(1).sample(names, min(EDITED, len(names)))  # noqa: S311  (no secret)
    for concept, other in zip(chosen, chosen[1:] + chosen[:1], strict=True):
        for predicate, value in (
            (SKOS.altLabel, Literal("a  label", lang="en")),
            (SKOS.prefLabel, Literal("another label", lang="en")),
            (SKOS.related, other),
            (SKOS.broader, other),
        ):
            yield Change(_GRAPH, added=frozenset({(concept, predicate, value)}))
