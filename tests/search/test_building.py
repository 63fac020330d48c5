import subprocess
import sys
import time
from pathlib import Path

import pytest
import tantivy
from rdflib import Literal, URIRef

from tests.editing.processes import make_database, opened
from vocab_server.editing.commit import MANY
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.search.documents import ENTRY, count, key, term
from vocab_server.search.index import IndexProjection
from vocab_server.store.embedded import EmbeddedStore

GRAPH = URIRef("https://example.org/vocabularies/big")
CONCEPTS = MANY // 2 + 1
ABANDON = """
import sys
from pathlib import Path
from tests.search.test_building import filling
from vocab_server.search.index import IndexProjection

projection = IndexProjection(Path(sys.argv[1]))
projection.begin(filling(), 1)
print("begun", flush=True)
sys.stdin.read()
"""


def filling() -> Change:
    """What fills a graph with concepts, enough of them to be indexed apart."""
    named = ((URIRef(f"{GRAPH}/{n}"), Literal(f"name {n}", lang="en")) for n in range(CONCEPTS))
    triples = [
        triple
        for iri, label in named
        for triple in ((iri, RDF.type, SKOS.Concept), (iri, SKOS.prefLabel, label))
    ]
    return Change(GRAPH, frozenset(triples))


def entries(directory: Path) -> int:
    searcher = tantivy.Index.open(str(directory / "index")).searcher()
    return count(searcher, term("flag", key(GRAPH, ENTRY)))


def filled() -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    lines = b"".join(filling().added_blocks()).decode()
    store.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {lines} }} }}")
    return store


def test_a_new_graph_is_indexed_apart_and_then_follows_edits(tmp_path: Path) -> None:
    edited = URIRef(f"{GRAPH}/0")
    with opened(make_database(tmp_path), (IndexProjection,)) as (writer, _):
        writer.commit([filling()], "me", "Fill")
        assert entries(tmp_path) == CONCEPTS
        removed = frozenset(
            {(edited, RDF.type, SKOS.Concept), (edited, SKOS.prefLabel, Literal("name 0", "en"))}
        )
        writer.commit([Change(GRAPH, removed=removed)], "me", "Take one away")
        assert entries(tmp_path) == CONCEPTS - 1
    assert not (tmp_path / "indexing").exists()


def test_a_building_process_that_is_killed_is_made_up_for(tmp_path: Path) -> None:
    projection = IndexProjection(tmp_path)
    projection.begin(filling(), 1)
    assert projection._building is not None
    projection._building._process.kill()
    projection.apply(filling(), 1, filled())
    projection.close()
    assert entries(tmp_path) == CONCEPTS


@pytest.mark.parametrize("wait", [0.0, 0.4, 0.8, 1.6])
def test_a_building_process_ends_with_the_one_that_began_it(tmp_path: Path, wait: float) -> None:
    command = [sys.executable, "-c", ABANDON, str(tmp_path)]
    began = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert began.stdout
    assert began.stdin
    assert began.stdout.readline() == "begun\n"
    time.sleep(wait)  # at another place of its work each time
    began.kill()
    began.wait()
    began.stdin.close()
    began.stdout.close()
    projection = IndexProjection(tmp_path)
    projection.apply(filling(), 1, filled())
    projection.close()
    assert entries(tmp_path) == CONCEPTS


def test_what_was_begun_is_stopped_when_the_index_is_closed(tmp_path: Path) -> None:
    projection = IndexProjection(tmp_path)
    projection.begin(filling(), 1)
    projection.close()
    assert IndexProjection(tmp_path).position() == 0
    assert not (tmp_path / "indexing").exists()
