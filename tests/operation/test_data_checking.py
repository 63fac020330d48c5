"""Data checks of real servers: fetched within bounds, looked into, compared with vocabularies."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from rdflib import URIRef
from sqlalchemy import delete, event

from tests.cataloguing import read_catalog, read_vocabulary
from tests.conftest import BASE
from tests.harvest.servers import Site, running_site
from tests.skos.acts.test_acts import Counting
from vocab_server.config import Settings
from vocab_server.database.data_checks import AGAIN, LOST, DataChecks, Standing, State, Wanted
from vocab_server.database.data_models import DataCheckRow
from vocab_server.operation.concept_columns import compare_columns
from vocab_server.operation.data_checking import check_due
from vocab_server.quality.data.concepts import Source, compare_column
from vocab_server.quality.data.fault import Column, DataReport, Place, from_plain
from vocab_server.services import Services, open_services

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EARLY = datetime(2000, 1, 1, tzinfo=UTC)  # before whatever the background does in these tests
DATASET, PART = "https://h.example/d", "https://h.example/f"
WANTED = Wanted(PART, DATASET, "harbour")
VOCABULARY = """@prefix : <https://example.org/kinds/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dct: <http://purl.org/dc/terms/> .
: a skos:ConceptScheme .
:beach a skos:Concept ; skos:notation "10" ; skos:prefLabel "bathing place"@en, "badplats"@sv .
:pool a skos:Concept ; skos:notation "11" ; skos:prefLabel "pool"@en, "bassäng"@sv .
:sauna a skos:Concept ; skos:notation "12" ; skos:prefLabel "sauna"@en, "bastu"@sv .
:water a skos:Concept ; skos:notation "16" ; skos:prefLabel "badvatten"@sv .
:park a skos:Concept ; skos:notation "13" ; skos:prefLabel "park"@en, "park"@sv .
:lot a skos:Concept ; skos:notation "14" ; skos:prefLabel "car park"@en ; skos:altLabel "park"@en .
:bath a skos:Concept ; skos:notation "15" ; skos:prefLabel "bath house"@en ;
    owl:deprecated true ; dct:isReplacedBy :sauna .
"""
KINDS = "https://example.org/kinds/"
CATALOG = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
<https://h.example/> a dcat:Catalog ; dcat:dataset <https://h.example/d> .
<https://h.example/d> a dcat:Dataset ; dct:title "D"@en ; dcat:distribution <https://h.example/f> ;
    dcat:contactPoint [ a vcard:Kind ; vcard:fn "Desk" ] .
<https://h.example/f> a dcat:Distribution ; dct:format "CSV" ; MORE .
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as opened:
        yield opened


@pytest.fixture(scope="module")
def opened(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("data")
    made = open_services(
        Settings(
            data=folder / "data",
            base_url=BASE,
            internal_hosts=(site.host,),
            data_size=1,
            data_timeout=50,
            data_memory=256,
            link_delay=0.01,
        )
    )
    read_vocabulary(made, folder, "kinds", VOCABULARY)
    yield made
    made.close()


@pytest.fixture
def services(opened: Services, site: Site) -> Services:
    site.pages.clear()
    site.asked.clear()
    return opened


def check(services: Services, folder: Path, more: str) -> DataReport:
    """Describe the distribution so, and check it as the background does."""
    read_catalog(services, folder, "harbour", CATALOG.replace("MORE", more))
    checks = DataChecks(services.database)
    checks.ask([WANTED], "test", NOW)
    check_due(services)
    found = checks.find(PART)
    assert found is not None and found.state is State.DONE and found.report is not None
    return from_plain(found.report)


def faults(report: DataReport) -> dict[str, Place]:
    return {found.fault: found.places[0] for found in report.findings}


def at(url: str) -> str:
    return f"dcat:downloadURL <{url}>"


def test_a_file_is_fetched_and_compared_with_all_that_is_said(
    services: Services, site: Site, tmp_path: Path
) -> None:
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "kind"}]}
    schema["fields"][1]["skos:inScheme"] = KINDS  # type: ignore[index]
    site.says("/a.csv", "id,kind\n1,Badplats\n2,Bastuu\nx,15\n", "text/csv", ETag='"1"')
    site.says("/schema.json", json.dumps(schema), "application/json")
    report = check(
        services,
        tmp_path,
        f"{at(site.url('/a.csv'))} ; dct:conformsTo <{site.url('/schema.json')}>",
    )
    found = faults(report)
    assert found.keys() == {"CON-2", "CON-3", "MAN-2", "SCH-3"}
    assert (found["SCH-3"].row, found["SCH-3"].column, found["SCH-3"].value) == (4, "id", "x")
    assert (found["CON-3"].row, found["CON-3"].value, found["CON-3"].note) == (3, "Bastuu", "bastu")
    assert (found["CON-2"].row, found["CON-2"].value, found["CON-2"].note) == (4, "15", "sauna")
    assert all(not column.distinct for column in report.columns)  # the data is not kept


def test_a_size_or_date_that_is_none_does_no_harm(
    services: Services, site: Site, tmp_path: Path
) -> None:
    date = "Mon, 01 Jan 2020 00:00:00 +99999999999999999999"
    site.says("/odd.csv", "id\n1\n", "text/csv", **{"Last-Modified": date})
    size = "9" * 400
    found = faults(
        check(services, tmp_path, f'{at(site.url("/odd.csv"))} ; dcat:byteSize "{size}"')
    )
    assert "MAN-2" in found and "GET-1" not in found


def test_csvw_beside_the_file_describes_it(services: Services, site: Site, tmp_path: Path) -> None:
    columns = [{"titles": "id", "datatype": "integer"}]
    site.says("/b.csv", "id\n1\n1.5\n", "text/csv")
    site.says("/b.csv-metadata.json", json.dumps({"tableSchema": {"columns": columns}}))
    found = faults(check(services, tmp_path, at(site.url("/b.csv"))))
    assert (found["SCH-3"].row, found["SCH-3"].note) == (3, "integer")
    assert {"MAN-2", "MAN-3"} <= found.keys() and "SCH-6" not in found


def test_a_file_that_cannot_be_had_is_told_of(
    services: Services, site: Site, tmp_path: Path
) -> None:
    site.says("/page.csv", "<!doctype html><html></html>", "text/html")
    for more, fault, words in (
        (at(site.url("/gone.csv")), "GET-1", "404"),
        (at("http://127.0.0.1:9/a.csv"), "GET-1", "private network"),
        ('dct:title "none"', "GET-1", "No address"),
        (at(site.url("/page.csv")), "FMT-5", ""),
    ):
        found = faults(check(services, tmp_path, more))
        assert fault in found and words in found[fault].note, more


def drip(request: BaseHTTPRequestHandler, size: int | None) -> None:
    """Send a table that has a gigabyte, or never ends."""
    request.send_response(200)
    request.send_header("Content-Type", "text/csv")
    if size:
        request.send_header("Content-Length", str(size))
    request.end_headers()
    for _ in range((size or 1 << 40) // 65_536):
        request.wfile.write(b"a,b\n" * 16_384)


@pytest.mark.parametrize("size", [1 << 30, None], ids=["gigabyte", "endless"])
def test_a_huge_file_costs_no_more_than_the_bound(
    services: Services, site: Site, tmp_path: Path, size: int | None
) -> None:
    sent = []

    def count(request: BaseHTTPRequestHandler) -> None:
        try:
            drip(request, size)
        finally:
            sent.append(request.path)

    site.pages["/huge.csv"] = count
    report = check(services, tmp_path, at(site.url("/huge.csv")))
    assert list(faults(report)) == ["GET-2"]
    for _ in range(200):  # the server notices that nobody listens any more
        if sent:
            break
        time.sleep(0.05)
    assert sent == ["/huge.csv"]


def test_a_declared_column_is_compared_with_its_vocabulary(
    services: Services, site: Site, tmp_path: Path
) -> None:
    rows = "".join(f"{n},{kind}\n" for n, kind in enumerate(["10", "pool", "park", "99", "99"]))
    site.says("/c.csv", f"id,kind\n{rows}", "text/csv")
    checks = DataChecks(services.database)
    checks.declare(PART, "kind", "kinds", "")
    found = faults(check(services, tmp_path, at(site.url("/c.csv"))))
    assert (found["CON-1"].row, found["CON-1"].value) == (5, "99")
    assert found["CON-5"].note == f"{KINDS}lot {KINDS}park"
    checks.declare(PART, "kind", "kinds", "notation")
    found = faults(check(services, tmp_path, at(site.url("/c.csv"))))
    assert "CON-5" not in found and found["CON-1"].value == "pool"
    checks.declare(PART, "kind", "unknown", "")
    assert "CON-6" in faults(check(services, tmp_path, at(site.url("/c.csv"))))
    checks.declare(PART, "kind", "", "")
    assert checks.columns(PART) == {}


def test_a_column_that_looks_like_concepts_is_pointed_out(
    services: Services, site: Site, tmp_path: Path
) -> None:
    kinds = ["Badplats", "bassäng", "Bastu", "park", "car park", "pool", "?"]
    rows = "".join(f"{kind},somewhere {n}\n" for n, kind in enumerate(kinds))
    site.says("/d.csv", f"kind,place\n{rows}", "text/csv")
    found = faults(check(services, tmp_path, at(site.url("/d.csv"))))
    assert (found["CON-4"].column, found["CON-4"].note) == ("kind", "kinds")


def test_a_misspelt_name_may_have_the_stem_of_the_right_one(services: Services) -> None:
    values = {"badvaten": (1, Place(row=3)), "badväder": (1, Place(row=4))}
    column = Column("kind", "", 2, "text", "kinds", "", values)
    report = DataReport(columns=(column,))
    found = compare_columns(report, services.published.view(), ("sv",))
    told = {one.fault: (one.places[0].value, one.places[0].note) for one in found}
    assert told == {"CON-3": ("badvaten", "badvatten"), "CON-1": ("badväder", "")}


def test_values_are_compared_in_a_few_queries(services: Services) -> None:
    asked = []
    for size in (2, 100):
        counting = Counting(services.published.view().store)
        source = Source(counting, URIRef(f"{BASE}/vocabularies/kinds"), ("en", "sv"), lambda _: "")  # type: ignore[arg-type]
        values = {f"kind {n}": (1, Place(row=n)) for n in range(size)} | {"15": (1, Place())}
        found = compare_column(Column("kind", "", 100, "text", "kinds", "", values), source)
        assert [(one.fault, one.count) for one in found] == [("CON-1", size), ("CON-2", 1)]
        asked.append(counting.queries)
    assert asked[0] == asked[1] <= 10


def test_many_files_are_asked_for_in_one_query(services: Services) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(services.database, "before_cursor_execute", note)
    try:
        wanted = [Wanted(f"urn:many:{n}", "urn:d", "many") for n in range(50)]
        assert DataChecks(services.database).ask([*wanted, *wanted], "somebody", EARLY) == 50
    finally:
        event.remove(services.database, "before_cursor_execute", note)
    assert len([each for each in asked if each.startswith("SELECT")]) == 1
    with services.database.begin() as connection:
        connection.execute(delete(DataCheckRow).where(DataCheckRow.catalog == "many"))


def test_a_check_waits_runs_and_is_not_lost(services: Services) -> None:
    checks = DataChecks(services.database)
    wanted = Wanted("urn:p", "urn:d", "c")
    assert checks.ask([wanted], "somebody", EARLY) == 1
    assert checks.ask([wanted], "else", EARLY + timedelta(hours=1)) == 0  # it waits already
    taken = checks.take(EARLY)
    assert taken is not None and (taken.account, taken.state) == ("somebody", State.FETCHING)
    assert checks.take(EARLY) is None
    checks.reach("urn:p", State.READING)
    assert checks.take(EARLY + LOST / 2) is None
    again = checks.take(EARLY + 2 * LOST)  # its process died
    assert again is not None and again.distribution == "urn:p"
    checks.finish("urn:p", "", {}, Standing(3, None, 50, 100), EARLY)
    later = EARLY + AGAIN + timedelta(days=1)
    assert checks.take(EARLY + AGAIN / 2) is None
    checks.ask([Wanted("urn:q", "urn:d", "c")], "somebody", later)
    asked, old = checks.take(later), checks.take(later)
    assert asked and old and (asked.distribution, old.distribution) == ("urn:q", "urn:p")
    assert [one.distribution for one in checks.of_catalog("c", limit=10)] == ["urn:p", "urn:q"]
    assert checks.count("c") == 2 and checks.of_catalog("c", limit=10, offset=2) == []
    assert checks.averages("c") == Standing(3, None, 50, 100)
    assert checks.averages("none") == Standing(0, None, None, None)


def test_all_files_of_a_catalog_are_asked_for_in_one_query(services: Services) -> None:
    checks = DataChecks(services.database)
    files = [Wanted(f"urn:{number}", "urn:d", "many") for number in range(300)]
    asked: list[str] = []

    def note(*told: Any) -> None:
        asked.append(told[2])

    event.listen(services.database, "before_cursor_execute", note)
    try:
        assert checks.ask([*files, files[0]], "somebody", EARLY) == 300  # one is named twice
    finally:
        event.remove(services.database, "before_cursor_execute", note)
    assert checks.count("many") == 300
    assert [statement.partition(" ")[0] for statement in asked] == ["SELECT", "INSERT"]
