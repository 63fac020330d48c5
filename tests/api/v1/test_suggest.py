"""Suggestions for a description, over HTTP, from shipped vocabularies and one of many scripts."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from rdflib import Graph

from tests.conftest import BASE
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.rdf.change import Change
from vocab_server.skos.vocabularies import graph_of, register


def suggested(client: FlaskClient, **sent: object) -> list[dict]:
    answer = client.post("/api/v1/suggest", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["items"]


def names(client: FlaskClient, **sent: object) -> list[str]:
    return [item["prefLabel"] for item in suggested(client, vocabulary="themes", **sent)]


@pytest.mark.parametrize(
    ("title", "language", "expected", "match"),
    [
        ("Badvattenkvalitet vid våra badplatser", "sv", "Badvatten", "name"),
        ("Måltider i skolan", "sv", "Skolmåltider", "joined"),
        ("Bygglovsbeslut 2024", "sv", "Bygglov", "compound"),
        ("Badplatserna i kommunen", "sv", "Badvatten", "inflected"),
        ("Timetables at bus stops", "en", "Public transport stops", "name"),
        ("FORSKOLOR", "sv", "Förskolor", "name"),
    ],
)
def test_a_title_leads_to_the_concept_it_is_about(
    client: FlaskClient, title: str, language: str, expected: str, match: str
) -> None:
    first = suggested(client, vocabulary="themes", title=title, lang=language)[0]
    assert first["prefLabel"] == expected
    assert match in {reason["match"] for reason in first["reasons"]}
    said = [reason for reason in first["reasons"] if reason["in"] != "datasets"]
    assert all(reason["in"] == "title" for reason in said)
    assert all(reason["text"] in title.casefold() for reason in said)


def test_the_specific_comes_before_what_it_lies_under(client: FlaskClient) -> None:
    found = names(client, title="Vatten: badvatten", lang="sv")
    assert found.index("Badvatten") < found.index("Vatten")


def test_a_title_says_more_than_a_description(client: FlaskClient) -> None:
    sent = {"title": "Skolmåltider", "description": "Bygglov", "lang": "sv"}
    assert names(client, **sent)[:2] == ["Skolmåltider", "Bygglov"]


def test_keywords_and_names_of_columns_count(client: FlaskClient) -> None:
    items = suggested(client, vocabulary="themes", keywords=["bygglov"], columns=["skolmåltider"])
    assert [item["reasons"][0]["in"] for item in items] == ["keywords", "columns"]


def test_each_says_where_it_stands_and_in_which_vocabulary(client: FlaskClient) -> None:
    item = suggested(client, title="Badvatten", lang="sv")[0]
    assert item["vocabulary"] == "themes"
    assert [step["prefLabel"] for step in item["path"]] == ["Miljö", "Vatten"]
    assert 0 < item["score"] <= 100


def test_a_text_about_nothing_we_know_leads_nowhere(client: FlaskClient) -> None:
    assert suggested(client, title="xyzzy plugh", lang="sv") == []


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ([], 400, "object"),
        ({}, 400, "at least one of"),
        ({"title": " "}, 400, "at least one of"),
        ({"title": 5}, 400, "title"),
        ({"title": "a", "keywords": "b"}, 400, "keywords"),
        ({"title": "a", "keywords": [1]}, 400, "keywords"),
        ({"title": "a", "lang": "no such tag"}, 400, "lang"),
        ({"title": "a", "limit": 0}, 400, "limit"),
        ({"title": "a", "limit": True}, 400, "limit"),
        ({"title": "a", "vocabulary": "none"}, 404, "none"),
        ({"title": "a", "vocabulary": [1]}, 400, "vocabulary"),
        ({"title": "a" * 100_001}, 400, "100000"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    client: FlaskClient, sent: object, status: int, told: str
) -> None:
    answer = client.post("/api/v1/suggest", json=sent)
    assert answer.status_code == status
    assert told in answer.get_json()["detail"]


WORDS = f"{BASE}/id/words"
TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:soil a skos:Concept ; skos:prefLabel "토양 오염"@ko , "土壤污染"@zh .
:water a skos:Concept ; skos:prefLabel "تلوث المياه"@ar .
:old a skos:Concept ; skos:prefLabel "Lapptäcke"@sv ; owl:deprecated true .
:none a skos:Concept .
"""


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = create_app(Settings(data=tmp_path_factory.mktemp("words"), base_url=BASE))
    opened = app.extensions["vocab_server"]
    triples = Graph().parse(data=f"@prefix : <{WORDS}/> .{TURTLE}", format="turtle")
    change = Change(graph_of(BASE, "words"), added=frozenset(triples))  # type: ignore[arg-type]
    opened.writer.commit([register(BASE, "words", "Words"), change], "test", "Words")
    yield app.test_client()
    opened.close()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2024년 토양 오염 조사", "ko", "soil"),
        ("全国土壤污染状况调查", "zh", "soil"),
        ("بيانات تلوث المياه في المدينة", "ar", "water"),
        ("Lapptäcke", "sv", None),
    ],
)
def test_every_script_is_read_and_nothing_deprecated_suggested(
    words: FlaskClient, text: str, language: str, expected: str | None
) -> None:
    found = suggested(words, title=text, lang=language)
    assert [item["iri"] for item in found] == ([f"{WORDS}/{expected}"] if expected else [])
