"""Queries that are answered in front of the framework: the same answers, whoever gives them."""

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_plus

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from vocab_server.api.direct import DirectQueries, _decoded
from vocab_server.api.sparql import OUTCOME
from vocab_server.errors import InvalidError
from vocab_server.services import Services
from vocab_server.store.sandbox import Answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON = "application/sparql-results+json"
THEMES = "http://127.0.0.1:8000/vocabularies/themes"
SELECT = f"SELECT ?o WHERE {{ GRAPH <{THEMES}> {{ ?s ?p ?o }} }} LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
LONG = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
REQUESTS = (
    (SELECT, JSON),
    (SELECT, "text/csv"),
    (SELECT, "*/*"),
    (SELECT, None),
    (SELECT, "text/turtle"),  # which no table is
    (SELECT, "text/html"),
    (CONSTRUCT, "text/turtle"),
    (CONSTRUCT, JSON),
    ("ASK { ?s ?p 'å'@sv }", "application/sparql-results+xml"),
    ("SELECT (NOW() AS ?now) WHERE {}", JSON),
    ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", JSON),
    ("nothing that can be read", JSON),
    ("", JSON),
    (LONG, "text/csv"),
)
PASSING = frozenset({"Date", "X-Request-ID"})  # another one each time
OTHER = (
    "",
    "query=ASK{}&query=ASK{}",
    "query=ASK{}&format=xml",
    "query=ASK{}&default-graph-uri=urn:none",
    "query=ASK{ ?s ?p 'å' }",
    "update=CLEAR ALL",
    "query=ASK{%20?s%20?p%20%22%ff%22}",
)


def without_shortcut(app: Flask) -> Client:
    """The application as the framework alone answers it."""
    layer = app.wsgi_app
    while not isinstance(layer, DirectQueries):
        layer = layer._application  # type: ignore[attr-defined]
    return Client(layer._application)


def seen(response: TestResponse) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in response.headers if name not in PASSING}
    if "NOW" not in response.request.url:
        return response.status_code, headers, response.data
    headers.pop("Content-Length")  # a time is told with as many decimals as it has
    return response.status_code, headers, b""


@pytest.mark.parametrize(("query", "accept"), REQUESTS)
def test_a_query_is_answered_as_the_framework_does(
    shipped_app: Flask, query: str, accept: str | None
) -> None:
    headers = {"Accept": accept} if accept else {}
    address = f"/sparql?query={quote(query, safe='')}"
    given = Client(shipped_app).get(address, headers=headers)
    assert seen(given) == seen(without_shortcut(shipped_app).get(address, headers=headers))


@pytest.mark.parametrize("sent", OTHER)
def test_other_requests_are_left_to_the_framework(shipped_app: Flask, sent: str) -> None:
    address, headers = f"/sparql?{sent}", {"Accept": JSON}
    given = Client(shipped_app).get(address, headers=headers)
    assert seen(given) == seen(without_shortcut(shipped_app).get(address, headers=headers))


def test_a_client_that_has_the_answer_is_told_so(shipped_app: Flask) -> None:
    address = f"/sparql?query={quote(SELECT)}"
    client = Client(shipped_app)
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    fresh = client.get(f"{address}%20", headers={"If-None-Match": etag})
    assert fresh.status_code == 304


def test_small_queries_need_no_process(shipped_app: Flask) -> None:
    opened: Services = shipped_app.extensions["vocab_server"]
    view = opened.published.view()
    assert view.at_hand
    text = f"ASK {{ GRAPH <{THEMES}> {{ ?s ?p ?o }} }}"
    assert view.at_hand.answer(text, None, JSON, None) == (JSON, b'{"head":{},"boolean":true}')


@pytest.mark.parametrize(("query", "kind"), [("nothing", InvalidError), (LONG, Answer)])
def test_what_came_of_a_query_is_handed_on(shipped_app: Flask, query: str, kind: type) -> None:
    handed: list[object] = []

    def framework(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        handed.append(environ[OUTCOME])
        return Response()(environ, start_response)  # type: ignore[return-value]

    opened: Services = shipped_app.extensions["vocab_server"]
    Client(DirectQueries(framework, opened, ())).get(f"/sparql?query={quote(query)}")
    (outcome,) = handed
    assert isinstance(outcome, kind)
    if isinstance(outcome, Answer):
        outcome.close()


def test_the_framework_tells_what_was_handed_on(shipped_app: Flask) -> None:
    told = without_shortcut(shipped_app).get(
        "/sparql?query=ASK{}",
        headers={"Accept": JSON},
        environ_base={OUTCOME: InvalidError("It has been said before.")},
    )
    assert told.status_code == 400
    assert "It has been said before." in told.text


SENT = st.one_of(
    st.text().map(quote),
    st.text(st.characters(max_codepoint=127)),
    st.text(st.sampled_from("%+\\xuN{}aF09C3")),
)


@given(SENT)
def test_a_query_is_decoded_as_the_library_would(sent: str) -> None:
    assert _decoded(sent) == unquote_plus(sent)
