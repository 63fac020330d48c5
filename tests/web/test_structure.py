"""The structure of a vocabulary is the same in every language, one without any label too.

And what stands beside the hierarchy is reached: groups, arrays, loose concepts, circles, schemes.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal
from rdflib.term import Node

from tests.browser.conftest import HARD, HERE
from tests.strategies import LABELS
from tests.web.test_pages import BASE, read
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.rdf.namespaces import OWL, RDF, SKOS, SKOSXL
from vocab_server.reading import lens_for, view
from vocab_server.search.lists import letters
from vocab_server.services import Services
from vocab_server.skos.hierarchy import local_name

LANGUAGES = ("en", "sv", "ar", "ko", "zh-Hans", "de", "xx")  # nothing has a name in the last
PREFIXES = """@prefix : <https://example.org/s/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
CLASSIFICATION = "".join(
    f':c{code} a skos:Concept ; skos:notation "{code}" ; skos:prefLabel "{name}"@en {above} .\n'
    for code, name, above in (
        ("1", "plants", ""),
        ("2", "animals", ""),
        ("10", "fungi", ""),
        ("1.2", "mosses", "; skos:broader :c1"),
        ("1.10", "trees", "; skos:broader :c1"),
        ("1.1", "grasses", "; skos:broader :c1"),
    )
)
MEMBERS = 1_200  # of a group that is too big to be read whole
BIG = ":big a skos:Collection ; skos:prefLabel 'big'@en .\n" + "".join(
    f':m{n} a skos:Concept ; skos:prefLabel "member {n:04}"@en . :big skos:member :m{n} .\n'
    for n in range(MEMBERS)
)
FILES = {"classified": PREFIXES + CLASSIFICATION, "big": PREFIXES + BIG}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the hard cases, a classification and a vocabulary with a big group."""
    folder = tmp_path_factory.mktemp("structure")
    made = create_app(Settings(data=folder / "data", base_url=BASE))
    opened: Services = made.extensions["vocab_server"]
    files = {"hard": HERE / "hard-cases.ttl"}
    for name, text in FILES.items():
        files[name] = folder / f"{name}.ttl"
        files[name].write_text(text)
    for name, path in files.items():
        import_file(opened.writer, BASE, name, Source(path, path.name), "test")
    yield made
    opened.close()


@pytest.fixture
def hard(app: Flask) -> FlaskClient:
    return app.test_client()


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def tree(client: FlaskClient, path: str) -> set[tuple[str | None, ...]]:
    rows = [found for found in read(client, path).all("li") if "data-iri" in found]
    return {(row["data-iri"], row["data-level"], row["data-setsize"]) for row in rows}


def iris(items: Iterable[dict[str, Any]]) -> set[str]:
    return {item["iri"] for item in items}


def nested(groups: Iterable[dict[str, Any]]) -> set[tuple[object, ...]]:
    return {(g["iri"], g["members"], tuple(sorted(nested(g["groups"])))) for g in groups}


PLACES = {
    "tree": lambda c, lang: tree(c, f"/vocabularies/hard?lang={lang}"),
    "tree at a concept": lambda c, lang: tree(c, f"/resource?iri={HARD}/dog&lang={lang}"),
    "piece of the tree": lambda c, lang: tree(
        c, f"/vocabularies/hard/tree?iri={HARD}/animal&level=2&lang={lang}"
    ),
    "top": lambda c, lang: iris(get(c, f"/api/v1/vocabularies/hard/top?lang={lang}")["items"]),
    "level": lambda c, lang: iris(
        get(c, f"/api/v1/concepts/narrower?iri={HARD}/animal&lang={lang}")["items"]
    ),
    "paths": lambda c, lang: {
        tuple(step["iri"] for step in path)
        for path in get(c, f"/api/v1/concepts?iri={HARD}/dog&lang={lang}")["paths"]
    },
    "groups": lambda c, lang: nested(
        get(c, f"/api/v1/vocabularies/hard/groups?lang={lang}")["items"]
    ),
    "members": lambda c, lang: [
        item["iri"]
        for item in get(c, f"/api/v1/concepts/narrower?iri={HARD}/by-size&lang={lang}")["items"]
    ],
    "orphans": lambda c, lang: iris(
        get(c, f"/api/v1/vocabularies/hard/orphans?lang={lang}")["items"]
    ),
    "circles": lambda c, lang: [
        [concept["iri"] for concept in circle["concepts"]]
        for circle in get(c, f"/api/v1/vocabularies/hard/circles?lang={lang}")["items"]
    ],
    "Skosmos groups": lambda c, lang: {
        (group["uri"], group["hasMembers"], tuple(group.get("childGroups", ())))
        for group in get(c, f"/rest/v1/hard/groups?lang={lang}")["groups"]
    },
    "JSKOS top": lambda c, lang: {
        concept["uri"] for concept in get(c, f"/jskos/voc/top?uri={HARD}&language={lang}&limit=100")
    },
}


@pytest.mark.parametrize("place", PLACES)
def test_the_structure_is_the_same_in_every_language(hard: FlaskClient, place: str) -> None:
    shapes = {language: PLACES[place](hard, language) for language in LANGUAGES}
    assert shapes["en"]
    assert {language for language in LANGUAGES if shapes[language] != shapes["en"]} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_in_a_language_is_under_one_letter(app: Flask, language: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        vocabulary = view().vocabulary("hard")
        tag = lens_for(vocabulary.graph).languages[0]
        found = letters(view().index, vocabulary.graph, tag)
    assert sum(found.values()) == len(names_in_use(tag))
    assert read(app.test_client(), f"/vocabularies/hard/index?lang={language}").all("h1")


def names_in_use(tag: str) -> set[tuple[Node, Node, str]]:
    """The names of concepts that are not deprecated, by concept and property, read by rdflib."""
    graph = Graph().parse(HERE / "hard-cases.ttl")
    plain = {(s, p, o) for p in LABELS for s, o in graph.subject_objects(p)}
    extended = {
        (s, p, text)
        for p in LABELS
        for s, form in graph.subject_objects(SKOSXL[local_name(p)])
        for text in graph.objects(form, SKOSXL.literalForm)
    }
    return {
        (s, p, str(o))
        for s, p, o in plain | extended
        if o.language
        and o.language.lower() == tag
        and (s, RDF.type, SKOS.Concept) in graph
        and (s, OWL.deprecated, Literal(True)) not in graph
    }


def test_groups_are_a_tree_with_how_many_are_in_each(hard: FlaskClient) -> None:
    found = get(hard, "/api/v1/vocabularies/hard/groups")["items"]
    by_name = {group["prefLabel"]: group for group in found}
    assert list(by_name) == ["animals by nature", "animals by size", "living things"]
    assert by_name["animals by size"]["members"] == 3
    [inside] = by_name["living things"]["groups"]
    assert (inside["prefLabel"], inside["members"]) == ("animals of the house", 2)
    text = " ".join(read(hard, "/vocabularies/hard/groups").text.split())
    assert "living things 1 member animals of the house 2 members" in text


def test_a_group_says_what_it_is_in_and_what_is_in_it(hard: FlaskClient) -> None:
    inner = " ".join(read(hard, f"/resource?iri={HARD}/house-animals").text.split())
    assert "Member of living things" in inner
    outer = " ".join(read(hard, f"/resource?iri={HARD}/living").text.split())
    assert "Groups in this one animals of the house" in outer
    member = " ".join(read(hard, f"/resource?iri={HARD}/dog").text.split())
    assert "Member of animals by size animals of the house" in member


def test_an_array_stands_between_the_narrower_concepts(hard: FlaskClient) -> None:
    page = read(hard, f"/resource?iri={HARD}/animal")
    text = " ".join(page.text.split())
    assert "horse Kangalfisch (de) animals by nature pet predator" in text
    array = " ".join(read(hard, f"/resource?iri={HARD}/by-nature").text.split())
    assert "Divides A animal" in array


def test_groups_have_a_tab_only_where_there_are_any(hard: FlaskClient) -> None:
    address = "/vocabularies/{}/groups"
    for name, is_there in (("hard", True), ("classified", False)):
        links = {str(a.get("href")) for a in read(hard, f"/vocabularies/{name}").all("a")}
        assert (address.format(name) in links) is is_there


def test_a_concept_without_a_place_is_listed_apart(hard: FlaskClient) -> None:
    found = get(hard, "/api/v1/vocabularies/hard/orphans")
    named = {f"{HARD}/{name}" for name in ("stray", "nameless-stray")}
    assert named <= iris(found["items"])
    assert found["total"] == len(found["items"])
    page = read(hard, "/vocabularies/hard")
    assert f"{found['total']} concepts outside the hierarchy" in page.text
    shown = read(hard, "/vocabularies/hard/orphans").text
    assert "stray" in shown


def test_where_no_top_is_stated_nothing_is_without_a_place(hard: FlaskClient) -> None:
    assert get(hard, "/api/v1/vocabularies/classified/orphans")["total"] == 0
    assert "has its place in the hierarchy" in read(hard, "/vocabularies/classified/orphans").text


def test_a_circle_is_told_and_reached(hard: FlaskClient) -> None:
    found = get(hard, "/api/v1/vocabularies/hard/circles")
    assert [[c["prefLabel"] for c in circle["concepts"]] for circle in found["items"]] == [
        ["chick", "hen", "egg"]
    ]
    assert found["total"] == 3
    assert "3 concepts in a circle" in read(hard, "/vocabularies/hard").text
    assert "broader than itself" in read(hard, f"/resource?iri={HARD}/hen").text
    assert "broader than itself" not in read(hard, f"/resource?iri={HARD}/dog").text


def test_the_tree_begins_with_the_scheme_that_is_chosen(hard: FlaskClient) -> None:
    page = read(hard, f"/vocabularies/hard?scheme={HARD}/colours")
    assert [li["data-iri"] for li in page.all("li") if "data-iri" in li] == [f"{HARD}/colour"]
    assert [o["value"] for o in page.all("option") if "selected" in o][-1] == f"{HARD}/colours"
    top = get(hard, f"/api/v1/vocabularies/hard/top?scheme={HARD}/colours")
    assert iris(top["items"]) == {f"{HARD}/colour"}


@pytest.mark.parametrize("path", ["/vocabularies/hard", "/api/v1/vocabularies/hard/top"])
def test_a_scheme_of_another_vocabulary_is_not_found(hard: FlaskClient, path: str) -> None:
    answer = hard.get(f"{path}?scheme=urn:other")
    assert answer.status_code == 404
    assert "has no concept scheme urn:other" in answer.text or "/api" not in path


@pytest.mark.parametrize("name", ["groups", "orphans", "circles"])
def test_a_page_leads_to_its_json(hard: FlaskClient, name: str) -> None:
    answer = hard.get(f"/vocabularies/hard/{name}?lang=sv", headers={"Accept": "application/json"})
    assert answer.status_code == 303
    assert answer.location == f"/api/v1/vocabularies/hard/{name}?lang=sv"
    assert get(hard, answer.location)["total"]
    assert hard.get(f"/vocabularies/nothing/{name}").status_code == 404


@pytest.mark.parametrize(
    ("page", "accepted", "twin"),
    [
        ("/vocabularies", "application/json", "/api/v1/vocabularies"),
        ("/vocabularies", "text/turtle", "/.well-known/void"),
        ("/vocabularies/hard", "application/json", "/api/v1/vocabularies/hard"),
        ("/vocabularies/hard", "application/rdf+xml", "/vocabularies/hard.rdf"),
        ("/vocabularies/hard/index", "application/json", "/api/v1/vocabularies/hard/index"),
        ("/vocabularies/hard/index/D", "application/json", "/api/v1/vocabularies/hard/index/D"),
        ("/vocabularies/hard/quality", "application/json", "/vocabularies/hard/quality.json"),
        ("/vocabularies/hard/quality", "text/turtle", "/vocabularies/hard/quality.ttl"),
        ("/vocabularies/hard/tree", "application/json", "/api/v1/vocabularies/hard/top"),
        (
            f"/vocabularies/hard/tree?iri={HARD}/living",
            "application/json",
            f"/api/v1/concepts/narrower?iri={HARD}/living",
        ),
    ],
)
def test_who_accepts_data_is_led_to_it(
    hard: FlaskClient, page: str, accepted: str, twin: str
) -> None:
    answer = hard.get(page, headers={"Accept": f"{accepted}, text/html;q=0.5"})
    assert answer.status_code == 303
    assert unquote(answer.location) == twin
    found = hard.get(answer.location, headers={"Accept": accepted})
    assert found.status_code in {200, 202, 503}
    assert found.mimetype == accepted
    shown = hard.get(page)
    assert shown.mimetype == "text/html"
    assert "Accept" in shown.vary


def test_who_accepts_neither_page_nor_data_is_told_what_there_is(hard: FlaskClient) -> None:
    answer = hard.get("/vocabularies/hard/groups", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "application/json" in answer.text


def test_the_index_tells_the_names_of_the_page(hard: FlaskClient) -> None:
    found = get(hard, "/api/v1/vocabularies/hard/index?lang=en&limit=1000")
    letter = found["letter"]
    assert letter in found["letters"]
    page = read(hard, f"/vocabularies/hard/index/{quote(letter)}?lang=en")
    assert all(item["name"]["text"] in page.text for item in found["items"])
    assert len(found["items"]) == found["total"] > 0
    assert hard.get("/api/v1/vocabularies/hard/index/Ω?lang=en").status_code == 404


def test_a_classification_goes_by_its_notations_everywhere(hard: FlaskClient) -> None:
    top = get(hard, "/api/v1/vocabularies/classified/top")["items"]
    assert [item["notation"] for item in top] == ["1", "2", "10"]
    below = get(hard, "/api/v1/concepts/narrower?iri=https://example.org/s/c1")["items"]
    assert [item["notation"] for item in below] == ["1.1", "1.2", "1.10"]
    rows = [li for li in read(hard, "/vocabularies/classified").all("li") if "data-iri" in li]
    assert [str(row["data-iri"]).rpartition("/c")[2] for row in rows] == ["1", "2", "10"]


def test_a_big_group_comes_in_pages_in_order(hard: FlaskClient) -> None:
    group = "/api/v1/concepts/narrower?iri=https://example.org/s/big"
    found = get(hard, f"{group}&limit=50&offset=1150")
    assert found["total"] == MEMBERS
    assert [i["prefLabel"] for i in found["items"]] == [f"member {n:04}" for n in range(1150, 1200)]


def test_every_address_of_a_concept_is_encoded(hard: FlaskClient) -> None:
    page = read(hard, "/vocabularies/hard/groups")
    assert f"/resource?iri={quote(f'{HARD}/living', safe='')}" in {a["href"] for a in page.all("a")}
