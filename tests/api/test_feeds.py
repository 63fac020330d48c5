"""Feeds of changes: Atom as RFC 4287 and RFC 5005 have it, ActivityStreams as EMM 1.0 has it."""

from collections.abc import Iterator
from xml.etree import ElementTree

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.changing import BASE, DATED, UNDATED, edit, name, put
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.rdf.dates import read_date
from vocab_server.services import Services

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FEED = "/feeds/zoo/changes.atom"
STREAM = "/feeds/zoo/activity-stream"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = create_app(Settings(data=tmp_path_factory.mktemp("feeds") / "data", base_url=BASE))
    opened: Services = made.extensions["vocab_server"]
    put(opened, "zoo", "The zoo", DATED)
    put(opened, "dated", "Dated", UNDATED.replace("Concept ;", 'Concept ; dct:created "2010-02" ;'))
    put(opened, "empty", "Nothing", "<urn:x> <urn:y> <urn:z> .")
    edit(opened, "zoo", ':late a skos:Concept ; dct:created "2001-01-01" .')
    yield made
    opened.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def read(client: FlaskClient, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.data)  # noqa: S314  (our own)


def links(element: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


def text(element: ElementTree.Element, name: str) -> str:
    (found,) = element.findall(f"{ATOM}{name}")  # each exactly once
    assert found.text
    return found.text


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/changes.atom",
        "/feeds/changes.atom?page=2",
        FEED,
        f"{FEED}?kind=deprecated&lang=ar",
        "/feeds/empty/changes.atom",
        "/feeds/dated/changes.atom?page=3",
    ],
)
def test_a_feed_keeps_the_rules_of_atom(client: FlaskClient, path: str) -> None:
    feed = read(client, path)
    assert feed.tag == f"{ATOM}feed"
    assert text(feed, "id").startswith(f"{BASE}/feeds/")
    assert text(feed, "title")
    assert read_date(text(feed, "updated"))
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert links(feed)["self"] == BASE + path
    entries = feed.findall(f"{ATOM}entry")
    ids = [text(entry, "id") for entry in entries]
    assert len(ids) == len(set(ids))
    times = [text(entry, "updated") for entry in entries]
    assert times == sorted(times, reverse=True)
    for entry in entries:
        assert text(entry, "title")
        assert text(entry, "content")
        assert links(entry)["alternate"].startswith(f"{BASE}/")
        assert all(category.attrib["term"] for category in entry.findall(f"{ATOM}category"))


@pytest.mark.parametrize("path", ["/feeds/changes.atom", FEED, "/feeds/empty/changes.atom"])
def test_a_feed_reader_finds_no_fault(client: FlaskClient, path: str) -> None:
    parsed = feedparser.parse(client.get(path).data)
    assert parsed.version == "atom10"
    assert not parsed.bozo
    assert all(entry.id and entry.link and entry.updated_parsed for entry in parsed.entries)


def test_pages_of_a_feed_lead_through_all_of_it(client: FlaskClient) -> None:
    seen: list[str] = []
    address, before = f"{BASE}/feeds/dated/changes.atom", ""
    while address:
        feed = read(client, address.removeprefix(BASE))
        found = links(feed)
        seen += [text(entry, "id") for entry in feed.findall(f"{ATOM}entry")]
        assert found.get("previous", "") == before
        assert found["first"] == f"{BASE}/feeds/dated/changes.atom"
        assert found["last"] == f"{BASE}/feeds/dated/changes.atom?page=3"
        before, address = found["self"], found.get("next", "")
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("page", ["4", "0", "-1", "9" * 30])
def test_there_is_no_page_after_the_last(client: FlaskClient, page: str) -> None:
    answer = client.get(f"/feeds/dated/changes.atom?page={page}")
    assert answer.status_code == (404 if page in ("4", "9" * 30) else 200)


def test_what_a_client_has_is_not_sent_again(client: FlaskClient) -> None:
    answer = client.get(FEED)
    again = client.get(FEED, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Accept-Language" in answer.headers["Vary"]


def test_ids_stay_while_other_things_change(client: FlaskClient, app: Flask) -> None:
    def ids() -> list[str]:
        path = "/feeds/empty/changes.atom"
        return [text(entry, "id") for entry in read(client, path).findall(f"{ATOM}entry")]

    opened: Services = app.extensions["vocab_server"]
    edit(opened, "empty", ':first a skos:Concept ; dct:created "2020-01-01" .')
    before = ids()
    edit(opened, "empty", ':second a skos:Concept ; dct:created "2019-01-01" .')
    after = ids()
    assert len(before) == 1
    assert len(after) == 2
    assert after[1:] == before  # what came late with an old date stands first


def test_entries_say_what_happened_in_their_languages(client: FlaskClient) -> None:
    answer = client.get(f"{FEED}?lang=ar&kind=deprecated", headers={"Accept-Language": "sv"})
    feed = ElementTree.fromstring(answer.data)  # noqa: S314  (our own)
    assert feed.attrib[LANG] == "sv"
    hound = next(e for e in feed.findall(f"{ATOM}entry") if text(e, "title") == "كلب صيد")
    title = hound.find(f"{ATOM}title")
    assert title is not None
    assert title.attrib[LANG] == "ar"
    assert text(hound, "content").startswith("Används inte längre. Använd i stället: ")
    assert "كلب" in text(hound, "content")


def test_hostile_names_leave_the_feed_well_formed(client: FlaskClient) -> None:
    titles = [text(entry, "title") for entry in read(client, FEED).findall(f"{ATOM}entry")]
    assert "<script>alert(1)</script>]]>" in titles  # the sign that XML cannot hold is left out


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feeds/none/changes.atom", 404),
        ("/feeds/none/activity-stream", 404),
        (f"{FEED}?since=x", 400),
        (f"{FEED}?kind=%3Cx%3E", 400),
        (f"{STREAM}/page/0", 404),
        (f"{STREAM}/page/99", 404),
        (f"{STREAM}/page/{'9' * 30}", 404),
        (f"{STREAM}?until=x", 400),
    ],
)
def test_what_is_wrong_is_refused(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.get_json()["detail"]


def test_the_stream_leads_from_page_to_page(client: FlaskClient) -> None:
    stream = client.get("/feeds/dated/activity-stream")
    assert stream.content_type == "application/activity+json"
    collection = stream.get_json()
    assert collection["type"] == "OrderedCollection"
    assert collection["totalItems"] == 120
    address, seen, before = collection["first"]["id"], [], ""
    while address:
        page = client.get(address.removeprefix(BASE)).get_json()
        assert (page["id"], page["type"]) == (address, "OrderedCollectionPage")
        assert page["partOf"]["id"] == collection["id"]
        assert page.get("prev", {}).get("id", "") == before
        assert page["totalItems"] == len(page["orderedItems"])
        seen += [item["object"]["id"] for item in page["orderedItems"]]
        before, address = address, page.get("next", {}).get("id", "")
    assert before == collection["last"]["id"]
    assert len(seen) == len(set(seen)) == 120


def test_activities_say_what_became_of_a_concept(client: FlaskClient) -> None:
    page = client.get(f"{STREAM}/page/1").get_json()
    assert page["@context"][-1] == "https://emm-spec.org/1.0/context.json"  # has Deprecate
    items = page["orderedItems"]
    found = {(item["object"]["id"].removeprefix(name("")), item["type"]) for item in items}
    assert {("dog", "Create"), ("dog", "Update"), ("hound", "Deprecate")} <= found
    times = [item["published"] for item in items]
    assert times == sorted(times, reverse=True)
    # The vocabulary may have come in the same second.
    late = next(item for item in items[:2] if item["object"]["id"] == str(name("late")))
    assert late["object"]["updated"] == "2001-01-01T00:00:00Z"
    assert late["published"] > "2026"
    assert all(item["summary"] for item in items)
    kinds = {item["type"]: item["object"]["type"].rpartition("#")[2] for item in items}
    assert kinds.pop("Add") == "ConceptScheme"  # with what came undated
    assert set(kinds.values()) == {"Concept"}
