"""The benchmark runs and says what it should; how fast this machine is, no test asks."""

import json
import os
import socket
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import Graph
from rdflib.namespace import RDF, SKOS

from vocab_server.background import NAME
from vocab_server.bench import client
from vocab_server.bench.bed import BASE, Supply, page
from vocab_server.bench.generate import concept_iri, write_vocabulary
from vocab_server.bench.mllm import annif
from vocab_server.bench.processes import Server, free_port, native, ours, timed
from vocab_server.bench.run import NAMES
from vocab_server.bench.targets import TARGETS, result
from vocab_server.cli import cli
from vocab_server.errors import VocabServerError

VOCABULARY = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://else.example/a> a skos:Concept ; skos:prefLabel "a"@en .
<https://else.example/b> a skos:Concept ; skos:prefLabel "b"@en ;
    skos:broader <https://else.example/a> ."""
LARGE_CHECKED = "quality, all checks, large vocabulary"  # from 100 000 concepts on
# A process that answers, and one of another name that it has started and that has 90 MiB.
TWO = """
import http.server, os, pathlib, signal, sys
ready, told = os.pipe()
if not os.fork():
    pathlib.Path("/proc/self/comm").write_text(sys.argv[1])
    signal.alarm(60)
    held = b"." * (90 << 20)
    os.write(told, b".")
    signal.pause()
os.read(ready, 1)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])),
    http.server.SimpleHTTPRequestHandler).serve_forever()
"""
FILE_PARTS = {"import of a file", "queries, uncached", "page, repeated", "Turtle, uncached"}


def measure(*arguments: str) -> list[dict[str, object]]:
    command = ["bench", "--json", "--seconds", "0.2", *arguments]
    done = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert done.exit_code in (0, 1), done.output
    found: list[dict[str, object]] = json.loads(done.stdout)
    assert (done.exit_code == 1) == ("missed" in {one["verdict"] for one in found})
    return found


def test_every_target_is_measured() -> None:
    found = measure("--all", "--concepts", "100", "--datasets", "100")
    names = {target.name for target in TARGETS} - {"import of a file", LARGE_CHECKED}
    if not annif():
        names = {name for name in names if not name.endswith(", MLLM")}
    assert {one["name"] for one in found} == names
    for one in found:
        assert float(str(one["measured"])) > 0
        assert (one["verdict"] in ("met", "missed")) == bool(one["target"])


def test_a_vocabulary_from_a_file_is_measured(tmp_path: Path) -> None:
    file = tmp_path / "two.ttl"
    file.write_text(VOCABULARY)
    figures = tmp_path / "figures.json"
    found = measure("--file", str(file), "--figures", str(figures))
    kept = json.loads(figures.read_text())
    assert kept["results"] == found
    assert all(kept["machine"].values())
    assert socket.gethostname() not in kept["machine"].values()
    assert {one["name"] for one in found} > FILE_PARTS
    assert {one["vocabulary"] for one in found} == {"two.ttl"}


def test_parts_can_be_chosen() -> None:
    found = CliRunner().invoke(cli, ["bench", "nothing"])
    assert found.exit_code == 2
    assert all(name in found.output for name in NAMES)


def test_a_generated_vocabulary_is_a_tree_of_15_triples_a_concept(tmp_path: Path) -> None:
    file = tmp_path / "generated.nt"
    write_vocabulary(file, BASE, "measured", 500)
    found = Graph().parse(file)
    concepts = set(found.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) == 500
    assert len(found) == 500 * 15
    assert concept_iri(BASE, "measured", 499) in {str(concept) for concept in concepts}
    assert set(found.objects(None, SKOS.broader)) < concepts
    labels = list(found.objects(None, SKOS.prefLabel))
    assert len(set(labels)) == len(labels) == 500 * 5


def test_a_floor_is_met_from_above_and_a_bound_from_below() -> None:
    assert result("queries, repeated", "x", 12, 10).verdict == "met"
    assert result("queries, repeated", "x", 10, 10).verdict == "missed"
    assert result("commit", "x", 150).verdict == "met"
    assert result("commit", "x", 250).verdict == "missed"
    assert result("queries, repeated, processor", "x", 1, 2).verdict == ""


def test_concepts_are_given_out_once_until_all_are_gone() -> None:
    supply = Supply(["a", "b", "c"])
    first, second = supply.take(2), supply.take(2)
    assert len(set(first + second[:1])) == 3
    assert len(supply.take(10)) == 3


def test_pages_of_our_own_and_of_other_concepts() -> None:
    assert page(f"{BASE}/id/measured/7") == "/doc/measured/7"
    assert page("https://else.example/a b") == "/resource?iri=https%3A%2F%2Felse.example%2Fa+b"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    ],
    ids=["length", "chunked"],
)
def test_our_client_reads_bodies_of_both_kinds(answer: bytes) -> None:
    with socket.create_server((client.HOST, 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                for _ in range(2):
                    connection.recv(4096)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with client.Connection(listening.getsockname()[1]) as connection:
            assert connection.get("/", "*/*") == (200, b"hello")
            assert connection.get("/", "*/*") == (200, b"hello")
        thread.join()


def test_our_client_counts_what_it_asks(tmp_path: Path) -> None:
    port = free_port()
    server = Server(native("serve", "--bind", f"127.0.0.1:{port}"), port)
    try:
        counted = client.load(port, ["/query?query=ASK%7B%7D%23"], "*/*", 0.2, 2, "run")
        failed = client.load(port, ["/query?query=nothing"], "*/*", 0.2, 2, "")
    finally:
        server.close()
    assert counted["requests"] > counted["errors"] == 0
    assert failed["requests"] == failed["errors"] > 0


def test_what_a_server_uses_is_seen() -> None:
    port = free_port()
    server = Server(native("serve", "--bind", f"127.0.0.1:{port}"), port)
    try:
        assert server.peak_memory() > 1
        assert server.cpu_seconds() >= 0
    finally:
        server.close()


def test_what_works_in_the_background_does_not_count_as_serving() -> None:
    port = free_port()
    server = Server([sys.executable, "-c", TWO, NAME, str(port)], port)
    try:
        assert server.peak_memory_of_duties() > 90 > server.peak_memory() > 1
    finally:
        server.close()


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(VocabServerError, match="There is no file"):
        timed(ours("import", "x", "/nothing/here.ttl"), dict(os.environ))
