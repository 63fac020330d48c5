"""The REST API of Skosmos, as its own specification and its clients expect it."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS
from rdflib.term import Node

from tests.conftest import BASE, SHARED
from vocab_server.api.skosmos.search import pattern
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.skolem import PREFIX
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of, register

API = "/rest/v1"
SPACE = f"{BASE}/id/themes/"
BATHING, WATER, ENVIRONMENT = f"{SPACE}bathing-water", f"{SPACE}water", f"{SPACE}environment"
SCHEME = f"{BASE}/id/themes"
ZOO = f"{BASE}/id/zoo/"
ANIMALS = """
    @prefix : <$zoo> . @prefix dct: <http://purl.org/dc/terms/> . @prefix my: <urn:my:> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix skos: <$skos> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    :land a skos:ConceptScheme ; rdfs:label "On land"@en ; skos:hasTopConcept :animal .
    :sea a skos:ConceptScheme ; skos:hasTopConcept :fish .
    my:Kind rdfs:subClassOf skos:Concept ; rdfs:label "Kind"@en .
    :animal a skos:Concept ; skos:prefLabel "Animal"@en, "Djur"@sv ; skos:narrower :dog .
    :dog a skos:Concept, my:Kind ; skos:prefLabel "Dog"@en, "Hund"@sv ; skos:altLabel "Hound"@en ;
        skos:hiddenLabel "Dogg"@en ; skos:related :cat ; skos:inScheme :land ;
        dct:created "2026-02-01"^^xsd:date ;
        dct:modified "2026-03-01T10:00:00+01:00"^^xsd:dateTime .
    :cat a skos:Concept ; skos:prefLabel "Cat"@en ; skos:broader :animal ; skos:inScheme :land ;
        dct:created "2026-02-03T12:46:33Z"^^xsd:dateTime .
    :puss a skos:Concept ; skos:prefLabel "Puss"@en ; owl:deprecated true ;
        dct:isReplacedBy :cat ; dct:created "2026-01-01"^^xsd:date .
    :fish a skos:Concept ; skos:prefLabel "Fish"@en ; skos:inScheme :sea .
    :pets a skos:Collection ; skos:prefLabel "Pets"@en ; skos:member :cat, :dog, :big .
    :big a skos:Collection ; skos:prefLabel "Big pets"@en ; skos:member :dog .
"""


@pytest.fixture(scope="module")
def zoo_app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The application over a small vocabulary that has some of everything."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("zoo"), base_url=BASE))
    opened: Services = app.extensions["vocab_server"]
    text = ANIMALS.replace("$zoo", ZOO).replace("$skos", str(SKOS))
    triples = frozenset(Graph().parse(data=text, format="turtle"))
    change = Change(graph_of(BASE, "zoo"), added=triples)  # type: ignore[arg-type]
    opened.writer.commit([register(BASE, "zoo", "The zoo"), change], "test", "A zoo")
    yield app
    opened.close()


@pytest.fixture
def zoo(zoo_app: Flask) -> FlaskClient:
    return zoo_app.test_client()


def asked(client: FlaskClient, path: str, **query: str) -> Any:
    """The JSON that a path answers with."""
    response = client.get(f"{API}{path}", query_string=query)
    assert response.status_code == 200, response.text
    return response.get_json()


def test_vocabularies_are_listed_by_id_with_titles_in_the_language(client: FlaskClient) -> None:
    listed = asked(client, "/vocabularies", lang="sv")["vocabularies"]
    assert [found["id"] for found in listed] == sorted(found["id"] for found in listed)
    assert {"uri": "themes", "id": "themes", "title": "Ämnen för öppna data"} in listed


def test_a_vocabulary_names_its_languages_and_schemes(client: FlaskClient) -> None:
    found = asked(client, "/themes/", lang="en")
    assert (found["id"], found["title"]) == ("themes", "Themes for open data")
    assert (found["defaultLanguage"], found["languages"]) == ("en", ["en", "sv"])
    assert found["conceptschemes"][0]["uri"] == SCHEME
    assert found["conceptschemes"][0]["prefLabel"] == "Themes for open data"
    assert found["@context"]["@base"] == f"{BASE}/rest/v1/themes/"


def test_a_vocabulary_without_a_slash_leads_to_the_one_with(client: FlaskClient) -> None:
    response = client.get(f"{API}/themes")
    assert response.status_code in (301, 308)
    assert response.headers["Location"].endswith("/rest/v1/themes/")


REFUSED = (
    ("/vocabularies", 400, "lang parameter missing"),
    ("/types", 400, "lang parameter missing"),
    ("/search", 400, "query parameter missing"),
    ("/search?query=%20", 400, "query parameter missing"),
    ("/search?query=a&maxhits=x", 400, "maxhits parameter is invalid"),
    ("/search?query=a&maxhits=0", 400, "maxhits parameter is invalid"),
    ("/search?query=a&offset=-1", 400, "offset parameter is invalid"),
    ("/search?query=a&vocab=none", 404, "Vocabulary id 'none' not found."),
    ("/label", 400, "uri parameter missing"),
    ("/data", 400, "uri parameter missing"),
    ("/label?uri=http://x/y", 404, "Could not find concept <http://x/y>"),
    ("/themes/children", 400, "uri parameter missing"),
    ("/themes/hierarchy?uri=http://x/y", 404, "Could not find concept <http://x/y>"),
    ("/themes/broader?uri=%3C%3E", 404, "Could not find concept <<>>"),
    ("/themes/lookup", 400, "label parameter missing"),
    ("/themes/lookup?label=nothing", 404, "Could not find label 'nothing'"),
    ("/themes/groupMembers?uri=http://x/y", 404, "Could not find group <http://x/y>"),
    (f"/themes/broaderTransitive?limit=0&uri={WATER}", 400, "Invalid limit parameter"),
    ("/none/", 404, "Vocabulary id 'none' not found."),
    ("/none/search?query=a", 404, "Vocabulary id 'none' not found."),
    ("/themes/?callback=alert(1)", 400, "callback parameter is invalid"),
)
PHRASES = {400: "Bad Request", 404: "Not Found"}


@pytest.mark.parametrize(("path", "status", "message"), REFUSED)
def test_what_cannot_be_answered_is_refused_in_a_line_of_text(
    client: FlaskClient, path: str, status: int, message: str
) -> None:
    response = client.get(f"{API}{path}")
    assert (response.status_code, response.mimetype) == (status, "text/plain")
    assert response.text == f"{status} {PHRASES[status]} : {message}"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("text/html", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_json_is_negotiated_and_never_refused(
    client: FlaskClient, accept: str, media_type: str
) -> None:
    response = client.get(f"{API}/themes/", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert "Accept" in response.headers["Vary"]


def test_a_callback_is_called_with_the_body(client: FlaskClient) -> None:
    response = client.get(f"{API}/themes/?callback=my.take_it")
    assert response.mimetype == "application/javascript"
    body = response.text.removeprefix("/**/my.take_it(").removesuffix(");")
    assert json.loads(body)["id"] == "themes"


@pytest.mark.parametrize(
    ("query", "name", "holds"),
    [
        ("cat", "cat", True),
        ("cat", "cats", False),
        ("cat*", "cats", True),
        ("*cat", "bobcat", True),
        ("*cat", "cats", False),
        ("*at*", "cats", True),
        ("c*s", "cats", True),
        ("c.t*", "cats", False),
    ],
)
def test_a_star_stands_for_any_text(query: str, name: str, holds: bool) -> None:
    assert bool(pattern(query).fits.match(name)) is holds


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"query": "bathing water", "lang": "en"}, BATHING),
        ({"query": "BATHING w*", "lang": "en"}, BATHING),
        ({"query": "badvatten", "lang": "sv"}, BATHING),
        ({"query": "bathing*", "lang": "en", "type": "", "unique": "1", "language": "x"}, BATHING),
        ({"query": "bathing*", "type": "skos:Concept"}, BATHING),
        ({"query": "bathing*", "parent": ENVIRONMENT}, BATHING),
        ({"query": "bathing*", "scheme": SCHEME}, BATHING),
        ({"query": "water*", "lang": "en", "offset": "0", "maxhits": "1"}, WATER),
    ],
)
def test_search_finds(client: FlaskClient, query: dict[str, str], first: str) -> None:
    results = asked(client, "/themes/search", **query)["results"]
    assert results[0]["uri"] == first
    assert results[0]["type"] == ["skos:Concept"]
    assert results[0]["vocab"] == "themes"


@pytest.mark.parametrize(
    "query",
    [
        {"query": "bathing"},
        {"query": "bathing water", "lang": "sv"},
        {"query": "bathing*", "parent": f"{SPACE}health"},
        {"query": "bathing*", "type": "urn:other"},
        {"query": "bathing*", "scheme": "urn:other"},
        {"query": "bathing*", "group": "urn:other"},
    ],
)
def test_search_does_not_find(client: FlaskClient, query: dict[str, str]) -> None:
    assert asked(client, "/themes/search", **query)["results"] == []


def test_global_search_covers_the_vocabularies_named(client: FlaskClient) -> None:
    results = asked(client, "/search", query="environment", vocab="themes data-theme")["results"]
    assert {found["vocab"] for found in results} == {"themes", "data-theme"}


def test_a_name_in_another_language_is_said_to_have_matched(client: FlaskClient) -> None:
    results = asked(client, "/themes/search", query="bathing water", labellang="sv")["results"]
    assert results[0]["prefLabel"] == "Badvatten"
    assert results[0]["matchedPrefLabel"] == "Bathing water"
    assert results[0]["lang"] == "sv"


def test_further_fields_come_with_names(client: FlaskClient) -> None:
    query = {"query": "bathing water", "lang": "en", "fields": "broader prefLabel"}
    found = asked(client, "/themes/search", **query)["results"][0]
    assert found["broader"] == [{"uri": WATER, "prefLabel": "Water"}]
    assert found["prefLabels"] == {"en": "Bathing water", "sv": "Badvatten"}


@pytest.mark.parametrize(("name", "member"), [("hound", "altLabel"), ("dogg", "hiddenLabel")])
def test_another_name_is_named_by_its_property(zoo: FlaskClient, name: str, member: str) -> None:
    found = asked(zoo, "/zoo/search", query=name, lang="en")["results"][0]
    assert (found["uri"], found["prefLabel"]) == (f"{ZOO}dog", "Dog")
    assert found[member].lower() == name


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"query": "*"}, {"Animal", "Cat", "Dog", "Fish"}),
        ({"query": "*", "type": "urn:my:Kind"}, {"Dog"}),
        ({"query": "*", "scheme": f"{ZOO}sea"}, {"Fish"}),
        ({"group": f"{ZOO}pets"}, {"Cat", "Dog", "Big pets"}),
        ({"parent": f"{ZOO}animal"}, {"Cat", "Dog"}),
    ],
)
def test_a_star_alone_lists_all(zoo: FlaskClient, query: dict[str, str], names: set[str]) -> None:
    results = asked(zoo, "/zoo/search", lang="en", **query)["results"]
    assert {found["prefLabel"] for found in results} == names


@pytest.mark.parametrize(
    ("query", "uri"),
    [
        ({"label": "Dog"}, "dog"),
        ({"label": "dOG", "lang": "en"}, "dog"),
        ({"label": "hund"}, "dog"),
        ({"label": "Hound", "lang": "en"}, "dog"),
    ],
)
def test_lookup_finds_exact_names(zoo: FlaskClient, query: dict[str, str], uri: str) -> None:
    assert [found["uri"] for found in asked(zoo, "/zoo/lookup", **query)["result"]] == [ZOO + uri]


@pytest.mark.parametrize("path", ["/label", "/zoo/label"])
def test_the_names_of_a_concept_in_one_language(zoo: FlaskClient, path: str) -> None:
    found = asked(zoo, path, uri=f"{ZOO}dog", lang="en")
    assert (found["prefLabel"], found["altLabel"]) == ("Dog", ["Hound"])
    assert found["hiddenLabel"] == ["Dogg"]
    swedish = asked(zoo, path, uri=f"{ZOO}cat", lang="sv")
    assert not {"prefLabel", "altLabel", "hiddenLabel"} & set(swedish)


@pytest.mark.parametrize("path", ["/data", "/themes/data"])
def test_data_holds_the_concept_and_its_named_neighbours(client: FlaskClient, path: str) -> None:
    found = asked(client, path, uri=WATER, format="application/json")
    nodes = {node["uri"]: node for node in found["graph"]}
    assert nodes[WATER]["broader"] == {"uri": ENVIRONMENT}
    assert {"lang": "sv", "value": "Vatten"} in nodes[WATER]["prefLabel"]
    assert nodes[WATER]["skos:notation"] == "ENVI-02"
    for lower in nodes[WATER]["narrower"]:
        assert nodes[lower["uri"]]["type"] == "skos:Concept"
        assert nodes[lower["uri"]]["prefLabel"]


def test_json_data_is_json_ld_of_the_same_graph(client: FlaskClient) -> None:
    query = {"uri": WATER}
    forms = {}
    for name, media_type in (("turtle", "text/turtle"), ("json-ld", "application/ld+json")):
        response = client.get(f"{API}/data", query_string=query, headers={"Accept": media_type})
        assert response.mimetype == media_type
        forms[name] = Graph().parse(data=response.text, format=name)
    assert (URIRef(WATER), SKOS.broader, URIRef(ENVIRONMENT)) in forms["json-ld"]
    assert set(forms["json-ld"]) == set(forms["turtle"])


def test_a_format_that_there_is_not_is_refused_with_those_there_are(client: FlaskClient) -> None:
    response = client.get(f"{API}/data", query_string={"uri": WATER, "format": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.text


def test_data_of_a_vocabulary_leads_to_its_file(client: FlaskClient) -> None:
    response = client.get(f"{API}/themes/data?format=application/rdf%2Bxml")
    assert response.headers["Location"] == f"{BASE}/vocabularies/themes.rdf"


@pytest.mark.parametrize(
    ("accept", "start"),
    [("text/html", "/doc/themes/water"), ("text/turtle", f"{API}/themes/data?uri=")],
)
def test_an_entity_leads_to_its_page_or_data(client: FlaskClient, accept: str, start: str) -> None:
    response = client.get(f"/entity?uri={WATER}", headers={"Accept": accept})
    assert response.status_code == 303
    assert response.headers["Location"].startswith(start)


def test_types_have_names_and_superclasses(zoo: FlaskClient) -> None:
    for path in ("/types", "/zoo/types"):
        types = {found["uri"]: found for found in asked(zoo, path, lang="en")["types"]}
        assert types[str(SKOS.Concept)]["label"] == "Concept"
        assert types["urn:my:Kind"]["label"] == "Kind"
        assert types["urn:my:Kind"]["superclass"] == str(SKOS.Concept)


def test_top_concepts_are_called_by_label(client: FlaskClient) -> None:
    found = asked(client, "/themes/topConcepts", lang="en", scheme=SCHEME)
    assert found["uri"] == SCHEME
    assert len(found["topconcepts"]) == 13
    assert found["topconcepts"][-1] == {
        "uri": f"{SPACE}transport",
        "topConceptOf": SCHEME,
        "label": "Transport",
        "hasChildren": True,
        "notation": "TRAN",
    }


@pytest.mark.parametrize(
    ("scheme", "names"),
    [("land", ["Animal"]), ("sea", ["Fish"]), ("none", []), ("", ["Animal", "Fish"])],
)
def test_top_concepts_are_those_of_the_scheme(
    zoo: FlaskClient, scheme: str, names: list[str]
) -> None:
    query = {"scheme": ZOO + scheme} if scheme else {}
    found = asked(zoo, "/zoo/topConcepts", lang="en", **query)["topconcepts"]
    assert [top["label"] for top in found] == names


@pytest.mark.parametrize(
    ("relation", "uri", "names"),
    [
        ("broader", "dog", ["Animal"]),
        ("broader", "animal", []),
        ("narrower", "animal", ["Cat", "Dog"]),
        ("related", "dog", ["Cat"]),
        ("related", "cat", ["Dog"]),
    ],
)
def test_relations_work_both_ways(
    zoo: FlaskClient, relation: str, uri: str, names: list[str]
) -> None:
    found = asked(zoo, f"/zoo/{relation}", uri=ZOO + uri, lang="en")
    assert [near["prefLabel"] for near in found[relation]] == names


def test_all_that_is_above_hangs_together(client: FlaskClient) -> None:
    found = asked(client, "/themes/broaderTransitive", uri=BATHING, lang="en")
    assert list(found["broaderTransitive"]) == [BATHING, WATER, ENVIRONMENT]
    assert found["broaderTransitive"][BATHING] == {
        "uri": BATHING,
        "prefLabel": "Bathing water",
        "broader": [WATER],
    }
    assert "broader" not in found["broaderTransitive"][ENVIRONMENT]


def test_all_that_is_below_is_found_up_to_the_limit(client: FlaskClient) -> None:
    query = {"uri": ENVIRONMENT, "lang": "en"}
    found = asked(client, "/themes/narrowerTransitive", **query)["narrowerTransitive"]
    assert WATER in found[ENVIRONMENT]["narrower"]
    assert BATHING in found[WATER]["narrower"]
    limited = asked(client, "/themes/narrowerTransitive", limit="4", **query)
    assert len(limited["narrowerTransitive"]) == 4


def test_children_name_the_language_of_a_label_from_another(client: FlaskClient) -> None:
    found = asked(client, "/themes/children", uri=ENVIRONMENT, lang="fi")["narrower"]
    water = next(child for child in found if child["uri"] == WATER)
    assert water["prefLabel"] == "Water (en)"
    assert (water["hasChildren"], water["notation"]) == (True, "ENVI-02")


def test_the_hierarchy_is_open_at_the_concept_and_shows_all_tops(client: FlaskClient) -> None:
    found = asked(client, "/themes/hierarchy", uri=BATHING, lang="en")["broaderTransitive"]
    assert found[BATHING]["broader"] == [WATER]
    assert BATHING in {child["uri"] for child in found[WATER]["narrower"]}
    assert found[ENVIRONMENT]["top"] == SCHEME
    assert found[f"{SPACE}transport"]["tops"] == [SCHEME]
    assert len(found) == 13 + 2


def test_groups_name_the_groups_in_them(zoo: FlaskClient) -> None:
    found = asked(zoo, "/zoo/groups", lang="en")["groups"]
    assert [group["prefLabel"] for group in found] == ["Big pets", "Pets"]
    assert found[1]["childGroups"] == [f"{ZOO}big"]
    assert found[0]["hasMembers"] is True


def test_the_members_of_a_group(zoo: FlaskClient) -> None:
    found = asked(zoo, "/zoo/groupMembers", uri=f"{ZOO}pets", lang="en")["members"]
    assert [member["prefLabel"] for member in found] == ["Big pets", "Cat", "Dog"]
    assert [member["isSuper"] for member in found] == [True, False, False]
    assert found[1]["type"] == ["skos:Concept"]


def test_letters_end_with_signs_and_digits(client: FlaskClient) -> None:
    letters = asked(client, "/themes/index/", lang="sv")["indexLetters"]
    assert letters[:2] == ["A", "B"]
    assert letters[-4:] == ["Å", "Ä", "Ö", "0-9"]


@pytest.mark.parametrize("letter", ["B", "*"])
def test_the_names_under_a_letter_come_in_pages(client: FlaskClient, letter: str) -> None:
    whole = asked(client, f"/themes/index/{letter}", lang="en", limit="500")["indexConcepts"]
    response = client.get(f"{API}/themes/index/{letter}?lang=en&limit=3&offset=2")
    assert response.get_json()["indexConcepts"] == whole[2:5]
    assert 'offset=5>; rel="next"' in response.headers["Link"]
    assert {"uri", "localname", "prefLabel", "lang"} <= set(whole[0])


def test_an_alternative_name_leads_to_the_preferred(zoo: FlaskClient) -> None:
    found = asked(zoo, "/zoo/index/H", lang="en")["indexConcepts"]
    assert [(entry["altLabel"], entry["prefLabel"]) for entry in found] == [("Hound", "Dog")]


def test_new_concepts_come_first(zoo: FlaskClient) -> None:
    found = asked(zoo, "/zoo/new", lang="en")["changeList"]
    assert [(entry["prefLabel"], entry["date"]) for entry in found] == [
        ("Cat", "2026-02-03T12:46:33+0000"),
        ("Dog", "2026-02-01T00:00:00+0000"),
        ("Puss", "2026-01-01T00:00:00+0000"),
    ]
    assert (found[2]["deprecated"], found[2]["replacingLabel"]) == (True, "Cat")


def test_modified_concepts_keep_their_offset(zoo: FlaskClient) -> None:
    found = asked(zoo, "/zoo/modified", limit="1")["changeList"]
    assert [entry["date"] for entry in found] == ["2026-03-01T10:00:00+0100"]


def test_statistics_count_concepts_groups_and_further_types(zoo: FlaskClient) -> None:
    found = asked(zoo, "/zoo/vocabularyStatistics", lang="en")
    assert found["concepts"]["count"] == 5
    assert found["concepts"]["deprecatedCount"] == 1
    assert found["conceptGroups"]["count"] == 2
    kind = {"type": "urn:my:Kind", "count": 1, "deprecatedCount": 0, "label": "Kind"}
    assert found["subTypes"] == [kind]


def test_label_statistics_count_names_by_language(zoo: FlaskClient) -> None:
    found = asked(zoo, "/zoo/labelStatistics", lang="en")["languages"]
    assert [(entry["language"], entry["literal"]) for entry in found] == [
        ("en", "English"),
        ("sv", "Swedish"),
    ]
    assert found[1]["properties"][0] == {"property": "skos:prefLabel", "labels": 2}


def test_mappings_are_given_as_jskos(client: FlaskClient) -> None:
    found = asked(client, "/themes/mappings", uri=ENVIRONMENT, lang="en")
    theme = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
    mapping = next(each for each in found["mappings"] if each["uri"] == theme)
    assert mapping["type"] == [str(SKOS.exactMatch)]
    assert mapping["from"] == {"memberSet": [{"uri": ENVIRONMENT}]}
    assert mapping["to"]["memberSet"][0]["prefLabel"] == {"en": "Environment"}
    assert found["graph"][0]["uri"] == ENVIRONMENT


# What Skosmos itself is tested for (its tests/RestControllerTest.php), over its own test data.
FISH = "http://www.skosmos.skos/test/"
LABELS = (
    ("ta112", "en", {"prefLabel": "Carp", "altLabel": ["Golden crucian"]}),
    ("ta112", "fi", {"prefLabel": "Karppi", "hiddenLabel": ["Karpit"]}),
    ("ta111", "en", {"prefLabel": "Tuna"}),
)
UNDER_B = [("ta116", "Bass"), ("ta122", "Black sea bass"), ("ta114", "Buri")]


@pytest.fixture(scope="module")
def fish_app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The application over the test vocabulary of Skosmos."""
    suite = SHARED / "suites" / "skosmos" / "test-vocab-data" / "test.ttl"
    if not suite.exists():
        pytest.skip(f"The test vocabulary of Skosmos is not at {suite}.")
    app = create_app(Settings(data=tmp_path_factory.mktemp("fish"), base_url=BASE))
    opened: Services = app.extensions["vocab_server"]
    triples = skolemized(Graph().parse(suite, format="turtle"))
    change = Change(graph_of(BASE, "test"), added=triples)
    opened.writer.commit([register(BASE, "test", "Test", FISH), change], "test", "Fish")
    yield app
    opened.close()


def skolemized(graph: Graph) -> frozenset[Triple]:
    """The triples with IRIs for blank nodes, as reading a file gives them."""
    made = graph.skolemize(authority="http://blank.example/")
    return frozenset(tuple(map(_stand_in, triple)) for triple in made)  # type: ignore[misc]


def _stand_in(term: Node) -> Node:
    name = str(term)
    is_blank = name.startswith("http://blank.example/")
    return URIRef(PREFIX + name.rpartition("/")[2]) if is_blank else term


@pytest.fixture
def fish(fish_app: Flask) -> FlaskClient:
    return fish_app.test_client()


@pytest.mark.parametrize(("name", "language", "expected"), LABELS)
def test_labels_are_those_of_skosmos(
    fish: FlaskClient, name: str, language: str, expected: dict[str, Any]
) -> None:
    found = asked(fish, "/test/label", uri=FISH + name, lang=language)
    assert found.pop("@context") == {
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "uri": "@id",
        "type": "@type",
        "prefLabel": "skos:prefLabel",
        "altLabel": "skos:altLabel",
        "hiddenLabel": "skos:hiddenLabel",
        "@language": language,
    }
    assert found == {"uri": FISH + name} | expected


def test_search_finds_what_skosmos_finds(fish: FlaskClient) -> None:
    found = asked(fish, "/search", query="*bass", fields="broader relatedMatch")
    results = {hit["uri"].removeprefix(FISH): hit for hit in found["results"]}
    assert set(results) == {"ta117", "ta116", "ta122"}
    bass = results["ta117"]
    assert (bass["prefLabel"], bass["lang"], bass["vocab"]) == ("3D Bass", "en", "test")
    assert "skos:Concept" in bass["type"]
    assert [linked["uri"] for linked in bass["broader"]] == [f"{FISH}ta1"]
    assert [linked["uri"] for linked in bass["relatedMatch"]] == [f"{FISH}ta115"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, UNDER_B),
        ({"limit": "2"}, UNDER_B[:2]),
        ({"offset": "1"}, UNDER_B[1:]),
        ({"limit": "1", "offset": "1"}, UNDER_B[1:2]),
    ],
)
def test_the_index_is_that_of_skosmos(
    fish: FlaskClient, query: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    found = asked(fish, "/test/index/B", lang="en", **query)
    assert found["indexConcepts"] == [
        {"uri": FISH + name, "localname": name, "prefLabel": label, "lang": "en"}
        for name, label in expected
    ]


def test_data_are_those_of_skosmos(fish: FlaskClient) -> None:
    found = asked(fish, "/test/data", uri=f"{FISH}ta117", format="application/json")
    nodes = {node["uri"].removeprefix(FISH): node for node in found["graph"]}
    bass = nodes["ta117"]
    assert bass["broader"] == {"uri": f"{FISH}ta1"}
    assert bass["inScheme"] == {"uri": f"{FISH}conceptscheme"}
    assert bass["prefLabel"] == {"lang": "en", "value": "3D Bass"}
    assert bass["relatedMatch"] == {"uri": f"{FISH}ta115"}
    assert bass["type"] == ["http://www.skosmos.skos/test-meta/TestClass", "skos:Concept"]
    assert nodes["ta1"]["prefLabel"] == {"lang": "en", "value": "Fish"}
    assert nodes["ta115"]["prefLabel"] == {"lang": "en", "value": "Eel"}


ODD = (
    "",
    "<>",
    "a b",
    "foo",
    "http://x/y",
    "*",
    "**",
    "\u0000",
    "å" * 300,
    "'\"\\",
    "-1",
    "9" * 30,
)
NAMES = [
    "uri",
    "query",
    "lang",
    "labellang",
    "type",
    "parent",
    "group",
    "scheme",
    "fields",
    "maxhits",
    "offset",
    "limit",
    "letter",
    "label",
    "vocab",
    "format",
    "callback",
    "unique",
]
PLACES = [
    "vocabularies",
    "search",
    "label",
    "data",
    "types",
    "zoo/",
    "zoo/search",
    "zoo/label",
    "zoo/data",
    "zoo/types",
    "zoo/topConcepts",
    "zoo/lookup",
    "zoo/vocabularyStatistics",
    "zoo/labelStatistics",
    "zoo/index/",
    "zoo/index/A",
    "zoo/broader",
    "zoo/narrower",
    "zoo/related",
    "zoo/broaderTransitive",
    "zoo/narrowerTransitive",
    "zoo/children",
    "zoo/hierarchy",
    "zoo/groups",
    "zoo/groupMembers",
    "zoo/new",
    "zoo/modified",
    "zoo/mappings",
]


@pytest.mark.parametrize("place", PLACES)
def test_odd_values_are_answered_or_refused(zoo: FlaskClient, place: str) -> None:
    usual = {"uri": f"{ZOO}dog", "query": "d*", "lang": "en", "label": "Dog"}
    for name in NAMES:
        for value in ODD:
            response = zoo.get(f"{API}/{place}", query_string=usual | {name: value})
            assert response.status_code < 500, (name, value)
