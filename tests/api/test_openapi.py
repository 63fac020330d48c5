"""The description of the REST API: valid, complete, and true of what is answered."""

import re

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from vocab_server.api.v1.description import OPERATIONS, Operation, describe

CHECKS = (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
MADE_UP = settings(
    max_examples=12,  # for each call
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _parameter(found: re.Match[str]) -> str:
    return "{id}" if found[1] == "identifier" else f"{{{found[1]}}}"


def test_every_call_is_described_and_no_other(shipped_app: Flask) -> None:
    there = {
        (re.sub(r"<(?:[^<>:]+:)?(\w+)>", _parameter, rule.rule), method.lower())
        for rule in shipped_app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and rule.rule != "/api/v1/"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(f"/api/v1{found.path}", found.method) for found in OPERATIONS} == there


def test_calls_have_names_of_their_own(client: FlaskClient) -> None:
    names = [found.name for found in OPERATIONS]
    assert len(set(names)) == len(names)
    assert client.get("/openapi.json").get_json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("name", describe("http://x")["components"]["schemas"])
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(describe("http://x")["components"]["schemas"][name])


@pytest.mark.parametrize(
    "found",
    [found for found in OPERATIONS if found.method == "get" and not found.needs_token],
    ids=lambda found: found.name,
)
def test_the_examples_work(client: FlaskClient, found: Operation) -> None:
    path = f"/api/v1{found.path}"
    for parameter in found.parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    query = {
        p["name"]: p["example"]
        for p in found.parameters
        if p["in"] == "query" and "example" in p and p["name"] != "group"
    }
    assert client.get(path, query_string=query).status_code == 200


def test_a_reader_finds_every_call_on_the_page(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    for found in OPERATIONS:
        assert f"{found.method.upper()} /api/v1{found.path}" in page.text
    assert "'unsafe" not in page.headers["Content-Security-Policy"]


@pytest.fixture(scope="module")
def described(shipped_app: Flask) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", shipped_app)


@pytest.mark.parametrize("found", OPERATIONS, ids=lambda found: found.name)
def test_what_is_answered_is_what_is_described(
    described: schemathesis.BaseSchema, found: Operation
) -> None:
    cases = described[f"/api/v1{found.path}"][found.method].as_strategy()

    @MADE_UP
    @given(cases)
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=list(CHECKS))

    ask()
