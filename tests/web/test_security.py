"""What the list of OWASP ASVS 5.0 names and no other test shows; and that the list is whole."""

import ast
import csv
import logging
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ROOT
from tests.people import services_of, signed_in
from tests.web.conftest import make_site
from vocab_server.rdf.formats import DESCRIPTION_FORMATS

LIST = ROOT / "docs" / "security" / "asvs.csv"
LEVELS = {"1": 70, "2": 183}  # items of OWASP ASVS 5.0.0
ANSWERS = {"met", "operator", "does not apply", "not met"}
HTML = {"Accept": "text/html"}
SECURE = "https://vocab.example"


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with an https address."""
    app = make_site(tmp_path_factory.mktemp("secure"), base_url=SECURE)
    yield app
    services_of(app).close()


def rows() -> list[dict[str, str]]:
    with LIST.open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def names_in(path: Path) -> set[str]:
    found = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in found if isinstance(node, ast.FunctionDef)}


def test_every_item_of_both_levels_is_answered_once() -> None:
    listed = rows()
    items = [row["item"] for row in listed]
    assert len(set(items)) == len(items)
    assert all(re.fullmatch(r"V\d+\.\d+\.\d+", item) for item in items)
    assert Counter(row["level"] for row in listed) == LEVELS
    assert {row["answer"] for row in listed} == ANSWERS


def test_an_answer_has_a_reason_or_a_test_that_exists() -> None:
    for row in rows():
        assert row["how"] or row["test"], row["item"]
        if row["answer"] != "met":
            assert row["how"], row["item"]
        if row["test"]:
            path, _, name = row["test"].partition("::")
            assert name in names_in(ROOT / path), row["item"]


def test_the_security_page_has_its_parts() -> None:
    parts = {line[3:] for line in (ROOT / "docs/security.md").read_text().splitlines()}
    assert {
        "Signing in",
        "Sessions",
        "What is accepted",
        "What takes time",
        "Whom the server talks to",
        "Keys and cryptography",
        "Data",
        "Logs",
        "Components",
    } <= parts


def test_https_is_asked_for_a_year_and_below(secure: Flask) -> None:
    for path in ("/", "/nothing", "/doc/water.ttl"):
        sent = secure.test_client().get(path, base_url=SECURE).headers
        assert sent["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_with_https_every_cookie_is_of_this_host_only(secure: Flask) -> None:
    client = secure.test_client()
    answer = client.get("/about?interface=sv", headers=HTML, base_url=SECURE)
    [(name, cookie)] = SimpleCookie(answer.headers["Set-Cookie"]).items()
    assert name == "__Host-interface"
    assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/")
    assert cookie["domain"] == ""
    again = client.get("/about", headers=HTML | {"Accept-Language": "en"}, base_url=SECURE)
    assert again.headers["Content-Language"] == "sv"


@pytest.mark.parametrize(
    "path",
    [
        *(f"/resource?iri=https://example.org/a&format={f.name}" for f in DESCRIPTION_FORMATS),
        "/api/v1/vocabularies",
        "/openapi.json",
        "/sparql?query=ASK{}",
        "/robots.txt",
        "/static/concept-picker.js",
        "/static/icon.svg",
        "/vocabularies/water/picture.svg",
        "/nothing",
    ],
)
def test_every_answer_loads_nothing_and_stands_in_no_frame(people_app: Flask, path: str) -> None:
    answer = people_app.test_client().get(path, headers={"Accept": "*/*"})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy or answer.mimetype == "text/html"
    answer.close()


def test_signing_out_clears_what_the_browser_keeps(people_app: Flask) -> None:
    client = signed_in(people_app, "editor")
    page = client.get("/", headers=HTML).text
    proof = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert proof
    answer = client.post("/sign-out", data={"csrf_token": proof[1]})
    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_what_is_refused_is_logged_and_nobody_named(
    people_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    client = signed_in(people_app, "reader")
    client.get("/administration/accounts?secret=1", headers=HTML)
    client.post("/sign-out", data={"csrf_token": "forged"})
    people_app.test_client().get(
        "/api/v1/account", headers={"Authorization": "Bearer vocab_guessed"}
    )
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "Refused administration.accounts: 403 ForbiddenError",
        "Refused signing_in.leave: 400 CSRFError",
        "Refused api_account.show: 401 SignInNeededError",
    ]


def test_the_bill_of_materials_and_the_audit_are_made() -> None:
    recipes = (ROOT / "Makefile").read_text()
    assert "\nsbom:" in recipes
    assert "\naudit:" in recipes
    assert "make audit" in (ROOT / ".ci" / "run").read_text()


def test_the_package_has_no_tests() -> None:
    package = ROOT / "vocab_server"
    assert not [path for path in package.rglob("test_*.py") if "vendor" not in path.parts]
