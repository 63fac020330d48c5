"""The REST API over real vocabularies: what programs and pickers read."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Dataset, Graph, Literal, URIRef

from tests.conftest import BASE
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.reading import view
from vocab_server.skos.hierarchy import Lens
from vocab_server.skos.trails import ways
from vocab_server.skos.vocabularies import graph_of, register
from vocab_server.store.base import Reader, Row

THEMES = f"{BASE}/id/themes"
CLIMATE = f"{THEMES}/climate-adaptation"
ENVIRONMENT = f"{THEMES}/environment"
API = "/api/v1"


def get(client: FlaskClient, path: str, **parameters: object) -> dict:
    answer = client.get(f"{API}{path}", query_string=parameters)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def refused(client: FlaskClient, path: str, **parameters: object) -> tuple[int, str]:
    answer = client.get(f"{API}{path}", query_string=parameters)
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.get_json()["detail"]


def test_every_vocabulary_is_listed_with_its_figures(client: FlaskClient) -> None:
    found = get(client, "/vocabularies")
    assert found["total"] == len(found["items"]) == 3
    themes = next(item for item in found["items"] if item["id"] == "themes")
    assert themes["iri"] == THEMES
    assert themes["concepts"] > 200
    assert set(themes["languages"]) == {"en", "sv"}
    assert themes["modified"] > "2020"
    assert themes == {
        name: value for name, value in get(client, "/vocabularies/themes").items() if name in themes
    }


def test_lists_come_in_parts(client: FlaskClient) -> None:
    whole = get(client, "/vocabularies/themes/top", lang="sv")
    assert [item["prefLabel"] for item in whole["items"]][:2] == [
        "Befolkning och samhälle",
        "Ekonomi och finans",
    ]
    parts = [
        get(client, "/vocabularies/themes/top", lang="sv", limit=5, offset=offset)
        for offset in range(0, whole["total"] + 5, 5)
    ]
    assert [item for part in parts for item in part["items"]] == whole["items"]
    assert {part["total"] for part in parts} == {whole["total"]}


def test_a_concept_says_everything(client: FlaskClient) -> None:
    found = get(client, "/concepts", iri=CLIMATE, lang="sv")
    assert found["prefLabel"] == {"en": "Climate adaptation", "sv": "Klimatanpassning"}
    assert found["label"] == "Klimatanpassning"
    assert "Skyfallskartering" in found["altLabel"]["sv"]
    assert [step["iri"] for step in found["paths"][0]] == [
        ENVIRONMENT,
        f"{THEMES}/air-and-climate",
    ]
    assert found["deprecated"] is False


def test_what_is_under_a_concept_is_paged(client: FlaskClient) -> None:
    found = get(client, "/concepts/narrower", iri=ENVIRONMENT, lang="sv", limit=2)
    assert found["total"] == 6
    assert len(found["items"]) == 2
    rest = get(client, "/concepts/narrower", iri=ENVIRONMENT, lang="sv", offset=2)
    assert len(rest["items"]) == 4


@pytest.mark.parametrize("path", ["/concepts?iri=" + CLIMATE, "/search?q=climate", "/vocabularies"])
def test_an_answer_is_json_ld(client: FlaskClient, path: str) -> None:
    content = client.get(API + path).get_json()
    context = client.get(content["@context"].removeprefix(BASE))
    assert context.content_type.startswith("application/ld+json")
    read = Dataset().parse(data={**content, **context.get_json()}, format="json-ld")
    if "iri" in content:
        assert read.value(URIRef(CLIMATE), SKOS.broader) == URIRef(f"{THEMES}/air-and-climate")
        labels = set(read.objects(URIRef(CLIMATE), SKOS.prefLabel))
        assert Literal("Klimatanpassning", lang="sv") in labels
    assert len(read) > 5


def test_the_whole_name_comes_first(client: FlaskClient) -> None:
    found = get(client, "/search", q="klimatanpassning", lang="sv")["items"][0]
    assert found["iri"] == CLIMATE
    assert found["score"] == 100
    assert found["matched"]["property"] == "prefLabel"
    assert [step["prefLabel"] for step in found["path"]] == ["Miljö", "Luft och klimat"]


def test_scores_never_rise_down_the_list(client: FlaskClient) -> None:
    scores = [item["score"] for item in get(client, "/search", q="data", limit=100)["items"]]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


def test_an_alternative_name_leads_to_the_preferred_one(client: FlaskClient) -> None:
    found = get(client, "/search", q="skyfallskartering", lang="sv")["items"][0]
    assert (found["prefLabel"], found["lang"]) == ("Klimatanpassning", "sv")
    assert found["matched"]["property"] == "altLabel"


def test_of_equal_matches_those_in_the_wanted_language_come_first(client: FlaskClient) -> None:
    for lang in ("sv", "pl"):
        found = get(client, "/search", q="klimat", lang=lang)["items"]
        assert (found[0]["matched"]["lang"], found[0]["score"]) == (lang, 100)


def test_a_search_stays_in_the_vocabulary_and_under_the_concept(client: FlaskClient) -> None:
    for parameters in ({"vocabulary": "themes"}, {"under": ENVIRONMENT}):
        found = get(client, "/search", q="clim", limit=100, **parameters)["items"]
        assert found
        assert {item["vocabulary"] for item in found} == {"themes"}
    assert all(ENVIRONMENT in [step["iri"] for step in item["path"]] for item in found)
    everywhere = get(client, "/search", q="clim", limit=100)["items"]
    assert len(found) < len(everywhere)


def test_a_search_says_whether_there_is_more(client: FlaskClient) -> None:
    some = get(client, "/search", q="clim", limit=2)
    assert some["more"]
    assert some["total"] > 2
    everything = get(client, "/search", q="clim", limit=1000)
    assert not everything["more"]
    assert everything["total"] == len(everything["items"])


def test_a_browser_gets_suggestions(client: FlaskClient) -> None:
    answer = client.get(f"{API}/suggestions?q=klimatanp&lang=sv")
    assert answer.mimetype == "application/x-suggestions+json"
    typed, names, places, addresses = answer.get_json(force=True)
    assert (typed, names[0]) == ("klimatanp", "Klimatanpassning")
    assert places[0] == "Miljö › Luft och klimat › Klimatanpassning"
    assert client.get(addresses[0].removeprefix(BASE)).status_code == 200
    assert client.get(f"{API}/suggestions?q=").get_json(force=True)[1] == []


def test_changes_are_listed_after_the_last_one_known(client: FlaskClient) -> None:
    found = get(client, "/changes")
    numbers = [item["number"] for item in found["items"]]
    assert numbers == sorted(numbers)
    rest = get(client, "/changes", since=numbers[0])
    assert [item["number"] for item in rest["items"]] == numbers[1:]
    assert rest["total"] == found["total"] - 1
    assert get(client, "/changes", since="2100-01-01")["items"] == []
    assert len(get(client, "/changes", since="2020-01-01T00:00:00Z")["items"]) == len(numbers)
    assert get(client, "/changes", vocabulary="themes")["total"] == 1
    assert "author" not in found["items"][0]


def test_changes_end_at_the_last_one_wanted(client: FlaskClient) -> None:
    found = get(client, "/changes")["items"]
    numbers = [item["number"] for item in found]
    part = get(client, "/changes", since=numbers[0], until=numbers[1])
    assert [item["number"] for item in part["items"]] == numbers[1:2]
    day = found[0]["time"][:10]
    assert get(client, "/changes", until=day)["total"] >= 1
    assert get(client, "/changes", until="2020-12")["total"] == 0
    assert get(client, "/changes", until=found[1]["time"])["total"] == 2


@pytest.mark.parametrize(
    ("media_type", "path"),
    [
        ("application/atom+xml", "/feeds/themes/changes.atom"),
        ("application/activity+json", "/feeds/themes/activity-stream"),
    ],
)
def test_the_change_log_leads_to_feeds(client: FlaskClient, media_type: str, path: str) -> None:
    answer = client.get(f"{API}/changes?vocabulary=themes", headers={"Accept": media_type})
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert client.get(path).mimetype == media_type


def test_new_concepts_are_listed_with_dates_and_names(client: FlaskClient) -> None:
    found = get(client, "/concepts/changes", vocabulary="themes", kind="new", lang="sv", limit=5)
    assert len(found["items"]) == 5
    assert found["total"] > 200
    first = found["items"][0]
    assert first["kind"] == "new"
    assert first["time"].startswith(first["date"])
    assert first["lang"] == "sv"
    assert get(client, "/concepts", iri=first["iri"], lang="sv")["label"] == first["prefLabel"]
    assert get(client, "/concepts/changes", since="2100-01", kind="new,changed")["items"] == []


@pytest.mark.parametrize(
    ("path", "parameters", "status", "names"),
    [
        ("/search", {}, 400, "q"),
        ("/search", {"q": " "}, 400, "q"),
        ("/search", {"q": "x" * 401}, 400, "q"),
        ("/search", {"q": "x", "limit": 0}, 400, "limit"),
        ("/search", {"q": "x", "limit": 1001}, 400, "limit"),
        ("/search", {"q": "x", "limit": "many"}, 400, "limit"),
        ("/search", {"q": "x", "limit": "٣"}, 400, "limit"),
        ("/search", {"q": "x", "offset": -1}, 400, "offset"),
        ("/search", {"q": "x", "lang": "not a tag"}, 400, "lang"),
        ("/search", {"q": "x", "searchLang": "?"}, 400, "searchLang"),
        ("/search", {"q": "x", "deprecated": "maybe"}, 400, "deprecated"),
        ("/search", {"q": "x", "under": "nothing"}, 400, "under"),
        ("/search", {"q": "x", "under": "http://x/%zz"}, 400, "under"),
        ("/search", {"q": "x", "type": "http://x/<y>"}, 400, "type"),
        ("/search", {"q": "x", "under": "http://example.org/none"}, 404, "example.org/none"),
        ("/search", {"q": "x", "vocabulary": "none"}, 404, "none"),
        ("/concepts", {}, 400, "iri"),
        ("/concepts", {"iri": "http://example.org/none"}, 404, "example.org/none"),
        ("/concepts/narrower", {"iri": "no iri"}, 400, "iri"),
        ("/vocabularies/none", {}, 404, "none"),
        ("/vocabularies/none/top", {}, 404, "none"),
        ("/changes", {"since": "yesterday"}, 400, "since"),
        ("/changes", {"since": "9" * 40}, 400, "since"),
        ("/changes", {"until": "tomorrow"}, 400, "until"),
        ("/concepts/changes", {"since": "2021-02-30"}, 400, "since"),
        ("/concepts/changes", {"until": "' OR 1=1"}, 400, "until"),
        ("/concepts/changes", {"since": "2021-02", "until": "2021-01"}, 400, "until"),
        ("/concepts/changes", {"kind": "newest"}, 400, "newest"),
        ("/concepts/changes", {"vocabulary": "none"}, 404, "none"),
    ],
)
def test_what_is_wrong_is_named(
    client: FlaskClient, path: str, parameters: dict[str, object], status: int, names: str
) -> None:
    found, detail = refused(client, path, **parameters)
    assert found == status
    assert names in detail


OLD = Graph().parse(
    format="turtle",
    data="""
    @prefix : <https://example.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dct: <http://purl.org/dc/terms/> .
    :dog a skos:Concept ; skos:prefLabel "dog"@en, "hund"@sv .
    :hound a skos:Concept ; skos:prefLabel "hound"@en ; owl:deprecated true ;
        dct:isReplacedBy :cur .
    :cur a skos:Concept ; skos:prefLabel "cur"@en ; owl:deprecated true ; dct:isReplacedBy :dog .
    :pet a skos:Concept ; skos:prefLabel "pet"@en ; owl:deprecated true ;
        dct:isReplacedBy :cur, :cat .
    :cat a skos:Concept ; skos:prefLabel "cat"@en .
    :dodo a skos:Concept ; skos:prefLabel "dodo"@en ; owl:deprecated true .
    :chicken a skos:Concept ; owl:deprecated true ; dct:isReplacedBy :egg .
    :egg a skos:Concept ; owl:deprecated true ; dct:isReplacedBy :chicken .
    :moved a skos:Concept ; owl:deprecated true ; dct:isReplacedBy <https://elsewhere.example/x> .
    :list a skos:Collection ; skos:member :dog, :inner . :inner skos:member :cat .""",
)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application over a vocabulary whose concepts were renamed, merged, split and given up."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("old"), base_url=BASE))
    services = app.extensions["vocab_server"]
    change = register(BASE, "animals", "Animals", "https://example.org/")
    content = Change(graph_of(BASE, "animals"), added=frozenset(OLD))
    services.writer.commit([change, content], "me", "Animals")
    yield app
    services.close()


@pytest.mark.parametrize(
    ("name", "status", "instead"),
    [
        ("dog", "current", []),
        ("cur", "replaced", ["dog"]),
        ("hound", "replaced", ["dog"]),
        ("pet", "split", ["cat", "dog"]),
        ("dodo", "deprecated", []),
        ("chicken", "deprecated", []),
        ("unheard-of", "unknown", []),
    ],
)
def test_an_identifier_is_followed_to_what_is_current(
    old: Flask, name: str, status: str, instead: list[str]
) -> None:
    iri = f"https://example.org/{name}"
    answer = old.test_client().post(f"{API}/resolve?lang=sv", json={"iris": [iri]})
    [found] = answer.get_json()["items"]
    assert (found["iri"], found["status"]) == (iri, status)
    assert sorted(i["iri"].rpartition("/")[2] for i in found["isReplacedBy"]) == instead
    if name == "hound":
        assert found["isReplacedBy"][0]["prefLabel"] == "hund"


def test_a_replacement_may_be_elsewhere(old: Flask) -> None:
    body = {
        "iris": ["https://example.org/moved", "https://example.org/dog", "no iri <", "relative"]
    }
    found = old.test_client().post(f"{API}/resolve", json=body).get_json()["items"]
    assert [item["iri"] for item in found] == body["iris"]
    assert found[0]["isReplacedBy"] == [{"iri": "https://elsewhere.example/x"}]
    assert [item["status"] for item in found[2:]] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 400),
        (b"[]", 400),
        (b'{"iris": "x"}', 400),
        (b'{"iris": [1]}', 400),
        (b"no json", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b'{"iris": [' + b", ".join([b'"x:y"'] * 1001) + b"]}", 400),
    ],
)
def test_a_wrong_body_is_refused(client: FlaskClient, body: bytes, status: int) -> None:
    answer = client.post(f"{API}/resolve", data=body, content_type="application/json")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_a_body_of_another_type_is_refused(client: FlaskClient) -> None:
    assert client.post(f"{API}/resolve", data="iris=x").status_code == 415


def test_deprecated_concepts_are_found_only_when_asked_for(old: Flask) -> None:
    client = old.test_client()
    assert get(client, "/search", q="dodo")["items"] == []
    [found] = get(client, "/search", q="dodo", deprecated="true")["items"]
    assert found["deprecated"] is True


def test_a_search_stays_in_a_collection_and_in_a_class(old: Flask) -> None:
    client = old.test_client()
    inside = {"group": "https://example.org/list"}
    assert [i["prefLabel"] for i in get(client, "/search", q="cat", **inside)["items"]] == ["cat"]
    assert get(client, "/search", q="cat", type=SKOS.Collection)["items"] == []
    assert len(get(client, "/search", q="cat", type=SKOS.Concept)["items"]) == 1


def test_members_of_a_collection_stand_in_the_place_of_narrower_concepts(old: Flask) -> None:
    client = old.test_client()
    iri = "https://example.org/list"
    assert get(client, "/concepts", iri=iri)["memberTotal"] == 2
    found = get(client, "/concepts/narrower", iri=iri, limit=1)
    assert (found["total"], found["items"][0]["prefLabel"]) == (2, "dog")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/label/en/climate%20ADAPTATION", CLIMATE),
        ("/label/sv/Skyfallskartering", CLIMATE),
        ("/label/sv/klimatanpassning?vocabulary=themes", CLIMATE),
        (
            "/label/en/Environment?vocabulary=data-theme",
            "/resource?iri=http%3A%2F%2Fpublications.europa.eu"
            "%2Fresource%2Fauthority%2Fdata-theme%2FENVI",
        ),
    ],
)
def test_a_name_leads_to_its_concept(client: FlaskClient, path: str, place: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, place)


@pytest.mark.parametrize("path", ["/label/sv/climate%20adaptation", "/label/en/climate%20adap"])
def test_a_name_that_nothing_has_leads_nowhere(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_deprecated_name_still_leads_to_its_concept(old: Flask) -> None:
    answer = old.test_client().get("/label/en/Dodo")
    assert answer.location == "/resource?iri=https%3A%2F%2Fexample.org%2Fdodo"


def test_a_browser_can_install_the_search(client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.data)  # noqa: S314  (our own answer)
    urls = root.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
    for url in urls:
        address = url.attrib["template"].removeprefix(BASE).replace("{searchTerms}", "climate")
        address = address.replace("{count?}", "5").replace("{language?}", "sv")
        found = client.get(address, headers={"Accept": url.attrib["type"]})
        assert (found.status_code, found.mimetype) == (200, url.attrib["type"])
    assert b"/opensearch.xml" in client.get("/").data


class Counting:
    """A store that notes what it is asked."""

    def __init__(self, store: Reader) -> None:
        self._store = store
        self.asked: list[str] = []

    def select(self, query: str) -> list[Row]:
        self.asked.append(query)
        return self._store.select(query)


def test_the_results_of_a_search_cost_two_queries_and_later_none(client: FlaskClient) -> None:
    with client.application.test_request_context():
        counting = Counting(view().store)
        known = view().lens(graph_of(BASE, "themes"), "sv")
        lens = Lens(counting, known.graph, known.languages, "sv")  # type: ignore[arg-type]
        concepts = [URIRef(CLIMATE), URIRef(f"{THEMES}/energy-plans"), URIRef(ENVIRONMENT)]
        assert [len(way) for way in ways(lens, concepts).values()] == [3, 3, 1]
        assert len(counting.asked) == 2
        ways(lens, concepts)
        assert len(counting.asked) == 2
