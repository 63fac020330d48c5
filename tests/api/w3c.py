"""The W3C's tests of the SPARQL protocols (w3c/rdf-tests), read from their manifests."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from tests.conftest import SHARED

SUITE = SHARED / "suites" / "w3c-rdf-tests" / "sparql" / "sparql11"
MISSING = f"the W3C's tests are not at {SUITE}"

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")

STATUSES = {
    "OK": range(200, 201),
    "Created": range(201, 202),
    "NoContent": range(204, 205),
    "NotFound": range(404, 405),
    "StatusCode2xx": range(200, 300),
    "StatusCode3xx": range(300, 400),
    "StatusCode4xx": range(400, 500),
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what the answer must be."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[int]
    boolean: bool | None
    kind: str | None
    graph: str | None

    @property
    def query(self) -> str:
        """What stands after the question mark, with it, encoded as it is in the manifest."""
        return "?" + self.path.partition("?")[2]

    @property
    def is_reading(self) -> bool:
        """Whether the request asks for a graph and changes none."""
        return self.method in ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Case:
    """A test: the graphs it needs, as file and name, and its requests in order."""

    name: str
    graphs: tuple[tuple[Path, str], ...]
    exchanges: tuple[Exchange, ...]

    def __str__(self) -> str:
        return self.name


def cases(*path: str) -> list[Case]:
    """The tests of a manifest, in its order; none where the suite is not there."""
    file = SUITE.joinpath(*path)
    if not file.exists():
        return []
    manifest = Graph().parse(file)
    entries = manifest.value(manifest.value(predicate=RDF.type, object=MF.Manifest), MF.entries)
    return [_case(manifest, entry) for entry in _list(manifest, entries)]


def _case(manifest: Graph, entry: Node) -> Case:
    graphs = (
        (Path(str(manifest.value(data, UT.graph)).removeprefix("file://")), data)
        for data in manifest.objects(entry, UT.graphData)
    )
    action = manifest.value(entry, MF.action)
    requests = _list(manifest, manifest.value(action, HT.requests))
    return Case(
        name=str(entry).rpartition("#")[2],
        graphs=tuple((file, str(manifest.value(data, RDFS.label))) for file, data in graphs),
        exchanges=tuple(_exchange(manifest, request) for request in requests),
    )


def _exchange(manifest: Graph, request: Node) -> Exchange:
    response = manifest.value(request, HT.resp)
    names = (str(name).rpartition("#")[2] for name in manifest.objects(response, MF.expectedStatus))
    boolean = manifest.value(response, MF.expectedBoolean)
    kind = manifest.value(response, MF.expectedFormat)
    body = manifest.value(response, HT.body)
    return Exchange(
        method=str(manifest.value(request, HT.methodName)),
        path=str(manifest.value(request, HT.absolutePath)),
        headers={
            str(manifest.value(header, HT.fieldName)): str(manifest.value(header, HT.fieldValue))
            for header in _list(manifest, manifest.value(request, HT.headers))
        },
        body=_sent(manifest, manifest.value(request, HT.body)),
        statuses=frozenset(status for name in names for status in STATUSES[name]),
        boolean=None if boolean is None else str(boolean) == "true",
        kind=None if kind is None else str(kind),
        graph=None if body is None else str(manifest.value(body, CNT.chars)),
    )


def _sent(manifest: Graph, body: Node | None) -> bytes:
    if body is None:
        return b""
    text = str(manifest.value(body, CNT.chars))
    return text.encode(str(manifest.value(body, CNT.characterEncoding)))


def _list(manifest: Graph, head: Node | None) -> Iterator[Node]:
    return iter(Collection(manifest, head)) if head is not None else iter(())
