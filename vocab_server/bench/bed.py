"""A test bed: one vocabulary in our server and in the native one, with what to ask them."""

import random
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlencode

from vocab_server.bench.client import Connection
from vocab_server.bench.processes import Server, free_port, native, ours, timed
from vocab_server.config import Settings
from vocab_server.errors import VocabServerError

BASE = "https://vocabulary.example"
VOCABULARY = "measured"
CONCEPTS = 20_000  # of a vocabulary that are asked for
JSON = "application/sparql-results+json"
HTML = "text/html"
TURTLE = "text/turtle"

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_POINTS = (
    "SELECT ?property ?value WHERE {{ <{iri}> ?property ?value }}",
    "SELECT ?label WHERE {{ <{iri}> <{skos}prefLabel> ?label }}",
    "SELECT ?narrower ?label WHERE {{ ?narrower <{skos}broader> <{iri}> ; <{skos}prefLabel> ?label"
    ' FILTER (LANG(?label) = "en") }}',
)
_CONCEPTS = (
    f"SELECT DISTINCT ?concept WHERE {{ ?concept a <{_SKOS}Concept> FILTER (isIRI(?concept)) }}"
    f" LIMIT {CONCEPTS}"
)
_INNER = f"SELECT DISTINCT ?concept WHERE {{ ?below <{_SKOS}broader> ?concept }} LIMIT {CONCEPTS}"


@dataclass
class Bed:
    """A vocabulary read from a file into both servers, in a directory of its own.

    Nothing happens before it is asked for; ``close`` stops the servers.
    """

    name: str
    file: Path
    directory: Path
    is_generated: bool = False
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def settings(self) -> Settings:
        """The settings of our server."""
        return Settings(data=self.directory / "data", base_url=BASE)

    @cached_property
    def seconds_to_import(self) -> float:
        """How long our import takes: from the file to a published snapshot."""
        return timed(ours("import", VOCABULARY, str(self.file.absolute())), self.environment)

    @cached_property
    def seconds_to_load(self) -> float:
        """How long the reference takes to load the same statements, in the same graph."""
        graph = f"{BASE}/vocabularies/{VOCABULARY}"
        place = ["--location", str(self.directory / "native"), "--graph", graph]
        return timed(native("load", *place, "--file", str(self._readable)))

    @cached_property
    def ours(self) -> Server:
        """Our server over the vocabulary, with its usual number of workers."""
        self.seconds_to_import  # noqa: B018  (it must be there before it is served)
        port = free_port()
        command = ours("serve", "--port", str(port))
        return self._opened(Server(command, port, self.environment))

    @cached_property
    def native(self) -> Server:
        """The reference over the same statements; its default graph is the union too."""
        self.seconds_to_load  # noqa: B018  (it must be there before it is served)
        port = free_port()
        options = ["--location", str(self.directory / "native"), "--bind", f"127.0.0.1:{port}"]
        command = native("serve-read-only", "--union-default-graph", *options)
        return self._opened(Server(command, port))

    @cached_property
    def concepts(self) -> "Supply":
        """IRIs of concepts in no order, each given once."""
        return self._supply(_CONCEPTS)

    @cached_property
    def inner_concepts(self) -> "Supply":
        """IRIs of concepts that have narrower ones, in no order, each given once."""
        return self._supply(_INNER)

    def point_queries(self, concepts: Sequence[str]) -> tuple[list[str], list[str]]:
        """Paths of small queries about concepts: on our server, and on the reference.

        They end within a comment, so that what is put behind them makes them differ.
        """
        queries = [
            _POINTS[place % len(_POINTS)].format(iri=iri, skos=_SKOS) + " # "
            for place, iri in enumerate(concepts)
        ]
        sent = [quote(query, safe="") for query in queries]
        return [f"/sparql?query={text}" for text in sent], [f"/query?query={text}" for text in sent]

    def read(self, path: str, accept: str) -> bytes:
        """What our server answers. Raises VocabServerError when it is no success."""
        with Connection(self.ours.port) as connection:
            status, body = connection.get(path, accept)
        if status >= 400:
            raise VocabServerError(f"{path} answers {status}: {body[:200].decode()}")
        return body

    def close(self) -> None:
        """Stop the servers."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with our server's settings."""
        data = str(self.settings.data)
        return {"VOCAB_SERVER_DATA": data, "VOCAB_SERVER_BASE_URL": BASE}

    @cached_property
    def _readable(self) -> Path:
        """The statements as the reference can read them."""
        if self.file.suffix == ".nt":
            return self.file
        self.seconds_to_import  # noqa: B018  (it must be there before it is written out)
        written = self.directory / "native.nt"
        timed(
            ours("export", VOCABULARY, "--format", "nt", "-o", str(written)),
            self.environment,
        )
        return written

    def _supply(self, query: str) -> "Supply":
        found = self.read(f"/sparql?{urlencode({'query': query})}", "text/csv").decode().split()
        if len(found) < 2:
            raise VocabServerError(f"{self.name} has no concepts to ask for.")
        return Supply(found[1:])

    def _opened(self, server: Server) -> Server:
        self._open.enter_context(closing(server))
        return server


class Supply:
    """Concepts in no order that are given out once; when all are gone they start again."""

    def __init__(self, iris: Sequence[str]) -> None:
        self._iris = sorted(iris)
        random.Random(1).shuffle(self._iris)  # noqa: S311  (the same at every run)
        self._next = 0
        self.total = len(self._iris)

    def take(self, count: int) -> list[str]:
        """The next concepts; no more than there are."""
        count = min(count, len(self._iris))
        taken = [self._iris[(self._next + n) % len(self._iris)] for n in range(count)]
        self._next += count
        return taken


def page(iri: str) -> str:
    """The path of the page about a concept."""
    minted = f"{BASE}/id/"
    if iri.startswith(minted):
        return f"/doc/{quote(iri.removeprefix(minted))}"
    return f"/resource?{urlencode({'iri': iri})}"


def tree_level(iri: str) -> str:
    """The path of the level of the tree under a concept."""
    return f"/vocabularies/{VOCABULARY}/tree?{urlencode({'iri': iri})}"
