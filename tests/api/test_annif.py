"""Suggestions in Annif's form, over the shipped vocabularies."""

import pytest
from flask.testing import FlaskClient

PROJECT = "/annif/v1/projects/themes"
TEXT = "Bygglov och badvattenkvalitet i kommunen"


def test_every_vocabulary_is_a_project(client: FlaskClient) -> None:
    listed = client.get("/annif/v1/projects").get_json()["projects"]
    assert {project["project_id"] for project in listed} >= {"themes", "data-theme"}
    assert client.get(PROJECT).get_json() in listed
    assert client.get("/annif/v1/").get_json()["title"] == "vocab-server"


def test_a_form_with_a_text_gets_concepts_with_scores(client: FlaskClient) -> None:
    answer = client.post(f"{PROJECT}/suggest", data={"text": TEXT, "language": "sv"})
    results = answer.get_json()["results"]
    assert {result["label"] for result in results} == {"Bygglov", "Badvatten"}
    for result in results:
        assert set(result) == {"uri", "label", "notation", "score"}
        assert 0 < result["score"] <= 1


def test_one_word_in_the_singular_is_enough(client: FlaskClient) -> None:
    answer = client.post(f"{PROJECT}/suggest", data={"text": "badplats", "language": "sv"})
    assert [result["label"] for result in answer.get_json()["results"]] == ["Badvatten"]


def test_limit_and_threshold_leave_out_the_weaker(client: FlaskClient) -> None:
    def found(**sent: str) -> list[dict]:
        return client.post(f"{PROJECT}/suggest", data={"text": TEXT, **sent}).get_json()["results"]

    assert found(limit="1") == found()[:1]
    assert found(threshold="1") == []


def test_several_documents_are_answered_each(client: FlaskClient) -> None:
    documents = [{"text": "Bygglov", "document_id": "a"}, {"text": "xyzzy"}]
    answer = client.post(f"{PROJECT}/suggest-batch?language=sv", json={"documents": documents})
    first, second = answer.get_json()
    assert first["document_id"] == "a"
    assert [result["label"] for result in first["results"]] == ["Bygglov"]
    assert second == {"document_id": None, "results": []}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "text"),
        ({"text": " "}, "text"),
        ({"text": "a", "limit": "0"}, "limit"),
        ({"text": "a", "threshold": "2"}, "threshold"),
        ({"text": "a", "threshold": "nan"}, "threshold"),
        ({"text": "a", "language": "not a tag"}, "language"),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    client: FlaskClient, sent: dict[str, str], told: str
) -> None:
    answer = client.post(f"{PROJECT}/suggest", data=sent)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert told in answer.get_json()["detail"]


def test_an_unknown_project_is_not_found(client: FlaskClient) -> None:
    answer = client.post("/annif/v1/projects/none/suggest", data={"text": "a"})
    assert answer.status_code == 404
