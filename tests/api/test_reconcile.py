"""Reconciliation Service API 0.2: against its JSON schemas, its examples, and what it says."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.conftest import BASE, SHARED
from vocab_server.rdf.namespaces import SKOS

HERE = "/reconcile/themes"
THEMES = f"{BASE}/id/themes"
CLIMATE = f"{THEMES}/climate-adaptation"
SPECS = SHARED / "suites" / "reconciliation-specs"
VERSIONS = ("0.2", "1.0-draft")


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def check(version: str, name: str, content: Any) -> None:
    """Compare with the specification's own schema."""
    folder = SPECS / version / "schemas"
    if not folder.exists():
        pytest.skip(f"The specification is not there: {SPECS}")
    found = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (schema.get("$id", file), DRAFT7.create_resource(schema)) for file, schema in found.items()
    )
    Draft7Validator(found[f"{name}.json"], registry=registry).validate(content)


def reconciled(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    """The candidates for one query."""
    answer = client.post(HERE, data={"queries": json.dumps({"q0": query})})
    assert answer.status_code == 200, answer.text
    check("0.2", "reconciliation-result-batch", answer.get_json())
    found: list[dict[str, Any]] = answer.get_json()["q0"]["result"]
    return found


def test_the_manifest_is_as_both_versions_say(client: FlaskClient, version: str) -> None:
    found = client.get(HERE, query_string={"version": version}).get_json()
    assert found["versions"] == [version]
    check(version, "manifest", found)


def test_a_whole_preferred_name_is_a_match(client: FlaskClient) -> None:
    first, *others = reconciled(client, query="Climate adaptation")
    assert (first["id"], first["score"], first["match"]) == (CLIMATE, 100, True)
    assert not any(other["match"] for other in others)


def test_every_name_finds_its_concept(client: FlaskClient) -> None:
    listed = client.get("/api/v1/concepts/narrower", query_string={"iri": f"{THEMES}/environment"})
    for item in listed.get_json()["items"]:
        assert item["iri"] in [c["id"] for c in reconciled(client, query=item["prefLabel"])]


def test_an_alternative_name_is_no_certain_match(client: FlaskClient) -> None:
    first = reconciled(client, query="skyfallskartering")[0]
    assert (first["id"], first["match"]) == (CLIMATE, False)
    assert 80 <= first["score"] < 100


@pytest.mark.parametrize("text", [CLIMATE, "climate-adaptation"])
def test_a_query_that_is_an_identifier_finds_it(client: FlaskClient, text: str) -> None:
    first = reconciled(client, query=text)[0]
    assert (first["id"], first["score"]) == (CLIMATE, 100)


def test_two_concepts_of_one_name_are_no_match(client: FlaskClient) -> None:
    body = {"queries": json.dumps({"q": {"query": "Statistics"}})}
    found = client.post("/reconcile/high-value-dataset-category", data=body).get_json()
    exact = [c for c in found["q"]["result"] if c["score"] == 100]
    assert sum(c["match"] for c in found["q"]["result"]) == (len(exact) == 1)


def test_scores_are_sorted_and_limited(client: FlaskClient) -> None:
    found = reconciled(client, query="data", limit=5)
    scores = [candidate["score"] for candidate in found]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)


def test_a_property_that_agrees_raises_the_score(client: FlaskClient) -> None:
    air = f"{THEMES}/air-and-climate"
    agreed = reconciled(client, query="climate", properties=[{"pid": "broader", "v": {"id": air}}])
    assert agreed[0]["id"] == CLIMATE
    wrong = [{"pid": str(SKOS.broader), "v": "http://example.org/none"}]
    first = reconciled(client, query="Climate adaptation", properties=wrong)[0]
    assert (first["match"], first["score"]) == (False, 70)


def test_properties_alone_find_concepts(client: FlaskClient) -> None:
    air = f"{THEMES}/air-and-climate"
    found = reconciled(client, properties=[{"pid": str(SKOS.broader), "v": {"id": air}}])
    assert CLIMATE in [candidate["id"] for candidate in found]
    [found] = reconciled(client, properties=[{"pid": "notation", "v": "ENVI-01-05"}])
    assert found["id"] == CLIMATE


def test_types_are_looked_for_as_asked(client: FlaskClient) -> None:
    name, other = "Climate adaptation", "http://example.org/Class"
    assert reconciled(client, query=name, type=str(SKOS.Concept))[0]["score"] == 100
    assert reconciled(client, query=name, type=other) == []
    assert reconciled(client, query=name, type=[other], type_strict="all") == []
    assert reconciled(client, query=name, type=other, type_strict="should")[0]["score"] == 80


def test_queries_may_be_in_the_address(client: FlaskClient) -> None:
    asked = {"queries": json.dumps({"a": {"query": "Energy"}, "b": {"query": "zzzzzz"}})}
    found = client.get(HERE, query_string=asked).get_json()
    assert set(found) == {"a", "b"}
    assert found["b"] == {"result": []}


def examples(version: str, name: str) -> list[Path]:
    return sorted((SPECS / version / "examples" / name).glob("*/*.json"))


@pytest.mark.parametrize(
    "path", examples("0.2", "reconciliation-query-batch"), ids=lambda p: p.stem
)
def test_the_examples_of_queries_are_taken_or_refused(client: FlaskClient, path: Path) -> None:
    answer = client.post(HERE, data={"queries": path.read_text()})
    assert answer.status_code == (200 if path.parent.name == "valid" else 400)
    if answer.status_code == 200:
        check("0.2", "reconciliation-result-batch", answer.get_json())
        assert set(answer.get_json()) == set(json.loads(path.read_text()))


@pytest.mark.parametrize(
    "path", examples("1.0-draft", "reconciliation-query-batch"), ids=lambda p: p.stem
)
def test_the_examples_of_the_draft_are_taken_or_refused(client: FlaskClient, path: Path) -> None:
    answer = client.post(f"{HERE}/match", json=json.loads(path.read_text()))
    assert answer.status_code == (200 if path.parent.name == "valid" else 400), answer.text
    if answer.status_code == 200:
        check("1.0-draft", "reconciliation-result-batch", answer.get_json())


@pytest.mark.parametrize(
    "batch",
    [
        "",
        "[]",
        "no json",
        '{"q": 1}',
        '{"q": {"query": 1}}',
        '{"q": {"query": "x", "limit": "y"}}',
        '{"q": {"query": "x", "type": 1}}',
        '{"q": {"query": "x", "type_strict": "some"}}',
        '{"q": {"query": "x", "properties": [{"pid": "p"}]}}',
        "[" * 5_000,
    ],
)
def test_wrong_queries_are_refused(client: FlaskClient, batch: str) -> None:
    answer = client.post(HERE, data={"queries": batch})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_batch_has_the_announced_size(client: FlaskClient) -> None:
    most = client.get(HERE).get_json()["batchSize"]
    for size, status in ((most, 200), (most + 1, 413)):
        batch = {str(number): {"query": "energy"} for number in range(size)}
        assert client.post(HERE, data={"queries": json.dumps(batch)}).status_code == status


@pytest.mark.parametrize(
    ("kind", "prefix", "schema", "found"),
    [
        ("entity", "climate ad", "suggest-entities-response", CLIMATE),
        ("property", "broad", "suggest-properties-response", str(SKOS.broader)),
        ("type", "conc", "suggest-types-response", str(SKOS.Concept)),
    ],
)
def test_suggestions(
    client: FlaskClient, version: str, kind: str, prefix: str, schema: str, found: str
) -> None:
    answer = client.get(f"{HERE}/suggest/{kind}", query_string={"prefix": prefix}).get_json()
    check(version, schema, answer)
    assert found in [item["id"] for item in answer["result"]]


def test_suggestions_go_on_at_the_cursor(client: FlaskClient) -> None:
    ids = [
        [
            item["id"]
            for item in client.get(f"{HERE}/suggest/entity?prefix=a&cursor={start}").get_json()[
                "result"
            ]
        ]
        for start in (0, 10)
    ]
    assert len(ids[0]) == 10
    assert not set(ids[0]) & set(ids[1])


def test_values_are_given_as_asked(client: FlaskClient) -> None:
    asked = {
        "ids": [CLIMATE, "http://example.org/none"],
        "properties": [
            {"id": "altLabel", "settings": {"limit": 2, "language": "sv"}},
            {"id": str(SKOS.broader)},
            {"id": str(SKOS.notation), "settings": {"limit": "1"}},
            {"id": "http://purl.org/dc/terms/created"},
        ],
    }
    check("0.2", "data-extension-query", asked)
    found = client.post(HERE, data={"extend": json.dumps(asked)}).get_json()
    check("0.2", "data-extension-response", found)
    row = found["rows"][CLIMATE]
    assert len(row["altLabel"]) == 2
    assert {"str": "Skyfallskartering"} in row["altLabel"]
    assert row[str(SKOS.broader)] == [
        {"id": f"{THEMES}/air-and-climate", "name": "Air and climate"}
    ]
    assert row[str(SKOS.notation)] == [{"str": "ENVI-01-05"}]
    assert found["rows"]["http://example.org/none"]["altLabel"] == []


@pytest.mark.parametrize("path", examples("0.2", "data-extension-query"), ids=lambda p: p.stem)
def test_the_examples_of_requests_for_values_are_taken(client: FlaskClient, path: Path) -> None:
    answer = client.post(HERE, data={"extend": path.read_text()})
    check("0.2", "data-extension-response", answer.get_json())
    answer = client.post(f"{HERE}/extend", json=json.loads(path.read_text()))
    check("1.0-draft", "data-extension-response", answer.get_json())


@pytest.mark.parametrize("text", ["[]", '{"ids": []}', '{"ids": [1], "properties": []}'])
def test_wrong_requests_for_values_are_refused(client: FlaskClient, text: str) -> None:
    assert client.post(HERE, data={"extend": text}).status_code == 400


def test_properties_are_proposed(client: FlaskClient, version: str) -> None:
    found = client.get(f"{HERE}/extend/propose?type={SKOS.Concept}&limit=3".replace("#", "%23"))
    check(version, "data-extension-property-proposal", found.get_json())
    assert len(found.get_json()["properties"]) == 3


def test_a_preview_may_stand_in_any_page(client: FlaskClient) -> None:
    announced = client.get(HERE).get_json()["preview"]["url"]
    answer = client.get(announced.removeprefix(BASE).replace("{{id}}", CLIMATE))
    assert "Climate adaptation" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]


def test_the_view_is_the_page_of_the_concept(client: FlaskClient) -> None:
    url = client.get(HERE).get_json()["view"]["url"].removeprefix(BASE).replace("{{id}}", CLIMATE)
    assert client.get(url).status_code == 200


def test_a_function_is_called_only_by_a_safe_name(client: FlaskClient) -> None:
    answer = client.get(f"{HERE}?callback=jQuery.done_1")
    assert answer.text.startswith('/**/jQuery.done_1({"')
    assert answer.mimetype == "text/javascript"
    assert client.get(f"{HERE}?callback=alert(1)//").status_code == 400


def test_an_unknown_vocabulary_is_not_found(client: FlaskClient) -> None:
    for path in ("", "/suggest/entity", "/suggest/property", "/preview?id=x:y", "/extend/propose"):
        assert client.get(f"/reconcile/none{path}").status_code == 404
