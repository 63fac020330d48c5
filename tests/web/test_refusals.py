"""What is refused on a page is told in the reader's language; programs are told in English."""

import re
from http import HTTPStatus

import pytest
from flask import Flask
from rdflib import URIRef

from tests.conftest import BASE
from tests.people import HTML, proof, services_of, signed_in
from vocab_server.accounts.rules import Rule, broken
from vocab_server.editing.workflow import State
from vocab_server.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    Phrase,
    RuleBrokenError,
    TooManyAttemptsError,
    VocabServerError,
    either,
)
from vocab_server.web.error_texts import in_words

SWEDISH = {"Accept-Language": "sv"}
WATER = "https://example.org/a"


def in_swedish(app: Flask, error: VocabServerError) -> str:
    with app.test_request_context(headers=SWEDISH):
        return in_words(error)


def test_an_error_page_says_why_in_the_readers_language(people_app: Flask) -> None:
    client = signed_in(people_app, "editor")
    page = client.get("/administration/audit", headers=HTML | SWEDISH)
    assert page.status_code == HTTPStatus.FORBIDDEN
    assert '<p class="lead">Det kräver rollen administratör.</p>' in page.text
    english = client.get("/administration/audit", headers=HTML)
    assert '<p class="lead">This needs the role administrator.</p>' in english.text


def test_a_program_is_told_in_english(people_app: Flask) -> None:
    answer = people_app.test_client().get("/api/v1/vocabularies/fire", headers=SWEDISH)
    assert answer.json is not None
    assert answer.json["detail"] == "There is no vocabulary 'fire' here."


def test_a_broken_rule_is_told_at_its_field_with_the_names_as_they_are(people_app: Flask) -> None:
    graph = URIRef(f"{BASE}/vocabularies/water")
    draft = services_of(people_app).drafts.begin(graph, "Baths", "", "editor")
    client = signed_in(people_app, "editor")
    path = f"/drafts/{draft.id}/concepts?iri={WATER}"
    seen = re.findall(r'name="seen" value="([^"]+)"', client.get(path, headers=HTML).text)[0]
    given = {
        "csrf_token": proof(client, path),
        "do": "addLabel",
        "form": "addLabel",
        "iri": WATER,
        "seen": seen,
        "kind": "http://www.w3.org/2004/02/skos/core#prefLabel",
        "text": "källa",
        "lang": "sv",
    }
    refused = client.post(f"/drafts/{draft.id}/concepts", data=given, headers=HTML | SWEDISH)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "har redan den föredragna termen &#34;vatten&#34;@sv." in refused.text
    assert "Ändra den, eller lägg till den här texten som alternativ term." in refused.text
    assert "(SKOS Reference S14)" in refused.text
    assert '<span lang="en">' not in refused.text


def test_nothing_to_check_is_told_in_the_readers_language(people_app: Flask) -> None:
    client = people_app.test_client()
    data = {"csrf_token": proof(client, "/validate"), "text": ""}
    page = client.post("/validate", data=data, headers=HTML | SWEDISH).text
    assert "Det finns inget att kontrollera. Klistra in RDF, eller välj en fil." in page


def test_a_file_that_cannot_be_read_is_refused_in_the_readers_language(people_app: Flask) -> None:
    client = people_app.test_client()
    turtle = "<https://example.org/a> a skos:Concept ."
    data = {"csrf_token": proof(client, "/validate"), "text": turtle, "format": "turtle"}
    page = client.post("/validate", data=data, headers=HTML | SWEDISH).text
    english = '<span lang="en">The prefix &#34;skos:&#34; is not declared.</span>'
    assert f"Din text, rad 1: {english} Kör igen med --fix för att rätta detta." in page


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            TooManyAttemptsError(20),
            "För många inloggningsförsök. Försök igen om 20 sekunder.",
        ),
        (
            ForbiddenError("This needs the role %(roles)s%(where)s.", roles=either("ab"), where=""),
            "Det kräver rollen a eller b.",
        ),
        (
            ConflictError(
                "A draft that is %(before)s cannot become %(after)s.",
                before=State.IN_REVIEW,
                after=State.PUBLISHED,
            ),
            "Ett utkast med läget ”under granskning” kan inte få läget ”publicerad”.",
        ),
        (
            InvalidError("%(name)s needs the field %(field)r.", name="<b>", field="a'b"),
            "&lt;b&gt; behöver fältet &#34;a&#39;b&#34;.",
        ),
        (
            InvalidError("%(url)s cannot be fetched: %(error)s", url="x", error=OSError("a & b")),
            'x kan inte hämtas: <span lang="en">a &amp; b</span>',
        ),
        (
            InvalidError(
                "%(name)s, field %(field)r: %(error)s",
                name="move",
                field="to",
                error=NotFoundError("Nothing here is named %(iri)s.", iri=WATER),
            ),
            f"move, fältet &#39;to&#39;: Inget här heter {WATER}.",
        ),
        (
            RuleBrokenError("TYP-1", "%(n)s%% of <it>.", "Choose another concept.", n=5),
            '<span lang="en">5% of &lt;it&gt;.</span> Välj ett annat begrepp. (TYP-1)',
        ),
        (
            InvalidError("100 % of <it>"),
            '<span lang="en">100 % of &lt;it&gt;</span>',
        ),
        (
            broken(Rule.ROLE_UNKNOWN, "There is no role 'boss'."),
            "Välj en av rollerna.",
        ),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, str) else "",
)
def test_an_error_is_told_in_words(shipped_app: Flask, error: VocabServerError, told: str) -> None:
    assert in_swedish(shipped_app, error) == told


def test_nothing_is_marked_as_english_on_an_english_page(shipped_app: Flask) -> None:
    error = InvalidError("%(n)s of <it>", n=Phrase("none"))
    with shipped_app.test_request_context(headers={"Accept-Language": "en"}):
        assert in_words(error) == "none of &lt;it&gt;"
