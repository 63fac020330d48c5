"""Names that are alike, told before a new one is saved."""

import re
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import BASE
from tests.people import HTML, services_of, signed_in
from tests.web.test_drafts import GRAPH, SKOS, WATER, act, make
from vocab_server.database.drafts import Draft
from vocab_server.editing.importing import Source, import_file

OTHER = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/other> a skos:ConceptScheme .
<https://example.org/other/1> a skos:Concept ; skos:inScheme <https://example.org/other> ;
    skos:prefLabel "Outdoor bath"@en, "야외 목욕"@ko, "حمام خارجي"@ar ."""
FOUND = re.compile(r'<li>.*?<a href="([^"]+)"', re.DOTALL)


@pytest.fixture
def editor(people_app: Flask) -> FlaskClient:
    opened = services_of(people_app)
    file = opened.settings.data.parent / "other.ttl"
    file.write_text(OTHER)
    import_file(opened.writer, BASE, "other", Source(file, file.name), "test")
    return signed_in(people_app, "editor")


@pytest.fixture
def draft(people_app: Flask, editor: FlaskClient) -> Draft:
    return services_of(people_app).drafts.begin(GRAPH, "Baths", "Order", "editor")


def alike(client: FlaskClient, draft: Draft, text: str, iri: str = "") -> str:
    query = {"text": text, "iri": iri}
    found = client.get(f"/drafts/{draft.id}/similar", query_string=query, headers=HTML)
    assert found.status_code == HTTPStatus.OK
    return found.text


@pytest.mark.parametrize("text", ["Water", "WATER ", "Wáter", "vatten", "Vaten", "waterr"])
def test_the_same_without_marks_or_misspelt_is_found(
    editor: FlaskClient, draft: Draft, text: str
) -> None:
    assert FOUND.findall(alike(editor, draft, text)) == [
        f"/drafts/{draft.id}/concepts?iri=https%3A%2F%2Fexample.org%2Fa"
    ]
    assert alike(editor, draft, text, WATER).strip() == ""


@pytest.mark.parametrize("text", ["", "w", "Wa", "Wine", "Water under the bridge", "𒀀", "%\0x"])
def test_what_is_another_word_is_not_found(editor: FlaskClient, draft: Draft, text: str) -> None:
    assert alike(editor, draft, text).strip() == ""


@pytest.mark.parametrize("text", ["outdoor baths", "야외 목욕", "حمام خارجي"])
def test_other_vocabularies_are_searched_too(editor: FlaskClient, draft: Draft, text: str) -> None:
    found = alike(editor, draft, text)
    assert "Other vocabularies" in found and "example.org%2Fother%2F1" in found
    assert 'name="warned"' not in found


def test_what_the_draft_itself_made_is_found(editor: FlaskClient, draft: Draft) -> None:
    made = make(editor, draft, "Thermal spring")
    assert made.rpartition("/")[2] in alike(editor, draft, "Thermal springs")


def test_a_name_that_is_there_is_saved_only_after_it_was_shown(
    editor: FlaskClient, draft: Draft
) -> None:
    made = make(editor, draft, "Thermal spring")
    label = {"kind": f"{SKOS}altLabel", "text": "Vatten", "lang": "sv"}
    shown = act(editor, draft, "addLabel", made, **label)
    assert shown.status_code == HTTPStatus.OK
    assert "called almost so" in shown.text and "Nothing is saved yet" in shown.text
    for seen in ({"confirmed": "1"}, {"warned": "Källvatten"}, {"warned": "Vatten"}):
        done = act(editor, draft, "addLabel", made, **label, **seen)
        saved = "warned" not in seen or seen["warned"] == "Vatten"
        assert done.status_code == (HTTPStatus.SEE_OTHER if saved else HTTPStatus.OK)
        label["lang"] += "-x-a"


def test_the_preview_of_a_new_concept_tells_what_is_alike(
    editor: FlaskClient, draft: Draft
) -> None:
    previewed = act(editor, draft, "create", text="Waters", lang="en")
    assert "called almost so in this vocabulary" in previewed.text
    assert 'name="address"' in previewed.text


def test_who_may_not_edit_is_told_nothing(people_app: Flask, draft: Draft) -> None:
    found = signed_in(people_app, "reader").get(f"/drafts/{draft.id}/similar?text=x", headers=HTML)
    assert found.status_code == HTTPStatus.FORBIDDEN
