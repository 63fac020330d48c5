"""Suggestions in front of the framework: the same answers, whoever gives them."""

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from vocab_server.web.direct import DirectSuggestions

PASSING = frozenset({"Date", "X-Request-ID"})  # another one each time
SENT = (
    "q=skola",
    "q=sk%C3%B6l&q=vatten",
    "q=%20s%20&run=1",
    "q=%D9%85",
    "q=%ff",
    "q=sk\u00f6la",
    "q=",
    "",
    "q=zzzzqqqq",
    "q=skola&lang=en",
    "q=skola&vocabulary=themes",
    "q=skola&vocabulary=none",
    "q=skola&under=no+identifier",
    "q=skola&interface=sv",
    "q=skola&language=sv",
    "q=skola&deprecated",
    "&".join(["q=skola", *(f"p{number}=1" for number in range(30))]),
)
HEADERS = (
    {},
    {"Accept-Language": "sv-FI,sv;q=0.9,en;q=0.8"},
    {"Accept-Language": "no such, thing"},
    {"Accept": "application/json"},
    {"Cookie": "interface=sv"},
    {"Cookie": "session=forged"},
    {"Authorization": "Bearer none"},
    {"If-None-Match": '"none"'},
)


def without_shortcut(app: Flask) -> Client:
    """The application as the framework alone answers it."""
    layer = app.wsgi_app
    while not isinstance(layer, DirectSuggestions):
        layer = layer._application  # type: ignore[attr-defined]
    return Client(layer._application)


def seen(response: TestResponse) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in response.headers if name not in PASSING}
    return response.status_code, headers, response.data


@pytest.mark.parametrize("sent", SENT)
def test_what_is_typed_is_answered_as_the_framework_does(shipped_app: Flask, sent: str) -> None:
    address = f"/search/suggestions?{sent}"
    assert seen(Client(shipped_app).get(address)) == seen(
        without_shortcut(shipped_app).get(address)
    )


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: "".join(headers.values()))
def test_who_types_is_answered_as_the_framework_does(
    shipped_app: Flask, headers: dict[str, str]
) -> None:
    address = "/search/suggestions?q=skola"
    given = Client(shipped_app).get(address, headers=headers)
    assert seen(given) == seen(without_shortcut(shipped_app).get(address, headers=headers))
    assert given.status_code == 200


def test_what_nobody_said_anything_about_is_answered_directly(shipped_app: Flask) -> None:
    layer = DirectSuggestions(
        None,  # type: ignore[arg-type]  # the framework, which is not asked
        shipped_app.extensions["vocab_server"],
        (),
    )
    answer = Client(layer).get("/search/suggestions?q=skola", headers={"Accept-Language": "sv"})
    assert 'role="option"' in answer.text
    assert answer.headers["Content-Language"] == "sv"
