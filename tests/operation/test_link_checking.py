"""Links in catalogs, checked on real servers: what they answer, how often, how politely."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from flask import Flask

from tests.cataloguing import make_harbour, read_catalog, read_vocabulary
from tests.harvest.servers import Site, running_site, send
from tests.people import services_of
from vocab_server.database.links import Answer, Links, interval
from vocab_server.operation.checking import wanted_report
from vocab_server.operation.link_checking import LinkChecking
from vocab_server.outbound import Trouble
from vocab_server.quality.checks import get_check
from vocab_server.services import Services

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CATALOG = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://h.example/> a dcat:Catalog ; dcat:dataset <https://h.example/d> .
<https://h.example/d> a dcat:Dataset ; dct:title "D"@en ; dcat:distribution <https://h.example/f> .
<https://h.example/f> a dcat:Distribution ; dcat:downloadURL {files} ."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as opened:
        yield opened


@pytest.fixture(scope="module")
def app(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = make_harbour(tmp_path_factory.mktemp("links"), (site.host,))
    yield made
    services_of(made).close()


@pytest.fixture
def services(app: Flask, site: Site) -> Services:
    site.pages.clear()
    site.asked.clear()
    site.methods.clear()
    return services_of(app)


@pytest.fixture
def links(services: Services, site: Site) -> Links:
    """The table, with no address in it and the server not resting."""
    table = Links(services.database)
    table.take_in((), NOW)
    table.hold(site.url("/"), datetime(2000, 1, 1, tzinfo=UTC))
    return table


def check(services: Services, links: Links, url: str) -> tuple[int | None, Trouble]:
    links.take_in([url], NOW)
    LinkChecking().check(links, services.settings, url)
    answer = links.find([url])[url].answer
    return answer.status, answer.trouble


def refuse_head(request: BaseHTTPRequestHandler) -> None:
    send(request, b"data", "text/csv", 405 if request.command == "HEAD" else 206)


def test_an_address_is_asked_by_head_and_where_that_fails_by_get(
    services: Services, links: Links, site: Site
) -> None:
    site.says(
        "/there.csv", "a,b\n", "text/csv", **{"Last-Modified": "Mon, 01 Jun 2026 10:00:00 GMT"}
    )
    site.leads("/moved", site.url("/there.csv"))
    site.leads("/circle", site.url("/circle"))
    site.pages["/api"] = refuse_head
    url = site.url("/there.csv")
    assert check(services, links, url) == (200, Trouble.NONE)
    assert site.methods == ["GET", "HEAD"] and site.asked[0][0] == "/robots.txt"
    found = links.find([url])[url]
    assert (found.answer.media_type, found.answer.last_modified[:3]) == ("text/csv", "Mon")
    assert check(services, links, site.url("/moved")) == (200, Trouble.NONE)
    assert check(services, links, site.url("/api")) == (206, Trouble.NONE)
    assert site.asked[-1][1]["Range"] == "bytes=0-0"
    assert check(services, links, site.url("/gone")) == (404, Trouble.NONE)
    assert check(services, links, site.url("/circle")) == (0, Trouble.CIRCLE)


def test_what_cannot_be_asked_is_told_apart(services: Services, links: Links) -> None:
    assert check(services, links, "http://127.0.0.1:9/a") == (0, Trouble.PRIVATE)
    assert check(services, links, "http://[::1]/a") == (0, Trouble.PRIVATE)
    assert check(services, links, "https://no-such-host.invalid/") == (0, Trouble.UNREACHABLE)


def test_a_redirect_to_no_address_is_told(services: Services, links: Links, site: Site) -> None:
    site.leads("/broken", "http://[")
    assert check(services, links, site.url("/broken")) == (0, Trouble.UNREACHABLE)


@pytest.mark.parametrize("delay", ["²", "9" * 400, "9" * 5_000, "soon"], ids=range(4))
def test_a_delay_that_is_none_changes_nothing_of_robots(
    services: Services, links: Links, site: Site, delay: str
) -> None:
    rules = f"User-agent: *\nDisallow: /secret\nCrawl-delay: {delay}\nDisallow: /hidden\n"
    site.says("/robots.txt", rules, "text/plain")
    site.says("/open.csv", "a", "text/csv")
    assert check(services, links, site.url("/open.csv")) == (200, Trouble.NONE)
    for path in ("/secret/a.csv", "/hidden/a.csv"):
        assert check(services, links, site.url(path)) == (None, Trouble.ROBOTS)


def test_what_cannot_be_checked_holds_up_no_other_of_its_server(
    services: Services, links: Links, site: Site
) -> None:
    site.says("/b.csv", "a", "text/csv")
    settings = replace(services.settings, internal_hosts=None)  # type: ignore[arg-type]
    links.take_in([site.url("/a.csv"), site.url("/b.csv")], NOW)
    LinkChecking()._try(links, settings, site.url("/a.csv"))
    later = datetime.now(UTC) + timedelta(minutes=5)
    assert links.due(later, 10) == [site.url("/b.csv")]


def test_robots_are_kept_to(services: Services, links: Links, site: Site) -> None:
    rules = "User-agent: *\nDisallow: /secret\nCrawl-delay: 30\n"
    site.says("/robots.txt", rules, "text/plain")
    site.says("/open.csv", "a", "text/csv")
    assert check(services, links, site.url("/secret/a.csv")) == (None, Trouble.ROBOTS)
    assert [path for path, _ in site.asked] == ["/robots.txt"]
    now = datetime.now(UTC)
    assert check(services, links, site.url("/open.csv")) == (200, Trouble.NONE)
    links.ask([site.url("/open.csv")], now)
    assert links.due(now + timedelta(seconds=25), 10) == []  # the server rests
    assert links.due(now + timedelta(hours=1), 10) == [site.url("/open.csv")]


def test_a_server_that_wants_time_gets_it(services: Services, links: Links, site: Site) -> None:
    url = site.url("/busy")
    site.pages["/busy"] = lambda r: send(r, b"", "text/plain", 429, **{"Retry-After": "3600"})
    assert check(services, links, url) == (None, Trouble.NONE)
    assert links.find([url])[url].due > datetime.now(UTC) + timedelta(minutes=55)
    assert site.methods[-1] == "HEAD"  # and is not asked a second time


def test_successes_lengthen_the_interval_and_a_failure_makes_it_short(links: Links) -> None:
    links.take_in(["https://a.example/"], NOW)
    weeks = []
    good, bad = Answer(200), Answer(404)
    for answer in (good, good, good, good, good, bad, bad, good):
        links.record("https://a.example/", answer, NOW)
        weeks.append((links.find(["https://a.example/"])["https://a.example/"].due - NOW).days)
    assert weeks == [14, 21, 28, 35, 35, 1, 7, 14]
    assert interval(0, 0) == timedelta(weeks=1)


def test_one_server_is_asked_one_thing_at_a_time(links: Links) -> None:
    urls = [f"https://a.example/{n}" for n in range(5)] + [
        "https://b.example/",
        "https://c.example/",
    ]
    links.take_in(urls, NOW)
    assert links.due(NOW, 10) == ["https://a.example/0", "https://b.example/", "https://c.example/"]
    links.hold("https://a.example/0", NOW + timedelta(seconds=5))
    assert links.due(NOW, 10) == ["https://b.example/", "https://c.example/"]
    assert links.due(NOW + timedelta(seconds=5), 1) == ["https://a.example/0"]


def test_statuses_are_none_until_something_is_known(links: Links) -> None:
    links.take_in(["https://a.example/", "https://b.example/"], NOW)
    links.record("https://a.example/", Answer(404), NOW)
    asked = ["https://a.example/", "https://b.example/", "https://c.example/"]
    assert links.statuses(asked) == dict(zip(asked, (404, None, None), strict=True))


def test_links_of_a_vocabulary_that_lead_nowhere_are_told_in_its_report(
    services: Services, links: Links, site: Site, tmp_path: Path
) -> None:
    gone, there = site.url("/gone"), site.url("/there")
    turtle = (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        " @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <https://w.example/> ."
        ' :a a skos:Concept ; skos:prefLabel "a"@en ; skos:closeMatch :b ;'
        f' rdfs:seeAlso <{gone}>, <{there}> . :b a skos:Concept ; skos:prefLabel "b"@en .'
    )
    read_catalog(services, tmp_path, "harbour", CATALOG.format(files='"none"'))
    read_vocabulary(services, tmp_path, "weather", turtle)
    LinkChecking().run(services)
    assert set(links.find([gone, there, "https://w.example/b"])) == {gone, there}
    vocabulary = services.published.view().vocabulary("weather")
    before = datetime.now(UTC) - timedelta(days=2)
    assert links.statuses([gone]) == {gone: 404}
    assert wanted_report(services, vocabulary).broken == ()  # one failure is most often over soon
    links.record(gone, Answer(404), before)
    links.record(there, Answer(200), before)
    wanted = wanted_report(services, vocabulary)
    assert wanted.broken == (gone,)
    report = services.reports.ask(wanted, 60)
    assert report is not None
    found = report.page(get_check("MAP-4"), 10)
    assert [(str(f.focus), str(f.value)) for f in found] == [("https://w.example/a", gone)]


def test_the_duty_learns_the_addresses_of_catalogs(
    services: Services, links: Links, site: Site, tmp_path: Path
) -> None:
    site.says("/a.csv", "a", "text/csv")
    files = f"<{site.url('/a.csv')}>, <ftp://old.example/a>"
    read_catalog(services, tmp_path, "harbour", CATALOG.format(files=files))
    duty = LinkChecking()
    duty.run(services)
    assert links.statuses([site.url("/a.csv")]) == {site.url("/a.csv"): 200}
    assert "ftp://old.example/a" not in links.find(["ftp://old.example/a"])
    asked = len(site.asked)
    duty.run(services)
    assert len(site.asked) == asked  # it is not due again
