"""Answers that are given again: for how long, to whom, and when not at all."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from vocab_server.response_cache import LARGEST, ResponseCache
from vocab_server.store.snapshots import Snapshots

MODIFIED = "Mon, 23 Nov 2026 06:54:00 GMT"


class Application:
    """Answers with how often it was asked; parameters say what kind of answer."""

    def __init__(self) -> None:
        self.asked = 0
        self.closed = 0

    @Request.application
    def answer(self, request: Request) -> Response:
        self.asked += 1
        body: str | Iterable[str] = f"{self.asked}" + "x" * request.args.get("more", 0, type=int)
        response = Response(iter([body]) if "stream" in request.args else body)
        response.status_code = request.args.get("status", 200, type=int)
        response.headers["Cache-Control"] = request.args.get("cache", "public, no-cache")
        response.headers["Last-Modified"] = MODIFIED
        response.call_on_close(self.close)
        if "cookie" in request.args:
            response.set_cookie("interface", "sv")
        elif not response.is_streamed:
            response.add_etag()
        return response

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    published = Snapshots(tmp_path)
    published.publish(1, lambda _: None)
    return published


@pytest.fixture
def client(application: Application, snapshots: Snapshots) -> Client:
    return Client(ResponseCache(application.answer, snapshots, "interface"), use_cookies=False)


def test_a_repeated_request_is_answered_without_asking_again(
    client: Client, application: Application
) -> None:
    first, second = client.get("/"), client.get("/")
    assert (second.text, second.headers) == (first.text, first.headers)
    assert (application.asked, application.closed) == (1, 1)


def test_a_new_snapshot_is_asked_about_anew(
    client: Client, application: Application, snapshots: Snapshots
) -> None:
    client.get("/")
    snapshots.publish(2, lambda _: None)
    assert client.get("/").text == "2"


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/other"},
        {"query_string": "a=b"},
        {"headers": {"Accept": "text/turtle"}},
        {"headers": {"Accept-Language": "sv"}},
        {"headers": {"Cookie": "interface=sv"}},
        {"headers": {"Host": "example.org"}},
        {"path": "/sparql", "method": "POST", "data": b"ASK {}"},
    ],
    ids=str,
)
def test_another_request_has_another_answer(
    client: Client, application: Application, other: dict[str, object]
) -> None:
    client.get("/")
    client.get("/sparql")
    client.open(**{"path": "/", **other})
    assert application.asked == 3


@pytest.mark.parametrize(
    "request_",
    [
        {"query_string": "cache=no-store"},
        {"query_string": "cache=private"},
        {"query_string": "status=404"},
        {"query_string": "stream"},
        {"query_string": "cookie"},
        {"query_string": f"more={LARGEST}"},
        {"headers": {"Authorization": "Bearer x"}},
        {"headers": {"Cookie": "session=x"}},
        {"method": "POST", "data": b"x"},
        {"method": "HEAD"},
    ],
    ids=str,
)
def test_some_answers_are_never_kept(
    client: Client, application: Application, request_: dict[str, object]
) -> None:
    for _ in range(2):
        client.open(**{"path": "/", **request_}).close()
    assert (application.asked, application.closed) == (2, 2)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": "W/{etag}"}, 304),
        ({"If-None-Match": '"other", {etag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": MODIFIED}, 304),
        ({"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": MODIFIED}, 200),
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_condition_is_judged_on_what_is_kept(
    client: Client, condition: dict[str, str], status: int, method: str
) -> None:
    etag = client.get("/").headers["ETag"]
    headers = {name: value.replace("{etag}", etag) for name, value in condition.items()}
    answer = client.open("/", method=method, headers=headers)
    assert answer.status_code == status
    assert (answer.data == b"") is (status == 304 or method == "HEAD")


def test_a_redirect_is_never_304(client: Client) -> None:
    for _ in range(2):
        answer = client.get("/?status=303", headers={"If-None-Match": "*"})
        assert answer.status_code == 303


def test_a_post_is_never_304(client: Client, application: Application) -> None:
    etag = client.post("/sparql", data=b"ASK {}").headers["ETag"]
    again = client.post("/sparql", data=b"ASK {}", headers={"If-None-Match": etag})
    assert (again.status_code, application.asked) == (200, 1)
