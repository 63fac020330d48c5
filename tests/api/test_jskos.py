"""The JSKOS API: what jskos-server promises its clients."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib.namespace import SKOS

from tests.conftest import BASE

API = "/jskos"
SCHEME = f"{BASE}/id/themes"
WATER, BATHING = f"{SCHEME}/water", f"{SCHEME}/bathing-water"
ENVIRONMENT = f"{SCHEME}/environment"
DATA_THEMES = "http://publications.europa.eu/resource/authority/data-theme"
# The members that status.schema.json allows, and further ones that jskos-server 2 has.
STATUS = {
    "ok",
    "config",
    "schemes",
    "top",
    "concepts",
    "voc-suggest",
    "voc-search",
    "data",
    "narrower",
    "ancestors",
    "suggest",
    "search",
    "concordances",
    "mappings",
    "annotations",
    "types",
} | {"voc-concepts", "registries", "validate"}
LISTS = (
    "/voc",
    "/voc/top",
    f"/voc/concepts?uri={SCHEME}",
    "/voc/search?search=e",
    f"/concepts?voc={SCHEME}",
    f"/concepts/narrower?uri={WATER}",
    f"/narrower?uri={WATER}",
    "/concepts/search?search=water",
    "/search?search=water",
)


def asked(client: FlaskClient, path: str, **query: str) -> Any:
    """The JSON that a path answers with."""
    response = client.get(f"{API}{path}", query_string=query or None)
    assert response.status_code == 200, response.text
    return response.get_json()


def uris(items: list[Any]) -> list[str]:
    return [item["uri"] for item in items]


def test_the_status_says_where_everything_is(client: FlaskClient) -> None:
    status = asked(client, "/status")
    assert set(status) == STATUS
    assert status["ok"] == 1
    assert status["config"]["baseUrl"] == f"{BASE}/jskos/"
    for name, address in status.items():
        if name not in {"ok", "config"} and address is not None:
            path = address.removeprefix(BASE)
            assert client.get(f"{path}?uri={SCHEME}&search=water").status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_a_list_comes_in_pages(client: FlaskClient, path: str) -> None:
    joint = "&" if "?" in path else "?"
    whole = asked(client, path)
    response = client.get(f"{API}{path}{joint}limit=1&offset=1")
    assert uris(response.get_json()) == uris(whole)[1:2]
    assert int(response.headers["X-Total-Count"]) >= min(len(whole), 3)
    for relation in ("first", "prev", "last"):
        assert f'rel="{relation}"' in response.headers["Link"]
    assert ('rel="next"' in response.headers["Link"]) == (len(whole) > 2)
    assert "X-Total-Count" in response.headers["Access-Control-Expose-Headers"]


def test_the_next_page_is_the_one_that_the_link_names(client: FlaskClient) -> None:
    response = client.get(f"{API}/voc/top?uri={SCHEME}&limit=5")
    found = uris(response.get_json())
    while 'rel="next"' in response.headers["Link"]:
        links = response.headers["Link"].split(", ")
        following = next(link for link in links if link.endswith('rel="next"'))
        response = client.get(following[1:].partition(">")[0].removeprefix(BASE))
        found += uris(response.get_json())
    assert len(found) == len(set(found)) == 13


def test_a_large_limit_is_taken_for_as_much_as_there_may_be(client: FlaskClient) -> None:
    assert len(asked(client, "/voc/top", uri=SCHEME, limit="10000")) == 13


REFUSED = (
    ("/nothing", 404, "EntityNotFoundError"),
    ("/mappings", 404, "EntityNotFoundError"),
    ("/voc/concepts", 400, "MalformedRequestError"),
    ("/voc?limit=x", 400, "MalformedRequestError"),
    ("/voc?limit=0", 400, "MalformedRequestError"),
    ("/voc?offset=-1", 400, "MalformedRequestError"),
    (f"/data?uri={'|'.join(f'urn:{n}' for n in range(501))}", 400, "MalformedRequestError"),
)


@pytest.mark.parametrize(("path", "status", "name"), REFUSED, ids=[row[0][:30] for row in REFUSED])
def test_an_error_is_named(client: FlaskClient, path: str, status: int, name: str) -> None:
    response = client.get(f"{API}{path}")
    assert response.status_code == status
    body = response.get_json()
    assert (body["error"], body["status"]) == (name, status)
    assert body["message"]


@pytest.mark.parametrize(
    ("query", "notations"),
    [
        ({}, ["data-theme", "high-value-dataset-category", "themes"]),
        ({"uri": f"{SCHEME}|{DATA_THEMES}"}, ["data-theme", "themes"]),
        ({"notation": "themes"}, ["themes"]),
        ({"uri": "urn:other"}, []),
        ({"languages": "fi"}, ["data-theme", "high-value-dataset-category"]),
        ({"type": str(SKOS.ConceptScheme), "notation": "themes"}, ["themes"]),
        ({"subject": "urn:any"}, []),
        ({"sort": "counter"}, ["data-theme", "high-value-dataset-category", "themes"]),
        (
            {"sort": "notation", "order": "desc"},
            ["themes", "high-value-dataset-category", "data-theme"],
        ),
    ],
)
def test_vocabularies_are_chosen(
    client: FlaskClient, query: dict[str, str], notations: list[str]
) -> None:
    found = asked(client, "/voc", **query)
    assert [scheme["notation"] for scheme in found] == [[notation] for notation in notations]


def test_a_vocabulary_says_how_to_get_it(client: FlaskClient) -> None:
    (found,) = asked(client, "/voc", uri=SCHEME)
    assert found["prefLabel"] == {"en": "Themes for open data", "sv": "Ämnen för öppna data"}
    assert (found["languages"], found["extent"]) == (["en", "sv"], "279")
    assert found["API"][0] == {
        "type": "http://bartoc.org/api-type/jskos",
        "url": f"{BASE}/jskos/",
    }
    for distribution in found["distributions"]:
        path = distribution["download"].removeprefix(BASE)
        assert client.head(path).mimetype == distribution["mimetype"]


def test_a_concept_has_its_names_in_all_languages(client: FlaskClient) -> None:
    (found,) = asked(client, "/concepts", uri=WATER)
    assert found["prefLabel"] == {"en": "Water", "sv": "Vatten"}
    assert found["notation"] == ["ENVI-02"]
    assert found["broader"] == [{"uri": ENVIRONMENT}]
    assert found["narrower"] == [None]
    assert found["inScheme"] == [{"uri": SCHEME}]
    assert "Vattenmiljö" in found["altLabel"]["sv"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, []),
        ({"uri": f"{BATHING}|{WATER}|urn:none"}, [BATHING, WATER]),
        ({"notation": "ENVI-02"}, [WATER]),
        ({"notation": "ENVI-02|ENVI-02-01"}, [WATER, BATHING]),
        ({"uri": WATER, "voc": DATA_THEMES}, []),
        ({"uri": "not an iri"}, []),
    ],
)
def test_concepts_are_chosen(client: FlaskClient, query: dict[str, str], found: list[str]) -> None:
    assert uris(asked(client, "/concepts", **query)) == found


def test_data_gives_concepts_and_schemes(client: FlaskClient) -> None:
    found = asked(client, "/data", uri=f"{WATER}|{SCHEME}|urn:none")
    assert set(uris(found)) == {WATER, SCHEME}


@pytest.mark.parametrize("path", ["/concepts/ancestors", "/ancestors"])
def test_ancestors_begin_with_the_nearest(client: FlaskClient, path: str) -> None:
    assert uris(asked(client, path, uri=BATHING)) == [WATER, ENVIRONMENT]
    assert asked(client, path, uri=ENVIRONMENT) == []
    assert asked(client, path, uri="urn:none") == []


def test_narrower_concepts_say_whether_there_is_more_below(client: FlaskClient) -> None:
    found = {item["uri"]: item for item in asked(client, "/concepts/narrower", uri=ENVIRONMENT)}
    assert found[WATER]["narrower"] == [None]
    assert asked(client, "/concepts/narrower", uri=BATHING) == []
    assert asked(client, "/concepts/narrower", uri="urn:none") == []


@pytest.mark.parametrize(
    ("properties", "has", "has_not"),
    [
        ("uri,prefLabel", {"altLabel", "definition"}, {"ancestors"}),
        ("ancestors", {"ancestors", "altLabel"}, set()),
        ("*", {"ancestors", "altLabel"}, set()),
        ("*,-ancestors,altLabel", {"definition"}, {"ancestors", "altLabel"}),
        ("-altLabel,definition,+definition", {"definition"}, {"altLabel"}),
    ],
)
def test_properties_are_added_and_left_out(
    client: FlaskClient, properties: str, has: set[str], has_not: set[str]
) -> None:
    (found,) = asked(client, "/concepts", uri=WATER, properties=properties)
    assert has <= set(found)
    assert not has_not & set(found)


def test_narrower_concepts_come_along_when_asked_for(client: FlaskClient) -> None:
    (found,) = asked(client, "/concepts", uri=WATER, properties="narrower,ancestors")
    assert BATHING in uris(found["narrower"])
    assert uris(found["ancestors"]) == [ENVIRONMENT]


@pytest.mark.parametrize("path", ["/concepts/suggest", "/suggest"])
def test_suggestions_are_in_the_form_of_opensearch(client: FlaskClient, path: str) -> None:
    found = asked(client, path, search="bad", language="sv,en", voc=SCHEME, type="")
    text, labels, descriptions, found_uris = found
    assert text == "bad"
    assert labels[0] == "ENVI-02-01 Badvatten"
    assert found_uris[0] == BATHING
    assert descriptions == [""] * len(labels)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "bathing water"}, [BATHING]),
        ({"query": "bathing water"}, [BATHING]),
        ({"search": "ENVI-02-01", "use": "notation"}, [BATHING]),
        ({"search": "ENVI-02-01", "use": "label"}, []),
        ({"search": "bathing water", "voc": DATA_THEMES}, []),
        ({"search": "bathing water", "voc": "urn:none"}, []),
        ({"search": "bathing water", "type": str(SKOS.Concept)}, [BATHING]),
        ({"search": "bathing water", "type": "urn:none"}, []),
        ({"search": ""}, []),
    ],
)
def test_search_finds_concepts(
    client: FlaskClient, query: dict[str, str], found: list[str]
) -> None:
    assert uris(asked(client, "/concepts/search", **query))[:1] == found
    assert uris(asked(client, "/concepts/suggest", format="jskos", **query))[:1] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("themes", ["themes"]), ("amnen", ["themes"]), ("data themes", ["data-theme"]), ("zzz", [])],
)
def test_vocabularies_are_searched(client: FlaskClient, text: str, found: list[str]) -> None:
    schemes = asked(client, "/voc/search", search=text)
    assert [scheme["notation"][0] for scheme in schemes][:1] == found
    suggested = asked(client, "/voc/suggest", search=text)
    assert suggested[3] == uris(schemes)


def test_types_are_listed_with_names(client: FlaskClient) -> None:
    (concept,) = asked(client, "/types", uri=SCHEME)
    assert concept["uri"] == str(SKOS.Concept)
    assert concept["prefLabel"] == {"en": "Concept"}


ODD = ("", "<>", "a b", "foo", "*", "\u0000", "å" * 300, "'\"\\", "|", "urn:a|urn:b", "9" * 30)
NAMES = ("uri", "voc", "search", "language", "type", "notation", "properties", "sort", "format")
PLACES = [
    "voc",
    "voc/top",
    "voc/concepts",
    "voc/suggest",
    "voc/search",
    "concepts",
    "data",
    "concepts/narrower",
    "concepts/ancestors",
    "concepts/suggest",
    "concepts/search",
    "types",
    "status",
]


@pytest.mark.parametrize("place", PLACES)
def test_odd_values_are_answered_or_refused(client: FlaskClient, place: str) -> None:
    usual = {"uri": WATER, "search": "water", "limit": "3"}
    for name in NAMES:
        for value in ODD:
            response = client.get(f"{API}/{place}", query_string=usual | {name: value})
            assert response.status_code < 500, (name, value)
