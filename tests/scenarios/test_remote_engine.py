"""A remote SPARQL engine as the store: from an import to a page, and through what can go wrong."""

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Literal

from tests.changing import BASE, DATED, edit, name, put
from tests.conftest import environment, start_server, stop_server
from tests.editing.test_drafts import ALL
from tests.engines import Between, EngineProcess, oxigraph
from tests.operation.test_observing import until
from vocab_server.app import create_app
from vocab_server.background import DUTIES, do_once
from vocab_server.cli.config import show
from vocab_server.config import Settings, load
from vocab_server.database import open_database
from vocab_server.editing.workflow import State
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.operation.checkups import CHECKUPS, Patient
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import Services, open_services
from vocab_server.skos.vocabularies import graph_of
from vocab_server.store.remote import STATEMENTS

ZOO = graph_of(BASE, "zoo")
DOG = name("dog")
FILL = next(duty for duty in DUTIES if duty.name == "fill-engine")
CSV = {"Accept": "text/csv"}
LABELS = f"SELECT ?o WHERE {{ <{DOG}> <{SKOS.prefLabel}> ?o }}"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """The native Oxigraph server."""
    with oxigraph(tmp_path_factory.mktemp("engine")) as started:
        yield started


@pytest.fixture
def between(process: EngineProcess) -> Iterator[Between]:
    """The way to the engine, which has nothing."""
    if process.process is None:
        process.start()
    tell(process, "CLEAR ALL")
    way = Between(process)
    yield way
    way.close()


@pytest.fixture
def settings(between: Between, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", base_url=BASE, sparql_timeout=5.0, **between.settings())


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application with a zoo."""
    made = create_app(settings)
    opened = services_of(made)
    put(opened, "zoo", "Zoo", DATED)
    yield made
    opened.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def services_of(app: Flask) -> Services:
    opened: Services = app.extensions["vocab_server"]
    return opened


def tell(process: EngineProcess, update: str) -> None:
    """Change what the engine has behind the back of the server."""
    kind = {"Content-Type": "application/sparql-update"}
    requests.post(
        process.changes, data=update.encode(), headers=kind, timeout=20
    ).raise_for_status()


def held(process: EngineProcess, pattern: str) -> set[str]:
    """The lines of a graph, or of the default graph, as the engine has them."""
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    accept = {"Accept": "application/n-triples"}
    found = requests.post(process.query, data={"query": query}, headers=accept, timeout=20)
    return set(found.text.splitlines())


def rename(opened: Services, text: str) -> None:
    edit(opened, "zoo", f':dog skos:altLabel "{text}"@en .')


def asked(client: FlaskClient, query: str) -> list[str]:
    answer = client.get("/sparql", query_string={"query": query}, headers=CSV)
    assert answer.status_code == 200, answer.text
    return sorted(answer.text.split("\r\n")[1:-1])


def is_the_same(opened: Services, process: EngineProcess, tmp_path: Path) -> bool:
    """Whether the engine has what the snapshot of this node has."""
    copy = opened.published.view().copy
    copy.dump(ZOO, tmp_path / "copy.nt")
    own = set((tmp_path / "copy.nt").read_text().splitlines())
    everywhere = {line.decode() for line in copy.lines("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")}
    return own == held(process, f"GRAPH <{ZOO}> {{ ?s ?p ?o }}") and everywhere == held(
        process, "?s ?p ?o"
    )


def test_pages_rdf_search_and_queries_show_what_was_put_in(
    app: Flask, client: FlaskClient, process: EngineProcess, tmp_path: Path
) -> None:
    assert client.get("/readyz").status_code == 200
    assert is_the_same(services_of(app), process, tmp_path)
    page = client.get("/resource", query_string={"iri": DOG}, headers={"Accept": "text/html"})
    assert "hund" in page.text
    assert "dog" in client.get("/vocabularies/zoo", headers={"Accept": "text/html"}).text
    assert '"개"@ko' in client.get(f"/resource?iri={DOG}&format=ttl").text
    assert client.get("/api/v1/search?q=hun&lang=sv").json["items"][0]["prefLabel"] == "hund"
    assert asked(client, LABELS) == ["dog", "hund", "كلب", "개"]
    assert asked(client, LABELS.replace("{", f"{{ GRAPH <{ZOO}> {{", 1) + " }") == asked(
        client, LABELS
    )
    assert asked(client, LABELS.replace("WHERE", f"FROM <{ZOO}> WHERE")) == asked(client, LABELS)
    assert asked(client, LABELS.replace("WHERE", "FROM <urn:other> WHERE")) == []


def test_a_site_without_vocabularies_says_so(settings: Settings) -> None:
    app = create_app(settings)
    with closing(services_of(app)) as opened:
        with opened.writer.open():
            pass
        client = app.test_client()
        assert client.get("/readyz").status_code == 200
        assert client.get("/vocabularies", headers={"Accept": "text/html"}).status_code == 200
        assert asked(client, LABELS) == []


def test_it_is_the_engine_that_answers(client: FlaskClient, process: EngineProcess) -> None:
    more = f'<{DOG}> <{SKOS.altLabel}> "from elsewhere"@en'
    tell(process, f"INSERT DATA {{ {more} GRAPH <{ZOO}> {{ {more} }} }}")
    assert "from elsewhere" in client.get(f"/resource?iri={DOG}&format=ttl").text
    assert asked(client, LABELS.replace("prefLabel", "altLabel")) == ["from elsewhere"]


def test_a_draft_is_published_to_the_engine(
    app: Flask, client: FlaskClient, process: EngineProcess, tmp_path: Path
) -> None:
    opened = services_of(app)
    draft = opened.drafts.begin(ZOO, "Hounds", "All dogs are hounds", "anna")
    old, new = (Literal(text, lang="sv") for text in ("hund", "jycke"))
    change = Change(
        ZOO, frozenset({(DOG, SKOS.prefLabel, new)}), frozenset({(DOG, SKOS.prefLabel, old)})
    )
    opened.drafts.commit(draft.id, change, "anna", "Better")
    assert "hund" in asked(client, LABELS)
    opened.drafts.step(draft.id, State.IN_REVIEW, "anna", ALL)
    opened.drafts.step(draft.id, State.APPROVED, "cleo", ALL)
    replace(opened.publisher, check=None).publish(draft.id, "dora", ALL)
    assert "jycke" in asked(client, LABELS) and "hund" not in asked(client, LABELS)
    assert "jycke" in client.get(f"/resource?iri={DOG}&format=ttl").text
    assert client.get("/api/v1/search?q=jyck&lang=sv").json["total"] == 1
    assert is_the_same(opened, process, tmp_path)


def test_while_the_engine_is_away_nothing_is_taken_and_afterwards_all_goes_on(
    app: Flask, client: FlaskClient, process: EngineProcess, tmp_path: Path
) -> None:
    opened = services_of(app)
    before = opened.log.last()
    process.kill()
    with pytest.raises(StoreUnavailableError, match="does not answer"):
        rename(opened, "lost")
    assert opened.log.last() == before
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["missing"]) == (
        503,
        ["The SPARQL engine does not answer."],
    )
    assert client.get("/sparql?query=ASK{}", headers={"Accept": "*/*"}).status_code == 503
    assert client.get("/vocabularies/zoo").status_code == 503
    page = client.get("/vocabularies/zoo", headers={"Accept": "text/html"})
    assert (page.status_code, "engine does not answer" in page.text) == (503, True)
    for path in ("/healthz", "/robots.txt", "/sign-in"):
        assert client.get(path, headers={"Accept": "text/html, */*"}).status_code == 200, path
    process.start()
    rename(opened, "found")
    until(lambda: client.get("/readyz").status_code == 200)
    assert is_the_same(opened, process, tmp_path)


def test_an_engine_that_dies_between_log_and_store_is_filled_by_itself(
    app: Flask, client: FlaskClient, process: EngineProcess, tmp_path: Path
) -> None:
    opened = services_of(app)
    change = Change(ZOO, frozenset({(DOG, SKOS.altLabel, Literal("kept", lang="en"))}))

    def die(step: str) -> None:
        if step == "engine":
            process.kill()

    before = opened.log.last()
    kept = pytest.raises(StoreUnavailableError, match="kept as change")
    with opened.writer.open() as transaction, kept as caught:
        transaction.commit([change], "test", "An edit", die)
    assert str(before + 1) in str(caught.value)
    assert opened.log.last() == before + 1
    assert do_once(app, FILL, "this")  # the engine is still away: told, and tried again
    process.start()
    assert do_once(app, FILL, "this")
    until(lambda: client.get("/readyz").status_code == 200)
    assert asked(client, LABELS.replace("prefLabel", "altLabel")) == ["kept"]
    assert is_the_same(opened, process, tmp_path)


def test_half_a_change_is_made_whole_though_others_come_after_it(
    app: Flask, between: Between, process: EngineProcess, tmp_path: Path
) -> None:
    opened = services_of(app)
    many = frozenset((DOG, SKOS.note, Literal(f"note {n}")) for n in range(3 * STATEMENTS))
    number = opened.log.last() + 1
    between.updates_left = 3
    with pytest.raises(StoreUnavailableError, match="kept as change"):
        opened.writer.commit([Change(ZOO, many)], "test", "Many")
    half = len(held(process, f"GRAPH <{ZOO}> {{ ?s <{SKOS.note}> ?o . ?s ?p ?o }}"))
    assert half > STATEMENTS
    assert opened.engine.mark().number < number == opened.log.last()
    opened.log.append([Change(ZOO, removed=many)], "test", "None after all")  # by another node
    between.updates_left = None
    assert do_once(app, FILL, "this")
    assert opened.engine.mark().number == number + 1
    assert not held(process, f"GRAPH <{ZOO}> {{ ?s <{SKOS.note}> ?o . ?s ?p ?o }}")
    assert is_the_same(opened, process, tmp_path)


def test_an_emptied_engine_is_no_empty_server(
    app: Flask, client: FlaskClient, process: EngineProcess, tmp_path: Path
) -> None:
    tell(process, "CLEAR ALL")
    until(lambda: client.get("/vocabularies/zoo").status_code == 503)
    assert "being filled" in client.get("/readyz").json["missing"][0]
    assert do_once(app, FILL, "this")
    until(lambda: client.get("/vocabularies/zoo").status_code == 200)
    assert is_the_same(services_of(app), process, tmp_path)


def test_a_rebuild_leaves_nothing_old_of_ours_and_all_of_others(
    app: Flask, process: EngineProcess, tmp_path: Path
) -> None:
    tell(process, f"INSERT DATA {{ GRAPH <{ZOO}> {{ <urn:old> <urn:p> 1 }} <urn:old> <urn:p> 1 }}")
    tell(process, "INSERT DATA { GRAPH <urn:others> { <urn:a> <urn:p> 1 } }")
    services_of(app).writer.rebuild()
    assert is_the_same(services_of(app), process, tmp_path)
    assert len(held(process, "GRAPH <urn:others> { ?s ?p ?o }")) == 1


def test_the_engine_of_another_log_is_left_alone(
    app: Flask, settings: Settings, process: EngineProcess, tmp_path: Path
) -> None:
    before = held(process, "?s ?p ?o")
    with closing(open_services(replace(settings, data=tmp_path / "other"))) as other:
        with pytest.raises(StoreUnavailableError, match="another change log"):
            put(other, "zoo", "Zoo", DATED)
        assert other.log.last() == 0
        assert held(process, "?s ?p ?o") == before
        other.writer.rebuild()  # who says so gets it
        put(other, "zoo", "Zoo", DATED)
        assert is_the_same(other, process, tmp_path)


HARMFUL = [
    f"INSERT DATA {{ GRAPH <{ZOO}> {{ <urn:a> <urn:b> 1 }} }}",
    "DROP ALL",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c # x\rSERVICE <http://127.0.0.1:9/> { ?s ?p ?o }\n }",
    'SELECT * { VALUES ?x { "a\\u0022\\u0020" } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }',
    'SELECT * { VALUES ?x { "a\\u0022 } \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #" } }',
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "ASK {} ; DROP ALL",
    "DEFINE input:inference 'x' SELECT * { ?s ?p ?o }",
    "SELECT * { " + "{" * 3_000 + "}" * 3_000 + " }",
    "SELECT ?x { ?x <a b> ?y }",
]


def test_what_is_no_harmless_query_never_reaches_the_engine(
    client: FlaskClient, between: Between
) -> None:
    client.get("/readyz")
    between.sent.clear()
    for query in HARMFUL:
        for answer in (
            client.get("/sparql", query_string={"query": query}),
            client.post("/sparql", data={"query": query}),
            client.post("/sparql", data=query, content_type="application/sparql-query"),
            client.post("/sparql", data={"update": query}),
            client.post("/sparql", data=query, content_type="application/sparql-update"),
        ):
            assert answer.status_code in (400, 403), (query, answer.text)
    assert [sent for sent in between.sent if not is_ours(sent)] == []
    assert asked(client, LABELS)
    assert [sent for sent in between.sent if not is_ours(sent)]


def is_ours(sent: str) -> bool:
    """Whether this asks how far the engine is."""
    return "Fversion" in sent


LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SLOW = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(8))} }}"


def test_queries_have_limits_of_size_and_time(settings: Settings, process: EngineProcess) -> None:
    bounds = ((LONG, 60.0, 1, "1 MiB"), (SLOW, 1.0, 100, "1 seconds"))
    for query, seconds, size, told in bounds:
        app = create_app(replace(settings, sparql_timeout=seconds, sparql_result_limit=size))
        with closing(services_of(app)) as opened:
            put(opened, "zoo", "Zoo", DATED)
            answer = app.test_client().get("/sparql", query_string={"query": query}, headers=CSV)
            assert (answer.status_code, told in answer.text) == (503, True), answer.text
    process.kill()  # which still counts


SECRET = "s3cret%40pass"  # noqa: S105  (of this test)


def test_a_password_is_used_and_told_to_nobody(
    app: Flask,
    settings: Settings,
    between: Between,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "vocab_server")
    between.demanded = "Basic d3JpdGVyOnMzY3JldEBwYXNz"  # writer:s3cret@pass
    known = replace(settings, **between.settings(f"writer:{SECRET}"))
    with closing(open_services(known)) as opened:
        rename(opened, "let in")
    wrong = replace(known, **between.settings("writer:wr0ng"))
    with closing(open_services(wrong)) as opened, pytest.raises(StoreUnavailableError) as caught:
        rename(opened, "kept out")
    assert "user or password are wrong" in str(caught.value)
    problems = [what + remedy for what, remedy in ills(wrong).items()]
    assert any("does not let us in" in problem for problem in problems)
    secret = Between.as_environment(between.settings(f"writer:{SECRET}"))
    shown = CliRunner(env=environment(tmp_path / "data", **secret)).invoke(show).output
    assert "/query" in shown
    for text in (str(caught.value), *problems, shown, caplog.text):
        assert not re.search("s3cret|wr0ng", text)


def ills(settings: Settings) -> dict[str, str]:
    database = open_database(settings.database_url)
    look = next(checkup.look for checkup in CHECKUPS if checkup.id == "engine")
    found = {problem.what: problem.remedy for problem in look(Patient(settings, database))}
    database.dispose()
    return found


def test_the_doctor_finds_out_what_the_engine_lacks(
    app: Flask, settings: Settings, between: Between, process: EngineProcess
) -> None:
    assert ills(settings) == {}
    between.updates_left = 0
    (told,) = ills(settings)
    assert "cannot be changed" in told
    between.updates_left = None
    updates = replace(settings, store=settings.store_update)
    (told,) = ills(updates)
    assert "cannot be asked" in told
    tell(process, f"INSERT DATA {{ GRAPH <{ZOO}> {{ <urn:old> <urn:p> 1 }} }}")
    (told,) = ills(settings)
    assert str(ZOO) in told and "statements" in told
    tell(process, "CLEAR ALL")
    (told,) = ills(settings)
    assert "is behind: it has change 0" in told
    for status, body in ((200, b"<html>Hello"), (404, b"gone"), (500, b"<script>"), (302, b"")):
        between.instead = (status, body)
        (told,) = ills(settings)
        assert "cannot be asked" in told
    between.instead = None
    process.kill()
    ((told, remedy),) = ills(settings).items()
    assert "does not answer" in told and "VOCAB_SERVER_STORE" in remedy


WRONG = [
    {"STORE": "virtuoso"},
    {"STORE": "https://sparql.example/query"},
    {"STORE_UPDATE": "https://sparql.example/update"},
    {"STORE": "ftp://u:hidden@x/q", "STORE_UPDATE": "https://x/u"},
    {"STORE": "https://x/q", "STORE_UPDATE": "https://u:hidden@/u"},
    {"STORE": "https://x/q", "STORE_UPDATE": "https://u:hidden@x:99999/u"},
    {"STORE": "https://x/q", "STORE_UPDATE": "http://u:hidden@sparql.example/u"},
]


@pytest.mark.parametrize("given", WRONG, ids=lambda given: str(WRONG.index(given)))
def test_settings_that_reach_no_engine_are_refused_at_the_start(given: dict[str, str]) -> None:
    with pytest.raises(InvalidError, match="VOCAB_SERVER_STORE") as caught:
        load({f"VOCAB_SERVER_{key}": value for key, value in given.items()})
    assert "hidden" not in str(caught.value)


def test_a_server_waits_for_its_engine_and_then_serves(
    app: Flask, settings: Settings, process: EngineProcess
) -> None:
    services_of(app).close()
    process.kill()
    server = start_server(
        settings.data,
        VOCAB_SERVER_STORE=process.query,
        VOCAB_SERVER_STORE_UPDATE=process.changes,
        VOCAB_SERVER_WORKERS="1",
        VOCAB_SERVER_BASE_URL=BASE,
    )
    try:
        answer = requests.get(f"{server.url}/readyz", timeout=20)
        assert answer.status_code == 503
        assert "engine does not answer" in answer.json()["missing"][0]
        process.start()
        tell(process, "CLEAR ALL")  # it comes back with nothing
        until(lambda: requests.get(f"{server.url}/readyz", timeout=20).status_code == 200)
        assert requests.get(f"{server.url}/vocabularies/zoo", timeout=20).status_code == 200
    finally:
        stop_server(server)
