"""From nothing to open data with a category, by the forms of a publisher, and who may do that."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyshacl import validate
from rdflib import RDF, Graph, URIRef

from tests.cataloguing import CATALOG, TOPIC, make_harbour, read_catalog
from tests.conftest import BASE, SHARED
from tests.people import HTML, add_person, send, services_of, signed_in
from vocab_server.accounts.roles import Grant, Role
from vocab_server.catalog.profiles import ACCESS_RIGHTS, AUTHORITY, PUBLISHER_TYPES
from vocab_server.rdf.namespaces import DCAT

SHAPES = SHARED / "suites" / "semic-DCAT-AP" / "3.0.1" / "html" / "shacl"
RESULTS = """PREFIX sh: <http://www.w3.org/ns/shacl#>
    SELECT ?severity ?path ?message WHERE { ?result sh:resultSeverity ?severity ;
        sh:resultMessage ?message . OPTIONAL { ?result sh:resultPath ?path } }"""
KIND = f"{PUBLISHER_TYPES}/LocalAuthority"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
ABOUT = {
    "title.en": "Street trees",
    "title.sv": "Gatuträd",
    "description.en": "All trees along streets.",
    "keyword.sv": "träd, gata",
    "accessRights": f"{ACCESS_RIGHTS}/PUBLIC",
    "contactPoint.fn.en": "The desk",
    "contactPoint.hasEmail": "data@town.example",
    "temporal.start": "2020-01-01",
    "temporal.end": "2025-12-31",
    "landingPage": "https://town.example/trees",
    "accrualPeriodicity": f"{AUTHORITY}frequency/DAILY",
    "language": f"{AUTHORITY}language/SWE",
    "spatial": "https://www.geonames.org/2673730",
    "conformsTo": "https://standards.example/trees",
}
FILE = {
    "accessURL": "https://town.example/trees.csv",
    "format": f"{AUTHORITY}file-type/CSV",
    "license": CC0,
    "availability": f"{AUTHORITY}planned-availability/STABLE",
    "byteSize": "1200",
    "issued": "2026-01-31",
}


SERVICE = {
    "title.en": "Trees by program",
    "title.sv": "Träd för program",
    "description.en": "Answers with the trees of a street.",
    "endpointURL": "https://api.town.example/trees",
    "endpointDescription": "https://api.town.example/openapi.json",
    "format": f"{AUTHORITY}file-type/JSON",
    "keyword.sv": "träd, gata",
    "license": CC0,
    "accessRights": f"{ACCESS_RIGHTS}/PUBLIC",
    "landingPage": "https://town.example/api",
    "page": "https://town.example/api/docs",
    "conformsTo": "https://standards.example/api",
    "contactPoint.fn.en": "The desk",
    "contactPoint.hasEmail": "data@town.example",
}
SERIES = {
    "title.en": "Street trees by year",
    "description.en": "The trees as they were counted each year.",
    "keyword.sv": "träd",
    "contactPoint.fn.en": "The desk",
    "contactPoint.hasEmail": "data@town.example",
    "issued": "2020-05-01",
    "spatial": "https://www.geonames.org/2673730",
    "temporal.start": "2020-01-01",
    "temporal.end": "2025-12-31",
    "accrualPeriodicity": f"{AUTHORITY}frequency/ANNUAL",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The harbour, and a new organisation: the town, whose catalog an administrator makes."""
    app = make_harbour(tmp_path_factory.mktemp("entering"))
    database = services_of(app).database
    add_person(database, "boss", Grant(Role.ADMINISTRATOR))
    add_person(database, "clerk", Grant(Role.PUBLISHER, "town"))
    add_person(database, "onlooker")
    made = send(
        signed_in(app, "boss"),
        "/catalogs/new",
        identifier="town",
        publisher="The town",
        kind=KIND,
        title="Data of the town",
        description="What the town knows.",
    )
    assert made.status_code == 303
    yield app
    services_of(app).close()


@pytest.fixture
def clerk(site: Flask) -> FlaskClient:
    return signed_in(site, "clerk")


def listed(clerk: FlaskClient, title: str, **more: str) -> str:
    """The page of a new asset."""
    answer = send(clerk, "/catalogs/town/assets/new", titles=title, language="en", **more)
    assert answer.status_code == 303
    page = clerk.get("/catalogs/town/start", headers=HTML).text
    if found := re.search(rf'href="([^"]+/assets/[0-9a-f]+)"><span[^>]*>{title}<', page):
        return found[1]
    items = clerk.get("/api/v1/datasets?catalog=town&limit=100").get_json()["items"]
    (identifier,) = [item["id"] for item in items if item["title"] == title]  # not on that page
    return f"/catalogs/town/assets/{identifier}"


def opened(clerk: FlaskClient, title: str) -> str:
    """The page of an asset that is open to use."""
    page = listed(clerk, title)
    assert send(clerk, f"{page}/files/new", **FILE).status_code == 303
    about = {**ABOUT, "title.en": title, "stage": "published", "tags": "1"}
    assert send(clerk, page, **about, concept=f"{TOPIC}nature").status_code == 303
    return page


def added(clerk: FlaskClient, kind: str, about: dict[str, object]) -> str:
    """The page of a new series or interface that is open to use."""
    begin = f"/catalogs/town/assets/new?kind={kind}"
    answer = send(clerk, begin, titles=about["title.en"], language="en")
    assert answer.status_code == 303
    page = answer.location
    assert send(clerk, page, **about, stage="published").status_code == 303
    return page


def iri_of(page: str, place: str = "datasets") -> str:
    return f"{BASE}/{place}/{page.rpartition('/')[2]}"


def test_an_asset_is_listed_described_opened_and_tagged(clerk: FlaskClient) -> None:
    page = opened(clerk, "Street trees")
    shown = clerk.get(page, headers=HTML).text
    assert "these are missing" not in shown and "Open to use" in shown
    public = clerk.get(f"/datasets/{page.rpartition('/')[2]}", headers=HTML).text
    assert "Street trees" in public and "nature" in public and "data@town.example" in public
    assert "https://town.example/trees.csv" in public
    feed = clerk.get("/catalogs/town/dcat?format=ttl").text
    assert "Gatuträd" in feed and "contactPoint" in feed


def test_the_start_page_leads_publishers_to_their_catalogs(site: Flask, clerk: FlaskClient) -> None:
    page = clerk.get("/", headers=HTML).text
    assert "Data of the town" in page and 'href="/catalogs/town/start"' in page
    assert "Data of the harbour" not in page
    page = signed_in(site, "harbourer").get("/", headers=HTML).text  # read from elsewhere
    assert "Data of the harbour" in page and 'href="/datasets?catalog=harbour"' in page
    assert "/start" not in page
    assert "you need a role" in signed_in(site, "onlooker").get("/", headers=HTML).text


def test_the_next_step_is_a_link_and_a_form_begins_with_the_readers_language(
    tmp_path: Path,
) -> None:
    app = make_harbour(tmp_path)
    add_person(services_of(app).database, "boss", Grant(Role.ADMINISTRATOR))
    boss = signed_in(app, "boss")
    about = {"identifier": "village", "publisher": "The village", "kind": KIND}
    send(boss, "/catalogs/new", **about, title="Ours", description="All.")
    assert "This catalog has no datasets yet." in boss.get("/catalogs/village", headers=HTML).text
    steps, here = "/catalogs/village/start", re.compile(r'aria-current="step"><a href="([^"]+)"')
    assert here.findall(boss.get(steps, headers=HTML).text) == ["/catalogs/village/assets/new"]
    send(boss, "/catalogs/village/assets/new", titles="Wells\nBarns\nFairs", language="en")
    [form] = here.findall(boss.get(steps, headers=HTML).text)
    english = boss.get(form, headers=HTML).text
    assert english.index('id="f-title.en"') < english.index('id="f-title.sv"')
    assert "One language is enough." in english
    swedish = boss.get(form, headers={**HTML, "Accept-Language": "sv"}).text
    assert swedish.index('id="f-title.sv"') < swedish.index('id="f-title.en"')
    send(boss, f"{form}/files/new", **FILE)
    send(boss, form, **{**ABOUT, "stage": "published", "tags": "1"})
    assert here.findall(boss.get(steps, headers=HTML).text) == [form]  # to choose categories
    services_of(app).close()


def test_a_publisher_makes_the_catalog_that_is_not_here_yet(tmp_path: Path) -> None:
    app = make_harbour(tmp_path)
    database = services_of(app).database
    add_person(database, "boss", Grant(Role.ADMINISTRATOR))
    add_person(database, "first", Grant(Role.PUBLISHER, "island"))
    boss, first = signed_in(app, "boss"), signed_in(app, "first")
    making = "/catalogs/new?id=island"
    for path in ("/", "/catalogs"):
        assert f'href="{making}"' in first.get(path, headers=HTML).text
    assert first.get("/catalogs/island/start", headers=HTML).headers["Location"] == making
    assert "island</bdi>: <bdi>first" in boss.get("/catalogs/support", headers=HTML).text
    about = {"publisher": "The island", "kind": KIND, "title": "Ours", "description": "All."}
    assert send(first, making, identifier="other", **about).status_code == 403
    form = first.get(making, headers=HTML).text
    assert 'value="http://purl.org/adms/publishertype/LocalAuthority"' in form  # as ADMS has it
    assert 'value="island"' in form and "readonly" in form
    made = send(first, making, identifier="island", **about)
    assert made.headers["Location"] == "/catalogs/island/start"
    assert "The catalog is made. Go on here." in first.get(made.headers["Location"]).text
    assert "/catalogs/new" not in first.get("/", headers=HTML).text
    assert first.get("/catalogs/new", headers=HTML).status_code == 403
    assert "<bdi>first" not in boss.get("/catalogs/support", headers=HTML).text
    services_of(app).close()


def test_a_guide_names_what_is_specific_before_what_stands_at_the_top(tmp_path: Path) -> None:
    app = make_harbour(tmp_path)
    more = ":catches dcat:theme topic:nature . :berths dcat:theme topic:nature . "
    read_catalog(services_of(app), tmp_path, "harbour", CATALOG + more)
    add_person(services_of(app).database, "first", Grant(Role.PUBLISHER, "island"))
    first = signed_in(app, "first")
    about = {"publisher": "The island", "kind": KIND, "title": "Ours", "description": "All."}
    send(first, "/catalogs/new?id=island", identifier="island", **about)
    guide = first.get("/catalogs/island/start", headers=HTML).text
    named = re.findall(r'titles=(\w+)">List it', guide)
    assert named == ["fishing", "bathing", "boats", "nature"]
    form = first.get("/catalogs/island/assets/new?titles=fishing", headers=HTML).text
    assert ">fishing</textarea>" in form
    services_of(app).close()


def test_the_register_of_what_is_read_from_elsewhere_has_stages(site: Flask) -> None:
    reader, address = site.test_client(), "/catalogs/harbour/register"
    whole = reader.get(address, headers=HTML).text
    assert "All (4)" in whole and "Open to use (2)" in whole and "Inventoried (2)" in whole
    open_ones = reader.get(f"{address}?stage=published", headers=HTML).text
    assert "Bathing places" in open_ones and "Plans" not in open_ones
    listed = reader.get(f"{address}?stage=inventoried", headers=HTML).text
    assert "Plans" in listed and "Bathing places" not in listed
    planned = reader.get(f"{address}?stage=planned", headers=HTML).text
    assert "Nothing stands at this stage." in planned


def test_a_role_names_a_catalog_that_can_be_made(site: Flask) -> None:
    boss, address = signed_in(site, "boss"), "/administration/accounts/stranger/role"
    assert '<option value="town"' in boss.get(address, headers=HTML).text
    answer = send(boss, address, role="publisher", scope="No Town")
    assert answer.status_code == 422 and "no such vocabulary or catalog" in answer.text


def test_what_is_missing_is_told_and_the_rest_is_kept(clerk: FlaskClient) -> None:
    page = listed(clerk, "Half known")
    about = {"title.en": "Half known", "stage": "published", "keyword.en": "Half"}
    assert send(clerk, page, **about).status_code == 303
    shown = clerk.get(page, headers=HTML).text
    assert "Saved, but not open yet" in shown and "<li>Description</li>" in shown
    assert 'value="planned" checked' in shown and 'value="Half"' in shown


def test_without_its_last_file_a_dataset_is_planned_again(clerk: FlaskClient) -> None:
    page = opened(clerk, "Short lived")
    key = re.search(r"/files/(file-[0-9a-f]+)", clerk.get(page, headers=HTML).text)
    assert key
    lacking = send(clerk, f"{page}/files/{key[1]}", accessURL=FILE["accessURL"])
    assert lacking.status_code == 303
    assert 'value="planned" checked' in clerk.get(page, headers=HTML).text
    assert send(clerk, f"{page}/files/{key[1]}/remove", page).status_code == 303
    shown = clerk.get(page, headers=HTML).text
    assert key[1] not in shown and key[1] not in clerk.get("/catalogs/town.ttl").text


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("landingPage", "javascript:alert(1)", "begins with https://"),
        ("landingPage", "https://a b", "begins with https://"),
        ("spatial", "nowhere", "Write an address"),
        ("accessRights", "urn:none", "Choose one of the list."),
        ("issued", "soon", "year-month-day"),
        ("contactPoint.hasEmail", "desk", "Write an e-mail address"),
        ("temporal.end", "1999-01-01", "before the first one"),
        ("available", "soon", "year-month-day"),
        ("title.not a tag", "x", "is no language"),
    ],
)
def test_a_bad_value_is_blamed_at_its_field_and_nothing_changes(
    clerk: FlaskClient, field: str, value: str, text: str
) -> None:
    page = listed(clerk, "Wells")
    before = clerk.get("/catalogs/town.ttl").text
    answer = send(clerk, page, **{**ABOUT, field: value})
    assert answer.status_code == 422
    assert text in answer.text and f'href="#f-{field}"' in answer.text
    assert clerk.get("/catalogs/town.ttl").text == before


def test_a_file_that_somebody_else_changed_is_not_overwritten(clerk: FlaskClient) -> None:
    page = opened(clerk, "Shared")
    key = re.search(r"/files/(file-[0-9a-f]+)", clerk.get(page, headers=HTML).text)
    assert key
    form = f"{page}/files/{key[1]}"
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', clerk.get(form, headers=HTML).text)
    assert seen
    first = {**FILE, "title.en": "Theirs", "seen": seen[1]}
    assert send(clerk, form, **first).status_code == 303
    late = send(clerk, form, **{**FILE, "title.en": "Mine", "seen": seen[1]})
    assert late.status_code == 409 and "Nothing of yours is saved yet" in late.text
    assert 'value="Mine"' in late.text and ">Theirs<" in late.text
    assert 'value="Theirs"' in clerk.get(form, headers=HTML).text


def test_what_is_internal_is_nowhere_until_it_is_made_public(
    site: Flask, clerk: FlaskClient
) -> None:
    page = listed(clerk, "Secret plans", internal="on")
    anybody = site.test_client()
    name = page.rpartition("/")[2]
    assert anybody.get(f"/datasets/{name}", headers=HTML).status_code == 404
    assert "Secret plans" not in anybody.get("/catalogs/town.ttl").text
    assert send(clerk, f"{page}/files/new", **FILE).status_code == 303
    kept = {**ABOUT, "title.en": "Secret plans", "internal": "on", "stage": "under-assessment"}
    assert send(clerk, page, **kept, check="owner-known").status_code == 303
    shown = clerk.get(page, headers=HTML).text
    assert 'value="owner-known" checked' in shown and "https://town.example/trees.csv" in shown
    assert "Secret plans" not in anybody.get("/catalogs/town/register", headers=HTML).text
    public = {**ABOUT, "title.en": "Known plans", "stage": "planned"}
    assert send(clerk, page, **public).status_code == 303
    assert "Known plans" in anybody.get(f"/datasets/{name}", headers=HTML).text
    again = send(clerk, page, **public, internal="on")
    assert again.status_code == 422 and "cannot be hidden again" in again.text


def test_the_register_tells_stages_and_reasons_in_three_forms(clerk: FlaskClient) -> None:
    page = listed(clerk, "=Fees")
    about = {
        "title.en": "=Fees",
        "stage": "under-assessment",
        "reason": "The law is being changed.",
    }
    assert send(clerk, page, **about, blocker="secrecy").status_code == 303
    shown = clerk.get("/catalogs/town/register?stage=under-assessment", headers=HTML).text
    assert "=Fees" in shown and "It is secret by law" in shown and "being changed" in shown
    held = clerk.get("/catalogs/town/register.json?stage=under-assessment").json
    assert held and held["items"][0]["blockedBy"] == ["secrecy"]
    table = clerk.get("/catalogs/town/register.csv?stage=under-assessment")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert rows[0]["title"] == "'=Fees" and rows[0]["reason"] == "The law is being changed."
    everything = clerk.get("/catalogs/town/register/dcat?format=ttl").text
    assert "=Fees" in everything
    assert "=Fees" not in clerk.get("/catalogs/town/dcat?format=ttl").text


def test_what_was_withdrawn_keeps_its_page_and_leaves_the_lists(clerk: FlaskClient) -> None:
    page = listed(clerk, "Old maps")
    gone = {"title.en": "Old maps", "stage": "withdrawn", "reason": "Replaced."}
    assert send(clerk, page, **gone).status_code == 303
    name = page.rpartition("/")[2]
    assert "Taken away" in clerk.get(f"/datasets/{name}", headers=HTML).text
    assert "Old maps" not in clerk.get("/datasets?q=maps", headers=HTML).text
    assert "Old maps" in clerk.get("/catalogs/town/register?stage=withdrawn", headers=HTML).text


@pytest.mark.parametrize("who", ["harbourer", "onlooker"])
@pytest.mark.parametrize(
    "path", ["/catalogs/new", "/catalogs/support", "/catalogs/town/assets/new"]
)
def test_only_publishers_of_a_catalog_get_in(site: Flask, who: str, path: str) -> None:
    assert signed_in(site, who).get(path, headers=HTML).status_code == 403


def test_others_cannot_change_an_asset(site: Flask, clerk: FlaskClient) -> None:
    page = listed(clerk, "Ours")
    stranger = signed_in(site, "harbourer")
    for path in (page, f"{page}/files/new", "/catalogs/town/assets/new"):
        answer = send(stranger, path, "/account", **ABOUT, **FILE, titles="x")
        assert answer.status_code == 403
    other = page.replace("/town/", "/harbour/")
    assert stranger.get(other, headers=HTML).status_code == 403  # read from elsewhere
    assert clerk.get("/catalogs/town/assets/nothing", headers=HTML).status_code == 404
    assert clerk.get(f"{page}/files/nothing", headers=HTML).status_code == 404


def test_an_id_that_is_taken_or_reserved_is_refused(site: Flask) -> None:
    boss = signed_in(site, "boss")
    about = {"publisher": "X", "kind": KIND, "title": "X", "description": "X"}
    for identifier, text in (("town", "already"), ("new", "cannot name"), ("Å", "cannot name")):
        answer = send(boss, "/catalogs/new", identifier=identifier, **about)
        assert answer.status_code == 422 and text in answer.text


def test_a_guide_begins_with_what_people_ask_for(site: Flask, clerk: FlaskClient) -> None:
    boss = signed_in(site, "boss")  # who is signed in is no robot
    address = f"/datasets/ask?concept={TOPIC}boats"
    assert send(boss, address, reason="All moorings, please.").status_code == 303
    assert "1 person has asked." in boss.get(address, headers=HTML).text
    guide = clerk.get("/catalogs/town/start", headers=HTML).text
    assert guide.index("People asked for this") < guide.index("Others have this")
    assert "boats" in guide and "1 request" in guide
    assert "All moorings" in clerk.get(address, headers=HTML).text
    anybody = site.test_client()
    assert "All moorings" not in anybody.get(address, headers=HTML).text
    assert "boats" in anybody.get("/datasets/asked", headers=HTML).text
    support = boss.get("/catalogs/support", headers=HTML).text
    assert "Data of the town" in support
    assert support.count("List for the visit") == support.count("/start") == 1  # not the harbour


def test_robots_and_bad_addresses_ask_for_nothing(site: Flask) -> None:
    anybody = site.test_client()
    address = f"/datasets/ask?concept={TOPIC}water"
    assert send(anybody, address, reason="Buy!", website="x").status_code == 422
    assert send(anybody, address, reason="").status_code == 422
    assert "0 people have asked." in anybody.get(address, headers=HTML).text
    for bad in ("urn:nothing", "no iri", ""):
        assert anybody.get(f"/datasets/ask?concept={bad}", headers=HTML).status_code == 404


def test_pages_say_how_well_data_is_tagged(clerk: FlaskClient) -> None:
    page = clerk.get("/catalogs/harbour", headers=HTML).text
    assert "4 datasets with a category" in page and "0 datasets with free words only" in page
    assert "1 category on level 1 of its hierarchy" in page
    assert "1 category on level 3" not in page and "2 categories on level 3" in page


def test_the_export_is_rdf_that_names_the_organisation(clerk: FlaskClient) -> None:
    opened(clerk, "Benches")
    held = Graph().parse(data=clerk.get("/catalogs/town/dcat?format=ttl").text, format="turtle")
    asked = """SELECT ?name WHERE { ?catalog a <http://www.w3.org/ns/dcat#Catalog> ;
        <http://purl.org/dc/terms/publisher>/<http://xmlns.com/foaf/0.1/name> ?name }"""
    assert [str(row[0]) for row in held.query(asked)] == ["The town"]  # type: ignore[index]


@pytest.mark.skipif(not SHAPES.is_dir(), reason="the shapes of DCAT-AP are not here")
def test_what_forms_write_passes_the_shapes_of_dcat_ap(clerk: FlaskClient) -> None:
    page = opened(clerk, "Lamps")
    dataset = iri_of(page)
    service = added(clerk, "services", {**SERVICE, "servesDataset": dataset})
    series = added(clerk, "series", SERIES)
    put = send(clerk, f"{series}/members", series, dataset=dataset)
    assert put.status_code == 303
    by_program = {**FILE, "accessService": iri_of(service, "services")}
    assert send(clerk, f"{page}/files/new", **by_program).status_code == 303
    shapes = Graph()
    for name in ("shapes.ttl", "range.ttl", "shapes_recommended.ttl"):
        shapes.parse(SHAPES / name)
    asked = f"""PREFIX dcat: <http://www.w3.org/ns/dcat#>
        ASK {{ ?catalog dcat:service ?service . ?service dcat:servesDataset <{dataset}> ;
            dcat:endpointURL ?url . <{dataset}> dcat:inSeries ?series ;
            dcat:distribution/dcat:accessService ?service . ?series a dcat:DatasetSeries }}"""
    for feed in ("/datasets/dcat", "/catalogs/town/dcat"):
        told = clerk.get(f"{feed}?format=ttl&limit=1000").text
        held = Graph().parse(data=told, format="turtle")
        assert held.query(asked).askAnswer
    _conforms, report, _text = validate(held, shacl_graph=shapes, inference="none", advanced=True)
    found = {
        (str(severity).rpartition("#")[2], str(path).rpartition("/")[2], str(message))
        for severity, path, message in report.query(RESULTS)
    }
    assert {row for row in found if row[0] == "Violation"} == set()


def test_an_interface_is_a_draft_until_it_is_complete_and_open(
    site: Flask, clerk: FlaskClient
) -> None:
    page = added(clerk, "services", {"title.en": "Half an interface"})
    shown = clerk.get(page, headers=HTML).text
    assert "Saved, but not open yet" in shown and 'value="planned" checked' in shown
    assert "<li>Address</li>" in shown and "Under assessment" not in shown
    feed = "/catalogs/town/dcat?format=ttl"
    assert "Half an interface" not in clerk.get(feed).text
    whole = {**SERVICE, "title.en": "Whole interface", "stage": "published"}
    assert send(clerk, page, **whole).status_code == 303
    assert "Whole interface" in clerk.get(feed).text
    gone = {**whole, "stage": "withdrawn", "reason": "Nobody used it."}
    assert send(clerk, page, **gone).status_code == 303
    assert "Whole interface" not in clerk.get(feed).text
    public = site.test_client().get(f"/services/{page.rpartition('/')[2]}", headers=HTML).text
    assert "Taken away" in public and "Nobody used it." in public


def test_an_interface_and_its_datasets_lead_to_each_other(site: Flask, clerk: FlaskClient) -> None:
    dataset = opened(clerk, "Squares")
    service = added(clerk, "services", {**SERVICE, "servesDataset": iri_of(dataset)})
    anybody = site.test_client()
    name = service.rpartition("/")[2]
    page = anybody.get(f"/services/{name}", headers=HTML).text
    assert "Squares" in page and "https://api.town.example/trees" in page and "JSON" in page
    assert (
        f"/services/{name}"
        in anybody.get(f"/datasets/{dataset.rpartition('/')[2]}", headers=HTML).text
    )
    listed = anybody.get("/catalogs/town/services", headers=HTML).text
    assert f"/services/{name}" in listed and "Add an interface" not in listed
    assert "Add an interface" in clerk.get("/catalogs/town/services", headers=HTML).text
    assert anybody.get("/services/nothing", headers=HTML).status_code == 404
    assert send(clerk, f"{service}/files/new", service, **FILE).status_code == 400


@pytest.mark.parametrize(
    "accept",
    ["text/turtle", "application/rdf+xml", "application/ld+json", "application/json"],
)
def test_an_interface_and_a_series_are_data_too(
    site: Flask, clerk: FlaskClient, accept: str
) -> None:
    form = {"application/rdf+xml": "xml", "text/turtle": "turtle"}.get(accept, "json-ld")
    anybody, headers = site.test_client(), {"Accept": accept}
    service = iri_of(added(clerk, "services", SERVICE), "services")
    led = anybody.get(service.removeprefix(BASE), headers=headers)
    assert led.status_code == 303 and "Accept" in led.vary
    told = anybody.get(led.location, headers=headers)
    assert (told.status_code, told.mimetype) == (200, accept)
    found = Graph().parse(data=told.data, format=form)
    urls = found.objects(URIRef(service), DCAT.endpointURL)
    assert [str(url) for url in urls] == [SERVICE["endpointURL"]]
    series = iri_of(added(clerk, "series", SERIES))
    led = anybody.get(series.removeprefix(BASE), headers=headers)
    told = anybody.get(led.location, headers=headers)
    assert (led.status_code, told.status_code, told.mimetype) == (303, 200, accept)
    assert SERIES["title.en"] in told.text
    if accept == "application/json":
        for kind, iri in (("services", service), ("series", series)):
            led = anybody.get(f"/catalogs/town/{kind}?limit=1000", headers=headers)
            listed = anybody.get(f"{led.location}?limit=1000").get_json()
            assert iri in [item["iri"] for item in listed["items"]]


def test_a_catalog_of_interfaces_only_is_in_the_feed(tmp_path: Path) -> None:
    app = make_harbour(tmp_path)
    opened = services_of(app)
    alone = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
        @prefix dct: <http://purl.org/dc/terms/> .
        <urn:c> a dcat:Catalog ; dct:title "Tides"@en ; dcat:service <urn:tides> .
        <urn:tides> a dcat:DataService ; dct:title "Tides by the hour"@en ;
            dcat:endpointURL <https://tides.example/> ."""
    read_catalog(opened, tmp_path, "tides", alone)
    anybody, tides = app.test_client(), URIRef("urn:tides")
    for feed, lists in (("/datasets/dcat", 2), ("/catalogs/tides/dcat", 1)):
        told = anybody.get(f"{feed}?format=ttl&limit=2").text
        held = Graph().parse(data=told, format="turtle")
        assert (tides, RDF.type, DCAT.DataService) in held
        assert len(list(held.subjects(DCAT.service, tides))) == lists  # its own, and that of all
    assert "urn:tides" not in anybody.get("/datasets/dcat?format=ttl&limit=2&page=2").text
    opened.close()


def test_a_form_finds_entries_by_name_and_keeps_what_was_typed(clerk: FlaskClient) -> None:
    dataset = opened(clerk, "Playgrounds")
    page = added(clerk, "services", SERVICE)
    before = clerk.get("/catalogs/town.ttl").text
    typed = {**SERVICE, "title.en": "Typed title", "find.servesDataset": "playgr"}
    answer = send(clerk, page, **typed, find="servesDataset")
    assert answer.status_code == 200 and "Typed title" in answer.text
    assert f'value="{iri_of(dataset)}"' in answer.text
    assert clerk.get("/catalogs/town.ttl").text == before


@pytest.mark.parametrize("value", ["https://elsewhere.example/data", "no address"])
def test_what_the_catalog_does_not_have_cannot_be_named(clerk: FlaskClient, value: str) -> None:
    page = added(clerk, "services", SERVICE)
    before = clerk.get("/catalogs/town.ttl").text
    answer = send(clerk, page, **SERVICE, servesDataset=value)
    assert answer.status_code == 422 and 'href="#f-servesDataset"' in answer.text
    assert clerk.get("/catalogs/town.ttl").text == before


def test_a_series_lists_its_datasets(site: Flask, clerk: FlaskClient) -> None:
    first, second = opened(clerk, "Trees 2024"), opened(clerk, "Trees 2025")
    series = added(clerk, "series", SERIES)
    assert "Trees 2024" in clerk.get(f"{series}?find=2024", headers=HTML).text
    put = send(clerk, f"{series}/members", series, dataset=iri_of(first))
    assert put.status_code == 303
    about = {**ABOUT, "title.en": "Trees 2025", "stage": "published", "inSeries": iri_of(series)}
    assert send(clerk, second, **about).status_code == 303
    anybody = site.test_client()
    public = f"/datasets/{series.rpartition('/')[2]}"
    page = anybody.get(public, headers=HTML).text
    assert "Trees 2024" in page and "Trees 2025" in page and "only listed" not in page
    member = anybody.get(f"/datasets/{first.rpartition('/')[2]}", headers=HTML).text
    assert public in member
    out = send(clerk, f"{series}/members", series, dataset=iri_of(first), remove="1")
    assert out.status_code == 303
    assert "Trees 2024" not in anybody.get(public, headers=HTML).text
    bad = send(clerk, f"{series}/members", series, dataset="https://elsewhere.example/data")
    assert "Choose datasets of this catalog." in clerk.get(bad.location, headers=HTML).text


def test_days_are_set_when_nobody_says_them(clerk: FlaskClient) -> None:
    page = opened(clerk, "Hedges")
    shown = clerk.get(page, headers=HTML).text
    today = datetime.now(UTC).date()
    days = re.findall(r'name="(?:issued|modified)" value="(.*?)"', shown)
    assert len(days) == 2 and set(days) <= {str(today), str(today - timedelta(days=1))}
    about = {**ABOUT, "issued": "2024-02-29", "modified": "2025-01-01", "stage": "published"}
    assert send(clerk, page, **about).status_code == 303
    shown = clerk.get(page, headers=HTML).text
    assert 'name="issued" value="2024-02-29"' in shown
    wrong = send(clerk, page, **{**about, "modified": "2024-02-28"})
    assert wrong.status_code == 422 and "before that of publication" in wrong.text
    assert 'href="#f-modified"' in wrong.text


def test_who_describes_data_sees_what_a_profile_says_of_it(clerk: FlaskClient, site: Flask) -> None:
    address = opened(clerk, "Fountains").partition("?")[0]
    assert f'href="{address}/findings"' in clerk.get(address, headers=HTML).text
    sound = clerk.get(f"{address}/findings", headers=HTML).text
    assert "severity-violation" not in sound
    assert "File: “Description” is missing" in sound
    assert send(clerk, address, **{"title.en": "Fountains"}).status_code == 303
    lacking = clerk.get(f"{address}/findings?profile=dcat-ap", headers=HTML).text
    assert "Dataset: “Description” is missing" in lacking
    assert "severity-violation" in lacking
    assert clerk.get(f"{address}/findings?profile=x", headers=HTML).status_code == 404
    assert site.test_client().get(f"{address}/findings", headers=HTML).status_code == 303


def test_what_is_imported_and_only_listed_is_not_called_open(client: FlaskClient) -> None:
    listed = client.get("/catalogs/ekebro/register.json?limit=100").get_json()["items"]
    assert {item["stage"] for item in listed} == {"inventoried", "published"}


def suggested(clerk: FlaskClient, title: str) -> dict[str, dict[str, object]]:
    sent = {"title": title, "lang": "en", "vocabulary": "topics", "catalog": "town"}
    answer = clerk.post("/api/v1/suggest", json=sent)
    assert answer.status_code == 200, answer.text
    return {item["iri"]: item for item in answer.get_json()["items"]}


def test_answers_to_suggestions_are_kept_and_heeded(site: Flask, clerk: FlaskClient) -> None:
    title, phrase = "Bathing and fishing", "fishing"
    before = suggested(clerk, title)
    for number in range(4):
        page = listed(clerk, f"{title} {number}")
        answered = {
            "title.en": f"{title} {number}",
            "tags": "1",
            "concept": f"{TOPIC}bathing",
            "suggestion.accepted": f"{TOPIC}bathing bathing",
            "suggestion.dismissed": f"{TOPIC}fishing {phrase}",
        }
        assert send(clerk, page, **answered).status_code == 303
        assert send(clerk, page, **answered).status_code == 303  # counts once
    shown = clerk.get(page, headers=HTML).text
    assert f'dismissed="{TOPIC}fishing"' in shown
    (tag,) = clerk.get(f"/api/v1/datasets/{page.rpartition('/')[2]}").get_json()["tags"]
    assert (tag["iri"], tag["origin"]) == (f"{TOPIC}bathing", "suggested")
    answers = services_of(site).suggestion_answers.of(
        [(f"{TOPIC}bathing", "bathing"), (f"{TOPIC}fishing", phrase), (f"{TOPIC}boats", "boats")]
    )
    told = {pair[0]: (found.accepted, found.dismissed) for pair, found in answers.items()}
    assert told == {f"{TOPIC}bathing": (4, 0), f"{TOPIC}fishing": (0, 4)}
    after = suggested(clerk, "Fishing")
    assert 0 < after[f"{TOPIC}fishing"]["score"] < before[f"{TOPIC}fishing"]["score"]


def test_what_is_no_answer_to_a_suggestion_changes_nothing(site: Flask, clerk: FlaskClient) -> None:
    page = listed(clerk, "Nothing to answer")
    about = {"title.en": "Nothing to answer", "tags": "1"}
    odd = {"suggestion.dismissed": "no iri", "suggestion.accepted": f"{TOPIC}boats boats"}
    assert send(clerk, page, **about, **odd).status_code == 303
    assert send(clerk, page, **about, **{"suggestion.dismissed": "urn:x y"}).status_code == 303
    identifier = page.rpartition("/")[2]
    found = clerk.get(f"/api/v1/datasets/{identifier}").get_json()
    assert found["tags"] == []
    assert services_of(site).tag_decisions.of([found["iri"]]) == []


def test_a_suggestion_is_for_a_catalog_that_there_is(clerk: FlaskClient) -> None:
    sent = {"title": "Bathing", "catalog": "nowhere"}
    assert clerk.post("/api/v1/suggest", json=sent).status_code == 404
    assert clerk.post("/api/v1/suggest", json=sent | {"catalog": 1}).status_code == 400


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(
    site: Flask, clerk: FlaskClient
) -> None:
    page = listed(clerk, "Snow routes")
    seen = re.search(r'name="seen" value="([^"]+)"', clerk.get(page, headers=HTML).text)
    assert seen
    first = {"title.en": "Snow routes", "description.en": "Theirs", "tags": "1"}
    colleague = signed_in(site, "clerk")
    assert send(colleague, page, **first, concept=f"{TOPIC}traffic").status_code == 303
    mine = {"title.en": "Snow routes", "description.en": "Mine", "tags": "1", "seen": seen[1]}
    refused = send(clerk, page, **mine, concept=f"{TOPIC}nature")
    assert refused.status_code == 409
    assert "clerk changed this dataset" in refused.text
    for words in ("Theirs", "Mine", "traffic", f"{TOPIC}nature"):
        assert words in refused.text
    kept = clerk.get(f"/api/v1/datasets/{page.rpartition('/')[2]}").get_json()
    assert kept["description"] == {"en": ["Theirs"]}
    assert [tag["iri"] for tag in kept["tags"]] == [f"{TOPIC}traffic"]
    again = re.search(r'name="seen" value="([^"]+)"', refused.text)
    assert again and again[1] != seen[1]
    saved = send(clerk, page, **mine | {"seen": again[1]}, concept=f"{TOPIC}nature")
    assert saved.status_code == 303
    kept = clerk.get(f"/api/v1/datasets/{page.rpartition('/')[2]}").get_json()
    assert kept["description"] == {"en": ["Mine"]}
    assert [tag["iri"] for tag in kept["tags"]] == [f"{TOPIC}nature"]
