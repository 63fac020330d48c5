"""``POST /api/v1/validate``: RDF in, findings out, nothing kept, whatever is sent."""

import gzip
import io
import json

import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from werkzeug.test import TestResponse

from vocab_server.quality.uploads import LARGEST
from vocab_server.rdf.namespaces import RDF, SH

ADDRESS = "/api/v1/validate"
TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/a> a skos:Concept ; skos:prefLabel "water"@en, "aqua"@en ."""
JSON_LD = json.dumps(
    {
        "@id": "https://example.org/a",
        "@type": "http://www.w3.org/2004/02/skos/core#Concept",
        "http://www.w3.org/2004/02/skos/core#altLabel": {"@value": "", "@language": "en"},
    }
)


@pytest.mark.parametrize(
    ("body", "media_type", "check"),
    [
        (TURTLE, "text/turtle", "INT-S14"),
        (TURTLE, "application/octet-stream", "INT-S14"),
        (gzip.compress(TURTLE.encode()), "text/turtle", "INT-S14"),
        (JSON_LD, "application/ld+json", "LAB-5"),
    ],
)
def test_findings_come_out(
    client: FlaskClient, body: str | bytes, media_type: str, check: str
) -> None:
    answer = client.post(ADDRESS, data=body, content_type=media_type)
    assert answer.status_code == 200
    assert check in {finding["check"] for finding in answer.json["findings"]}
    assert answer.json["counts"]["violation"] >= 1
    assert answer.json["failures"] == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_messages_come_in_the_language_that_is_asked_for(client: FlaskClient) -> None:
    told = client.post(f"{ADDRESS}?lang=sv", data=TURTLE, content_type="text/turtle").json
    assert "Flera föredragna termer på ett språk" in told["findings"][0]["message"]


def test_who_accepts_turtle_gets_a_validation_report(client: FlaskClient) -> None:
    answer = client.post(
        ADDRESS, data=TURTLE, content_type="text/turtle", headers={"Accept": "text/turtle"}
    )
    report = Graph().parse(data=answer.text, format="turtle")
    assert len(list(report.subjects(RDF.type, SH.ValidationReport))) == 1


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        ("", "text/turtle", 400),
        ("<urn:a> <urn:b", "text/turtle", 400),
        ("<urn:a> <urn:b> <urn:c> .", "text/turtle", 400),
        (TURTLE, "image/png", 415),
        (b" " * (LARGEST + 1), "text/turtle", 413),
        ("[" * 50_000, "application/ld+json", 400),
        ("<urn:a> <urn:b> " + "[ <urn:b> " * 60_000, "text/turtle", 400),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    client: FlaskClient, body: str | bytes, media_type: str, status: int
) -> None:
    answer = client.post(ADDRESS, data=body, content_type=media_type)
    assert answer.status_code == status
    assert answer.json["detail"]
    assert client.get("/healthz").status_code == 200


OWN_SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:shape> a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property [ sh:path skos:definition ;
    sh:minCount 1 ; sh:message "Define it."@en ; sh:severity sh:Warning ] ."""
OWN_DATA = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:a> a skos:Concept . <urn:b> a skos:Concept ; skos:definition "설명"@ko ."""


def send_shapes(client: FlaskClient, **parts: str) -> TestResponse:
    files = {name: (io.BytesIO(text.encode()), f"{name}.ttl") for name, text in parts.items()}
    return client.post(f"{ADDRESS}/shapes", data=files)


def test_what_breaks_shapes_of_ones_own_is_told(client: FlaskClient) -> None:
    told = send_shapes(client, data=OWN_DATA, shapes=OWN_SHAPES).get_json()
    (found,) = told["findings"]
    assert (found["focus"], found["severity"]) == ("<urn:a>", "warning")
    assert found["message"] == "Define it."
    assert told["counts"] == {"violation": 0, "warning": 1, "information": 0}
    assert told["total"] == 1


def test_shapes_that_are_missing_or_wrong_are_refused(client: FlaskClient) -> None:
    missing = send_shapes(client, data=OWN_DATA)
    assert missing.status_code == 400 and "shapes" in missing.get_json()["detail"]
    wrong = OWN_SHAPES.replace("sh:path skos:definition ;", "")
    assert send_shapes(client, data=OWN_DATA, shapes=wrong).status_code == 400
    assert send_shapes(client, data="no RDF <", shapes=OWN_SHAPES).status_code in (400, 415)
