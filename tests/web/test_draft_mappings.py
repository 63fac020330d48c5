"""Looking for concepts to map to: in other vocabularies here, and in a real endpoint."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from threading import Thread

import pyoxigraph
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request, Response

from tests.conftest import BASE, free_port
from tests.people import HTML, services_of, signed_in
from tests.web.conftest import make_site
from tests.web.test_draft_similar import OTHER
from tests.web.test_drafts import GRAPH, SKOS, WATER, act, make, page
from vocab_server.database.drafts import Draft
from vocab_server.editing.importing import Source, import_file

REMOTE = f"""PREFIX skos: <{SKOS}> INSERT DATA {{
    <https://example.net/w> skos:prefLabel "Water"@en, "Wasser"@de ; skos:broader
        <https://example.net/e> ; skos:definition "What rivers are made of."@en .
    <https://example.net/e> skos:prefLabel "Elements"@en, "<script>"@und .
    <https://example.net/r> skos:prefLabel "Waste water"@en . }}"""
JSON_RESULTS = pyoxigraph.QueryResultsFormat.JSON
BAD = {
    "/text": Response("hello", mimetype="text/plain"),
    "/list": Response("[1, 2]", mimetype="application/json"),
    "/deep": Response("[" * 100_000, mimetype="application/json"),
    "/odd": Response('{"results": {"bindings": [1, {"concept": 2}]}}'),
    "/error": Response("no", status=500),
    "/long": Response("x" * 3_000_000),
    "/home": Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The host of a SPARQL endpoint, at /sparql, and of servers that are none, on loopback."""
    store = pyoxigraph.Store()
    store.update(REMOTE)

    @Request.application
    def answer(request: Request) -> Response:
        if request.path in BAD:
            return BAD[request.path]
        body = store.query(request.args["query"]).serialize(format=JSON_RESULTS)
        return Response(body, content_type="application/sparql-results+json")

    server = make_server("127.0.0.1", free_port(), answer, threaded=True)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def app(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("mappings")
    made = make_site(folder, internal_hosts=(endpoint,))
    file = folder / "other.ttl"
    file.write_text(OTHER)
    import_file(services_of(made).writer, BASE, "other", Source(file, file.name), "test")
    yield made
    services_of(made).close()


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    return signed_in(app, "editor")


@pytest.fixture
def draft(app: Flask) -> Draft:
    return services_of(app).drafts.begin(GRAPH, "Mappings", "", "editor")


def look(client: FlaskClient, draft: Draft, **query: str) -> TestResponse:
    given = {"iri": WATER, **query}
    return client.get(f"/drafts/{draft.id}/mappings", query_string=given, headers=HTML)


def test_other_vocabularies_are_looked_in_but_not_the_own_one(
    editor: FlaskClient, draft: Draft
) -> None:
    found = look(editor, draft, q="outdoor bath").text
    assert 'value="https://example.org/other/1"' in found and "1 concept found" in found
    assert 'name="target"' not in look(editor, draft).text  # nothing is asked yet
    for query in ({"q": "water"}, {"q": "outdoor", "where": "nowhere"}):
        assert "Nothing is called so there" in look(editor, draft, **query).text


def test_a_concept_of_an_endpoint_is_found_and_mapped(
    editor: FlaskClient, draft: Draft, endpoint: str
) -> None:
    there = {"where": "endpoint", "endpoint": f"http://{endpoint}/sparql"}
    found = look(editor, draft, q="water", **there).text
    for part in ('value="https://example.net/w"', "What rivers are made of.", "Elements"):
        assert part in found
    assert "https://example.net/r" not in found  # whole names go before parts of names
    inside = look(editor, draft, q="waste w", **there).text
    assert 'value="https://example.net/r"' in inside
    mapping = {"target": "https://example.net/w", "form": "addMapping"}
    done = act(editor, draft, "addMapping", relation=f"{SKOS}exactMatch", **mapping)
    assert done.status_code == HTTPStatus.SEE_OTHER
    assert "https://example.net/w" in page(editor, draft)


def test_a_mapping_that_contradicts_another_is_refused_at_its_field(
    editor: FlaskClient, draft: Draft
) -> None:
    bath, outside = make(editor, draft, "Bath"), "https://example.net/1"
    act(editor, draft, "addMapping", bath, relation=f"{SKOS}exactMatch", target=outside)
    act(editor, draft, "addMapping", relation=f"{SKOS}broadMatch", target=bath)
    refused = act(editor, draft, "addMapping", relation=f"{SKOS}exactMatch", target=outside)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "S46" in refused.text and 'id="addMapping-error"' in refused.text
    nothing = act(editor, draft, "addMapping", relation=f"{SKOS}exactMatch")
    assert "Choose a concept to map to" in nothing.text


@pytest.mark.parametrize("path", ["/text", "/list", "/deep", "/error", "/long", "/home"])
def test_what_is_no_endpoint_is_told_in_words(
    editor: FlaskClient, draft: Draft, endpoint: str, path: str
) -> None:
    refused = look(editor, draft, q="x", where="endpoint", endpoint=f"http://{endpoint}{path}")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="endpoint-error"' in refused.text


def test_odd_rows_are_left_out(editor: FlaskClient, draft: Draft, endpoint: str) -> None:
    found = look(editor, draft, q="x", where="endpoint", endpoint=f"http://{endpoint}/odd")
    assert found.status_code == HTTPStatus.OK and "Nothing is called so there" in found.text


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "Write the address"),
        ("ftp://example.org/", "Begin with https://"),
        ("http://user@example.org/", "Begin with https://"),
        ("http://[/", "endpoint"),
        ("http://127.0.0.1:1/sparql", "private network"),
        ("http://[::ffff:127.0.0.1]/", "private network"),
        ("http://2130706433/", "private network"),
        ("http://localhost/", "private network"),
        ("http://169.254.169.254/latest", "private network"),
    ],
)
def test_private_networks_are_not_asked(
    editor: FlaskClient, draft: Draft, url: str, said: str
) -> None:
    refused = look(editor, draft, q="x", where="endpoint", endpoint=url)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in refused.text


def test_who_may_not_edit_asks_nobody(app: Flask, draft: Draft) -> None:
    for name in ("reader", "nobody"):
        assert look(signed_in(app, name), draft, q="x").status_code == HTTPStatus.FORBIDDEN
