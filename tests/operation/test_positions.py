"""How far the log had come is told to who writes, and waited for when they say it again."""

from threading import Thread

import pytest
from flask.testing import FlaskClient
from rdflib import Literal, URIRef
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from tests.conftest import BASE, free_port
from vocab_server.config import Settings
from vocab_server.editing.commit import Writer
from vocab_server.operation import positions
from vocab_server.operation.positions import COOKIE, HEADER, Positions
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import PROJECTIONS, Services
from vocab_server.store.engine import Engine
from vocab_server.store.snapshots import number_of

DOG = Change(
    URIRef(f"{BASE}/vocabularies/animals"),
    frozenset({(URIRef("urn:dog"), SKOS.prefLabel, Literal("dog", lang="en"))}),
)


@Request.application
def told(request: Request) -> Response:
    """What is behind: it answers with the cookies that it sees."""
    return Response(request.headers.get("Cookie", ""))


@pytest.fixture
def browser(services: Services) -> Client:
    return Client(Positions(told, services.writer, is_https=True), use_cookies=False)


def reached(services: Services) -> int:
    current = services.writer.snapshots.current()
    return number_of(current) if current else -1


def test_who_writes_is_told(services: Services, browser: Client) -> None:
    services.writer.commit([DOG], "me", "Dog")
    assert "Set-Cookie" not in browser.post("/").headers  # of a program
    answer = browser.post("/", headers={"Cookie": "session=x"})
    assert answer.headers[HEADER] == "1"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=1; Max-Age=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_who_reads_is_told_nothing(browser: Client) -> None:
    for act in (browser.get, browser.head, browser.options):
        answer = act("/")
        assert HEADER not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_a_server_alone_tells_nothing(client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"query": "ASK {}"})
    assert answer.status_code == 200
    assert HEADER not in answer.headers


@pytest.mark.parametrize("how", ["header", "cookie"])
def test_who_says_a_position_reads_what_is_there(
    services: Services, browser: Client, how: str
) -> None:
    services.log.append([DOG], "another node", "Dog")
    browser.get("/")
    assert reached(services) == 0
    browser.get("/", headers={HEADER: "1"} if how == "header" else {"Cookie": f"{COOKIE}=1"})
    assert reached(services) == 1


@pytest.mark.parametrize("said", ["", "0", "-1", "1.5", "x", "²", "9" * 16])
def test_what_is_no_position_is_not_looked_at(
    services: Services, browser: Client, said: str
) -> None:
    services.log.append([DOG], "another node", "Dog")
    assert browser.get("/", headers={"Cookie": f"{COOKIE}={said}"}).status_code == 200
    assert browser.get("/", headers={HEADER: said}).text == ""
    assert reached(services) == 0


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        (f"{COOKIE}=0", ""),
        (f"a=b; {COOKIE}=0; c=d", "a=b; c=d"),
        (f"my-{COOKIE}=1", f"my-{COOKIE}=1"),
        ("a=b", "a=b"),
    ],
)
def test_nothing_behind_sees_the_cookie(browser: Client, sent: str, seen: str) -> None:
    assert browser.get("/", headers={"Cookie": sent}).text == seen


def test_nobody_waits_for_ever(
    services: Services, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positions, "PATIENCE", 0.2)
    services.log.append([DOG], "another node", "Dog")
    with services.writer._own_turn():
        thread = Thread(target=browser.get, args=("/",), kwargs={"headers": {HEADER: "1"}})
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
    assert reached(services) == 0


def test_who_says_a_position_reads_on_while_the_engine_is_away(
    services: Services, settings: Settings
) -> None:
    away = f"http://127.0.0.1:{free_port()}/"
    writer = Writer(settings.data, services.log, PROJECTIONS, engine=Engine(away, away))
    services.log.append([DOG], "another node", "Dog")
    browser = Client(Positions(told, writer, is_https=True))
    assert browser.get("/", headers={HEADER: "1"}).status_code == 200
    assert reached(services) == 0
