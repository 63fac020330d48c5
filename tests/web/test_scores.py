"""Pages, linked data and JSON of scores, and the duty that works them out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, make_harbour, read_catalog
from tests.conftest import BASE
from tests.people import HTML, add_person, services_of, signed_in
from vocab_server.accounts.roles import Grant, Role
from vocab_server.background import DUTIES
from vocab_server.catalog.resources import dataset_id
from vocab_server.database.keywords import KeywordDecision, KeywordDecisions, Verdict
from vocab_server.database.leases import end_lease, take_lease
from vocab_server.database.scores import Kind, Scores
from vocab_server.operation.scoring import NAME, score, score_dataset
from vocab_server.quality.rounds import Certificate, Entry, hold_round
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import DCT, OWL
from vocab_server.services import Services
from vocab_server.tagging.tags import add_tag
from vocab_server.web.scores import LISTED

DQV = Namespace("http://www.w3.org/ns/dqv#")
OFFICE = f"{HARBOUR}office"
BEACHES = dataset_id(BASE, f"{HARBOUR}beaches")
SOURCE = URIRef(f"{BASE}/catalogs/harbour")
SWEDISH = {**HTML, "Accept-Language": "sv"}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scores")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Flask]:
    """The harbour, scored on three days: tags and descriptions got better in between."""
    app = make_harbour(folder)
    opened = services_of(app)
    add_person(opened.database, "curator", Grant(Role.CURATOR, "topics"))
    score(opened, NOW)
    plans = add_tag(SOURCE, URIRef(f"{HARBOUR}plans"), URIRef(f"{TOPIC}boats"))
    opened.writer.commit([plans], "test", "Tag")
    score(opened, NOW + timedelta(days=3))
    more = '<https://harbour.example/catches> dcat:keyword "fish"@en ; dct:spatial <urn:place> .'
    read_catalog(opened, folder, "harbour", CATALOG + more)
    score(opened, NOW + timedelta(days=9))
    yield app
    opened.close()


@pytest.fixture
def reader(site: Flask) -> FlaskClient:
    return site.test_client()


def points(site: Flask, name: str) -> tuple[int, int]:
    found = Scores(services_of(site).database).find(f"{HARBOUR}{name}")
    assert found
    return found.mqa, found.tags


def test_a_dataset_is_told_what_it_has_and_why_not_more(reader: FlaskClient) -> None:
    page = reader.get(f"/datasets/{BEACHES}/score", headers=HTML).text
    assert "50 points are not checked yet" in page  # an address
    assert "Free word, no category: <q><bdi>beach</bdi></q>" in page
    assert "State the first and the last day" in page
    swedish = reader.get(f"/datasets/{BEACHES}/score", headers=SWEDISH).text
    assert "poäng är inte kontrollerade än" in swedish
    assert "Ange den första och den sista dagen" in swedish
    assert reader.get("/datasets/none/score", headers=HTML).status_code == 404


def test_a_catalog_and_its_publisher_are_told_what_to_do_first(reader: FlaskClient) -> None:
    for address in ("/catalogs/harbour/score", f"/publishers/score?iri={OFFICE}"):
        page = reader.get(address, headers=HTML).text
        rows = page[page.index('id="first"') : page.index("Over time")]
        gains = [int(row.partition("<")[0]) for row in rows.split(">+")[1:]]
        assert gains == sorted(gains, reverse=True) and len(gains) > 5
        assert "(MQA of the EU)" in page and "Mean of " in page
    assert reader.get("/catalogs/none/score", headers=HTML).status_code == 404
    assert reader.get("/publishers/score", headers=HTML).status_code == 400
    assert reader.get(f"/publishers/score?iri={HARBOUR}nobody", headers=HTML).status_code == 404


def test_the_datasets_behind_a_row_are_listed(site: Flask, reader: FlaskClient) -> None:
    page = reader.get("/catalogs/harbour/score/spatialAvailability", headers=HTML).text
    assert "3 datasets to mend" in page and "Landed fish" not in page
    assert reader.get("/catalogs/harbour/score/none", headers=HTML).status_code == 404
    assert "Mend it" not in page
    own = signed_in(site, "harbourer")
    address = f"/publishers/score/resolved?iri={OFFICE}"
    tags = own.get(address, headers=HTML).text
    assert f'/datasets/{BEACHES}#categories">Mend it' in tags
    assert "keyword desk" in signed_in(site, "curator").get(address, headers=HTML).text


def test_publishers_see_what_to_do_first_at_their_catalog(site: Flask, reader: FlaskClient) -> None:
    assert "What to do first" in signed_in(site, "harbourer").get("/catalogs/harbour").text
    assert "What to do first" not in reader.get("/catalogs/harbour", headers=HTML).text


def test_a_decision_about_a_keyword_counts_at_once(site: Flask) -> None:
    services, about = services_of(site), f"{HARBOUR}beaches"
    decisions = KeywordDecisions(services.database)
    before = score_dataset(services, services.published.view(), about)
    decisions.keep(KeywordDecision("beach", Verdict.NO_TOPIC, "curator", NOW))
    after = score_dataset(services, services.published.view(), about)
    decisions.forget("beach")
    assert before and after and before.tags != after.tags
    assert score_dataset(services, services.published.view(), about) == before


def test_scores_over_time_are_a_chart_with_its_table(reader: FlaskClient) -> None:
    page = reader.get("/catalogs/harbour/score", headers=HTML).text
    assert page.count('class="line ') == 2 and '<svg class="chart" role="img" aria-label=' in page
    days = [f'<time datetime="2026-03-{day}">' for day in ("10", "04", "01")]
    places = [page.index(day) for day in days]
    assert places == sorted(places)
    one = reader.get("/scores", headers=HTML).text
    assert "The harbour office" in one and 'class="badge grade ' in one


def test_many_places_come_in_pages(site: Flask, reader: FlaskClient) -> None:
    table, day = Scores(services_of(site).database), date(2026, 3, 2)
    own = table.summary(OFFICE)
    assert own
    others = [f"https://publisher.example/{n:03}" for n in range(LISTED)]
    for place in others:
        table.summarize(replace(own, place=place), day)
    pages = [reader.get(f"/scores?page={n}", headers=HTML).text for n in (1, 2, 3)]
    kept = [[each for each in (OFFICE, *others) if quote(each, "") in page] for page in pages]
    assert kept == [[OFFICE, *others[:-1]], [others[-1]], []]
    assert "page=2" in pages[0] and "page=2" in pages[2]
    query = {"kind": "publisher", "limit": 2, "offset": 99}
    found = reader.get("/api/v1/scores", query_string=query).get_json()
    assert [each["iri"] for each in found["items"]] == others[-2:]
    assert found["total"] == LISTED + 1
    for place in others:
        table.summarize(replace(own, place=place, datasets=0), day)
    assert table.count_places(Kind.PUBLISHER) == 1


def test_a_measurement_is_linked_data(reader: FlaskClient) -> None:
    for address, about in (
        (f"/datasets/{BEACHES}/score", f"{HARBOUR}beaches"),
        ("/catalogs/harbour/score", str(SOURCE)),
        (f"/publishers/score?iri={OFFICE}", OFFICE),
    ):
        answer = reader.get(address, headers={"Accept": "text/turtle"})
        assert "Accept" in answer.headers["Vary"]
        graph = Graph().parse(data=answer.data, format="turtle")
        measured = set(graph.subjects(DQV.computedOn, URIRef(about)))
        assert len(measured) >= 25
        for node in measured:
            assert (node, RDF.type, DQV.QualityMeasurement) in graph
            metric = graph.value(node, DQV.isMeasurementOf)
            assert (metric, RDF.type, DQV.Metric) in graph
            assert graph.value(node, DQV.value) is not None
    keyword = URIRef("https://piveau.eu/ns/voc#keywordAvailability")
    dimension = graph.value(keyword, DQV.inDimension)
    assert (dimension, RDF.type, DQV.Dimension) in graph
    assert reader.get("/scores/metrics", headers={"Accept": "image/png"}).status_code == 406


def test_programs_get_the_same_as_json(site: Flask, reader: FlaskClient) -> None:
    told = reader.get(f"/api/v1/datasets/{BEACHES}/score").get_json()
    assert (told["mqa"], told["tagQuality"]) == points(site, "beaches")
    assert told["mqa"] == sum(m.get("points", 0) for m in told["metrics"] if m["score"] == "mqa")
    place = reader.get(f"/api/v1/scores/place?iri={SOURCE}").get_json()
    assert place["datasets"] == 4 and place["id"] == "harbour"
    assert [each["since"] for each in place["history"]] == [
        "2026-03-01",
        "2026-03-04",
        "2026-03-10",
    ]
    assert place["firstToDo"][0]["points"] >= place["firstToDo"][-1]["points"]
    listed = reader.get("/api/v1/scores?kind=publisher").get_json()
    assert [each["iri"] for each in listed["items"]] == [OFFICE]
    assert reader.get("/api/v1/scores?kind=none").status_code == 400
    assert reader.get("/api/v1/scores/place?iri=urn:none").status_code == 404


def test_only_what_changed_is_scored_again(site: Flask) -> None:
    opened, later = services_of(site), NOW + timedelta(days=9, hours=1)
    assert score(opened, later) == 0
    change = Change(
        SOURCE,
        added=frozenset({(URIRef(f"{HARBOUR}berths"), DCT.issued, Literal("2026-01-01"))}),
    )
    opened.writer.commit([change], "test", "A date")
    before = points(site, "berths")
    assert score(opened, later) == 1
    assert points(site, "berths") == (before[0] + 5, before[1])
    opened.writer.commit([change.inverse()], "test", "None")
    assert score(opened, later) == 1


def test_a_concept_that_ends_changes_what_has_it(site: Flask) -> None:
    opened, later = services_of(site), NOW + timedelta(days=9, hours=2)
    ended = (URIRef(f"{TOPIC}fishing"), OWL.deprecated, Literal(True))
    change = Change(URIRef(f"{BASE}/vocabularies/topics"), added=frozenset({ended}))
    before = points(site, "catches")
    opened.writer.commit([change], "test", "End")
    assert score(opened, later) == 2
    assert points(site, "catches")[1] < before[1]
    opened.writer.commit([change.inverse()], "test", "Go on")
    score(opened, later)
    assert points(site, "catches") == before


def test_a_dataset_that_is_gone_has_no_score(site: Flask, folder: Path) -> None:
    opened, later = services_of(site), NOW + timedelta(days=9, hours=3)
    without = CATALOG.replace(':plans a dcat:Dataset ; dct:title "Plans"@en', ":plans a dcat:Was")
    read_catalog(opened, folder, "harbour", without)
    score(opened, later)
    table = Scores(opened.database)
    assert table.find(f"{HARBOUR}plans") is None
    summary = table.summary(SOURCE)
    assert summary and summary.datasets == 3
    read_catalog(opened, folder, "harbour")
    score(opened, later)
    assert points(site, "plans")


def test_a_whole_round_comes_once_a_day_and_by_one_process(site: Flask) -> None:
    opened, later = services_of(site), NOW + timedelta(days=11)
    assert take_lease(opened.database, NAME, "another", 60)
    assert score(opened, later) is None
    end_lease(opened.database, NAME, "another")
    assert score(opened, later) == 4
    progress = Scores(opened.database).progress()
    assert (progress.done, progress.total, progress.whole) == (4, 4, later)


def test_a_round_compares_peers_and_gives_a_certificate_that_ends(site: Flask) -> None:
    opened, year = services_of(site), datetime.now(UTC).year - 1
    table, reader = Scores(opened.database), site.test_client()
    summary = table.summary(SOURCE)
    assert summary
    table.summarize(replace(summary, mqa=230.0, tags=75.0), date(year - 1, 6, 1))
    table.summarize(replace(summary, mqa=240.0, tags=59.0), date(year, 6, 1))
    held = reader.get(f"/scores/rounds/{year - 1}", headers=HTML).text
    assert f"/catalogs/harbour/certificate/{year - 1}" in held and "Mean of the group" in held
    assert "certificate/" not in reader.get(f"/scores/rounds/{year}", headers=HTML).text
    address = f"/catalogs/harbour/certificate/{year - 1}"
    assert "No longer valid" in reader.get(address, headers=HTML).text
    graph = Graph().parse(data=reader.get(address, headers={"Accept": "text/turtle"}).data)
    (certificate,) = graph.subjects(RDF.type, DQV.QualityCertificate)
    assert str(graph.value(certificate, DCT.valid)) == f"{year}-12-31"
    assert reader.get(f"/catalogs/harbour/certificate/{year}").status_code == 404
    assert reader.get("/scores/rounds/1999").status_code == 404
    assert "not held yet" in reader.get("/scores/rounds", headers=HTML, follow_redirects=True).text


def test_certificates_and_groups_follow_the_scores_of_the_day() -> None:
    town = Entry(URIRef("urn:town"), "LocalAuthority", 3, 250, 80)
    village = Entry(URIRef("urn:village"), "LocalAuthority", 2, 220.4, 90)
    shop = Entry(URIRef("urn:shop"), "", 1, 300, 20)
    groups = hold_round([shop, village, town])
    assert [group.kind for group in groups] == ["LocalAuthority", ""]
    assert groups[0].entries == (village, town) and groups[0].mqa == 235.2
    assert [e.is_certified for e in (town, village, shop)] == [True, False, False]
    certificate = Certificate(town, 2024)
    valid = [certificate.is_valid(date(2025, 12, 31)), certificate.is_valid(date(2026, 1, 1))]
    assert valid == [True, False]


def test_the_duty_scores(services: Services) -> None:
    duty = next(duty for duty in DUTIES if duty.name == "score")
    duty.run(services)
    assert Scores(services.database).progress().ended
