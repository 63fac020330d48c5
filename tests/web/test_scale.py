"""Depth and width cost no more queries: a page at depth 390 asks as much as one at depth 90."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.api.v1.test_rest_api import Counting
from tests.web.test_pages import BASE
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.services import Services
from vocab_server.skos.hierarchy import DEPTH
from vocab_server.skos.vocabularies import graph_of

SPACE = "https://example.org/deep/"
WIDE, DEEP = 1_500, 400
MOST = 20  # queries of a page that remembers nothing yet
PAGES = (
    "/resource?iri={}",
    "/api/v1/concepts?iri={}",
    "/api/v1/concepts/narrower?iri={}",
    "/jskos/concepts/ancestors?uri={}",
    "/jskos/concepts?uri={}",
    "/rest/v1/deep/hierarchy?uri={}",
    "/rest/v1/deep/broaderTransitive?uri={}",
    "/rest/v1/deep/children?uri={}",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A chain of concepts, each under the last, and many concepts under one."""
    folder = tmp_path_factory.mktemp("scale")
    made = create_app(Settings(data=folder / "data", base_url=BASE))
    opened: Services = made.extensions["vocab_server"]
    lines = [f'<c{n}> a skos:Concept ; skos:prefLabel "c {n}"@en' for n in range(DEEP)]
    chain = [f"{line} ; skos:broader <c{n - 1}> ." for n, line in enumerate(lines) if n]
    wide = [
        f'<w{n}> a skos:Concept ; skos:prefLabel "w {n:05}"@en ; skos:broader <wide> .'
        for n in range(WIDE)
    ]
    tops = [f"{lines[0]} .", '<wide> a skos:Concept ; skos:prefLabel "wide"@en .']
    file = folder / "deep.ttl"
    start = f"@base <{SPACE}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    file.write_text(start + "\n".join((*tops, *chain, *wide)))
    import_file(opened.writer, BASE, "deep", Source(file, file.name), "test")
    yield made
    opened.close()


def asked(app: Flask, path: str) -> int:
    """How many queries a page asks when nothing was read before."""
    opened: Services = app.extensions["vocab_server"]
    opened.published.close()  # lets go of what a view remembers
    view = opened.published.view()
    counting = Counting(view.store)
    view.store = counting  # type: ignore[assignment]
    answer = app.test_client().get(path, headers={"Accept": "text/html, */*;q=0.5"})
    assert answer.status_code == 200
    return len(counting.asked)


@pytest.mark.parametrize("page", PAGES)
def test_depth_costs_no_more_queries(app: Flask, page: str) -> None:
    at = {depth: asked(app, page.format(f"{SPACE}c{depth}")) for depth in (90, 390)}
    assert at[390] <= at[90] + 2
    assert at[390] <= 2 * DEPTH


@pytest.mark.parametrize("page", PAGES)
def test_width_costs_no_more_queries(app: Flask, page: str) -> None:
    assert asked(app, page.format(f"{SPACE}wide")) <= MOST
    assert asked(app, page.format(f"{SPACE}w1499")) <= MOST


def test_a_wide_level_comes_in_pages_in_its_order(app: Flask) -> None:
    client = app.test_client()
    names: list[str] = []
    for offset in range(0, WIDE, 700):
        address = f"/api/v1/concepts/narrower?iri={SPACE}wide&limit=700&offset={offset}"
        found = client.get(address).get_json()
        assert found["total"] == WIDE
        names += [item["prefLabel"] for item in found["items"]]
    assert names == [f"w {n:05}" for n in range(WIDE)]


def tree_at(app: Flask, concept: str) -> list[str]:
    """The concepts of the wide level in the tree of a page, in their order."""
    address = f"/resource?iri={SPACE}{concept}"
    text = app.test_client().get(address, headers={"Accept": "text/html"}).text
    return re.findall(rf'data-iri="{SPACE}(w\d+)"', text)


def test_what_a_wide_level_begins_with_is_read_once_and_each_page_has_its_own(app: Flask) -> None:
    opened: Services = app.extensions["vocab_server"]
    opened.published.close()
    first = [f"w{n}" for n in range(200)]
    assert tree_at(app, "w900") == [*first, "w900"]
    lens = opened.published.view().lens(graph_of(BASE, "deep"), "en")
    assert [begun.total for begun in lens.begun.values()] == [WIDE]
    assert tree_at(app, "w1499") == [*first, "w1499"]
    assert tree_at(app, "w3") == first
    assert [len(begun.first) for begun in lens.begun.values()] == [200]
    piece = app.test_client().get(f"/vocabularies/deep/tree?iri={SPACE}wide&offset=200").text
    assert re.findall(rf'data-iri="{SPACE}(w\d+)"', piece)[:2] == ["w200", "w201"]
