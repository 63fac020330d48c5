"""Harvests of real servers: what comes in, what does not, and that a failure changes nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import BASE
from tests.harvest.servers import PREFIXES, Site, datasets, running_site, send
from tests.harvest.test_ckan import PACKAGE
from vocab_server.config import Settings
from vocab_server.database.harvests import Harvests, Outcome, Run, Source
from vocab_server.database.leases import take_lease
from vocab_server.errors import ConflictError, NotFoundError
from vocab_server.harvest.visiting import USUAL
from vocab_server.operation.harvesting import GRACE, harvest, harvest_due
from vocab_server.rdf.graph_names import source_graph
from vocab_server.rdf.query import bind
from vocab_server.services import Services, open_services

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOWN = source_graph(BASE, "town")
_DATASETS = "SELECT ?d WHERE { GRAPH $graph { ?d a dcat:Dataset } } ORDER BY ?d"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as opened:
        yield opened


@pytest.fixture
def services(tmp_path: Path, site: Site) -> Iterator[Services]:
    site.pages.clear()
    site.asked.clear()
    opened = open_services(
        Settings(data=tmp_path / "data", base_url=BASE, internal_hosts=(site.host,))
    )
    with opened.writer.open():
        pass
    yield opened
    opened.close()


def run(
    services: Services, site: Site, path: str, kind: str = "dcat", days: float = 0, **bounds: float
) -> Run:
    """Harvest what is at a path of a site, some days after the beginning."""
    address = path if kind == "file" else site.url(path)
    Harvests(services.database).set(Source("town", kind, address))
    limits = replace(USUAL, **bounds)
    return harvest(services, "town", "test", now=NOW + timedelta(days=days), bounds=limits)


def counts(found: Run) -> tuple[Outcome, int, int, int, int, int]:
    told = (found.added, found.changed, found.removed, found.unchanged, found.missing)
    return (found.outcome, *told)


def held(services: Services) -> list[str]:
    rows = services.published.view().store.select(bind(_DATASETS, graph=TOWN))
    return [str(row["d"]).rpartition("/")[2] for row in rows]


def test_a_run_tells_what_was_added_changed_and_unchanged(services: Services, site: Site) -> None:
    site.says("/c.ttl", datasets("a", "b"))
    assert counts(run(services, site, "/c.ttl")) == (Outcome.CHANGED, 2, 0, 0, 0, 0)
    assert held(services) == ["a", "b"]
    part = "<https://town.example/a> dcat:distribution <https://town.example/a/csv> ."
    site.says("/c.ttl", datasets("a", "b", "c", more=part))
    assert counts(run(services, site, "/c.ttl")) == (Outcome.CHANGED, 1, 1, 0, 1, 0)
    part += '<https://town.example/a/csv> a dcat:Distribution ; dct:title "CSV" .'
    site.says("/c.ttl", datasets("a", "b", "c", more=part))
    assert counts(run(services, site, "/c.ttl")) == (Outcome.CHANGED, 0, 1, 0, 2, 0)
    last = services.log.last()
    assert counts(run(services, site, "/c.ttl")) == (Outcome.UNCHANGED, 0, 0, 0, 3, 0)
    assert services.log.last() == last  # no commit for what is the same


def test_a_source_that_says_it_did_not_change_is_not_read(services: Services, site: Site) -> None:
    site.says("/c.ttl", datasets("a", "b"), ETag='"1"')
    run(services, site, "/c.ttl")
    last = services.log.last()
    assert counts(run(services, site, "/c.ttl")) == (Outcome.UNCHANGED, 0, 0, 0, 2, 0)
    assert site.asked[-1][1]["If-None-Match"] == '"1"'
    assert services.log.last() == last
    site.says("/other.ttl", datasets("a"), ETag='"1"')
    assert run(services, site, "/other.ttl").missing == 1  # another address: asked without
    assert "If-None-Match" not in site.asked[-1][1]


@pytest.mark.parametrize("form", ["next", "nextPage"])
def test_all_pages_are_read_and_paging_is_no_part_of_a_catalog(
    services: Services, site: Site, form: str
) -> None:
    kind = {"next": "PartialCollectionView", "nextPage": "PagedCollection"}[form]
    value = {"next": "</c?page=2>", "nextPage": f'"{site.url("/c?page=2")}"'}[form]
    view = f"<?page=1> a hydra:{kind} ; hydra:totalItems 3 ; hydra:{form} {value} ."
    site.says("/c", datasets("a", "b", more=view))
    site.says("/c?page=2", datasets("c", more=f"<?page=2> a hydra:{kind} ."))
    assert counts(run(services, site, "/c")) == (Outcome.CHANGED, 3, 0, 0, 0, 0)
    assert "hydra" not in str(
        services.published.view().store.lines(
            bind("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }", graph=TOWN)
        )
    )
    site.fails("/c?page=2", 500)
    failed = run(services, site, "/c")
    assert failed.outcome is Outcome.FAILED and "500" in failed.problems[0]
    assert held(services) == ["a", "b", "c"]


def test_pages_in_a_circle_are_the_end_or_a_failure(services: Services, site: Site) -> None:
    site.says("/c", datasets("a", more="<?p> hydra:totalItems 1 ; hydra:next </c> ."))
    assert "leads back" in run(services, site, "/c").problems[0]
    site.says("/c", datasets("a", more="<?p> hydra:totalItems 9 ; hydra:next </c> ."))
    failed = run(services, site, "/c")
    assert failed.outcome is Outcome.FAILED and "1 of 9" in failed.problems[0]


def test_pages_without_end_are_given_up(services: Services, site: Site) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        page = int(parse_qs(urlsplit(request.path).query).get("page", ["0"])[0])
        more = f"<?page={page}> hydra:next </c?page={page + 1}> ."
        send(request, datasets(f"d{page}", more=more).encode(), "text/turtle")

    site.pages["/c"] = endless
    failed = run(services, site, "/c", pages=3)
    assert failed.outcome is Outcome.FAILED and "more than 3 pages" in failed.problems[0]
    assert held(services) == []


def test_servers_that_misbehave_change_nothing(services: Services, site: Site) -> None:
    site.says("/good", datasets("a", "b"))
    run(services, site, "/good")
    before = services.log.last()

    def hang(_request: BaseHTTPRequestHandler) -> None:
        site.ending.wait(3)

    def letters(request: BaseHTTPRequestHandler) -> None:
        while not site.ending.wait(0.05):
            request.wfile.write(b"X")

    def short(request: BaseHTTPRequestHandler) -> None:
        body = datasets("a").encode()
        request.send_response(200)
        request.send_header("Content-Type", "text/turtle")
        request.send_header("Content-Length", str(len(body) + 100))
        request.end_headers()
        request.wfile.write(body)

    site.pages |= {"/hang": hang, "/letters": letters, "/short": short}
    site.says("/html", "<!doctype html><title>We moved</title>", "text/turtle")
    site.says("/garbage", bytes(range(256)) * 10, "text/turtle")
    site.says("/cut", datasets("a", "b")[:-40])
    site.says("/empty", "")
    site.says("/none", f'{PREFIXES}<https://town.example/> a dcat:Catalog ; dct:title "T" .')
    site.says("/long", datasets("a") + "#" * 20_000)
    site.fails("/401", 401)
    site.fails("/204", 204)
    site.leads("/inside", "http://127.0.0.1:1/")
    site.leads("/round", "/round")
    site.leads("/file", "file:///etc/passwd")
    expected = {
        "/hang": "takes more than",
        "/letters": "takes more than",
        "/short": "does not answer as it should",
        "/html": "",
        "/garbage": "",
        "/cut": "",
        "/empty": "",
        "/none": "no dataset any more",
        "/long": "too long",
        "/401": "401",
        "/204": "204",
        "/inside": "private network",
        "/round": "leads on",
        "/file": "is not the address",
        "/missing": "404",
    }
    for path, words in expected.items():
        seconds = 0.3 if path in ("/hang", "/letters") else 30
        failed = run(services, site, path, size=15_000, seconds=seconds)
        assert failed.outcome is Outcome.FAILED, path
        assert words in failed.problems[0], (path, failed.problems)
    assert (services.log.last(), held(services)) == (before, ["a", "b"])
    assert Harvests(services.database).known("town")["https://town.example/a"].missing_runs == 0


def test_a_private_address_is_refused_unless_it_is_allowed(services: Services, site: Site) -> None:
    site.says("/c.ttl", datasets("a"))
    strict = replace(services, settings=replace(services.settings, internal_hosts=()))
    failed = run(strict, site, "/c.ttl")
    assert "VOCAB_SERVER_INTERNAL_HOSTS" in failed.problems[0]
    assert site.asked == []


def test_what_vanished_stays_for_a_while_and_is_known_when_it_is_gone(
    services: Services, site: Site
) -> None:
    site.says("/c.ttl", datasets("a", "b"), ETag='"1"')
    run(services, site, "/c.ttl")
    site.says("/c.ttl", datasets("a"), ETag='"2"')
    assert counts(run(services, site, "/c.ttl")) == (Outcome.UNCHANGED, 0, 0, 0, 1, 1)
    assert held(services) == ["a", "b"]
    assert run(services, site, "/c.ttl", days=1).missing == 1
    table = Harvests(services.database)
    assert [title for title, _ in table.missing("town", 10)] == ["https://town.example/b"]
    assert table.gone("https://town.example/b") is None
    last = run(services, site, "/c.ttl", days=GRACE.days)
    assert counts(last) == (Outcome.CHANGED, 0, 0, 1, 1, 0)
    assert held(services) == ["a"]
    found = table.gone("https://town.example/b")
    assert found is not None and (found[0], found[1].title) == ("town", "b")
    site.says("/c.ttl", datasets("a", "b"))
    assert counts(run(services, site, "/c.ttl", days=9)) == (Outcome.CHANGED, 1, 0, 0, 1, 0)
    assert table.gone("https://town.example/b") is None


def test_what_comes_back_within_the_grace_is_as_if_it_had_never_been_away(
    services: Services, site: Site
) -> None:
    site.says("/c.ttl", datasets("a", "b"))
    run(services, site, "/c.ttl")
    last = services.log.last()
    site.says("/c.ttl", datasets("a"))
    run(services, site, "/c.ttl")
    site.says("/c.ttl", datasets("a", "b"))
    assert counts(run(services, site, "/c.ttl")) == (Outcome.UNCHANGED, 0, 0, 0, 2, 0)
    assert Harvests(services.database).missing("town", 10) == []
    assert services.log.last() == last


class Ckan:
    """The part of CKAN's API that tells of datasets; ``sends`` is what it really has."""

    def __init__(self, count: int, sends: int, is_stuck: bool = False) -> None:
        self.count, self.sends, self.is_stuck = count, sends, is_stuck

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        asked = parse_qs(urlsplit(request.path).query)
        start = 0 if self.is_stuck else int(asked["start"][0])
        rows = min(int(asked["rows"][0]), 2)  # a site may send fewer than asked for
        names = [f"p{n}" for n in range(self.sends)][start : start + rows]
        results = [{**PACKAGE, "id": n, "name": n, "extras": []} for n in names]
        told = {
            "help": f"http://{request.headers['Host']}/api/3/action/help_show?name=package_search",
            "success": True,
            "result": {"count": self.count, "results": results},
        }
        send(request, json.dumps(told).encode(), "application/json")


def test_a_site_of_ckan_is_read_to_the_end(services: Services, site: Site) -> None:
    site.pages["/api/3/action/package_search"] = Ckan(5, 5)
    assert counts(run(services, site, "/", "ckan")) == (Outcome.CHANGED, 5, 0, 0, 0, 0)
    for lying in (Ckan(7, 5), Ckan(5, 5, is_stuck=True), Ckan(0, 0)):
        site.pages["/api/3/action/package_search"] = lying
        failed = run(services, site, "/api/3/", "ckan")
        assert failed.outcome is Outcome.FAILED, failed
    assert "p4" in held(services)
    site.says("/api/3/action/package_search", '{"success": false, "error": "no"}')
    assert run(services, site, "/", "ckan").outcome is Outcome.FAILED


def test_an_endpoint_that_cuts_its_answer_is_found_out(services: Services, site: Site) -> None:
    def endpoint(count: int) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            (query,) = parse_qs(urlsplit(request.path).query)["query"]
            if "COUNT" in query:
                rows = {"results": {"bindings": [{"count": {"value": str(count)}}]}}
                send(request, json.dumps(rows).encode(), "application/sparql-results+json")
            else:
                send(request, datasets("a", "b").encode(), "text/turtle")

        site.pages["/sparql"] = answer

    endpoint(2)
    assert counts(run(services, site, "/sparql", "sparql")) == (Outcome.CHANGED, 2, 0, 0, 0, 0)
    endpoint(3)
    failed = run(services, site, "/sparql", "sparql")
    assert failed.outcome is Outcome.FAILED and "has 3 datasets and sends 2" in failed.problems[0]


def test_a_file_is_read_from_its_folder_only(services: Services, site: Site) -> None:
    folder = services.settings.data / "harvest"
    folder.mkdir()
    (folder / "town.ttl").write_text(datasets("a") + "<x> a dcat:Dataset .")
    assert run(services, site, "town.ttl", "file").added == 2
    assert held(services) == ["x", "a"]
    (services.settings.data / "secret.ttl").write_text(datasets("z"))
    for name in ("../secret.ttl", str(services.settings.data / "secret.ttl"), "none.ttl"):
        assert "There is no file" in run(services, site, name, "file").problems[0]


def test_runs_are_kept_and_the_next_one_is_planned(services: Services, site: Site) -> None:
    site.says("/c.ttl", datasets("a"))
    table = Harvests(services.database)
    first = run(services, site, "/c.ttl")
    assert table.get("town").due == NOW + timedelta(hours=24)
    assert table.run("town", first.id) == first
    assert table.due(NOW) == []
    table.ask("town", NOW)
    assert table.due(NOW) == ["town"]
    harvest_due(services)
    (second, again), total = table.runs("town", limit=5)
    assert (total, again, second.author) == (2, first, "harvest")
    assert table.latest(["town", "other"]) == {"town": second}


def test_a_catalog_is_harvested_by_one_at_a_time(services: Services, site: Site) -> None:
    with pytest.raises(NotFoundError, match="harvested from nowhere"):
        harvest(services, "town", "test")
    Harvests(services.database).set(Source("town", "dcat", site.url("/c")))
    assert take_lease(services.database, "harvest:town", "somebody", 60)
    with pytest.raises(ConflictError, match="just now"):
        harvest(services, "town", "test")
