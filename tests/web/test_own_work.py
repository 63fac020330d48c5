"""The start page of who is signed in, and the way from a concept into a draft."""

from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from rdflib import URIRef

from tests.conftest import BASE
from tests.people import HTML, add_person, send, services_of, signed_in
from vocab_server.accounts.roles import Grant, Role

GRAPH = URIRef(f"{BASE}/vocabularies/water")
WATER = "https://example.org/a"
DRAFTS = "/vocabularies/water/drafts"


def home(client: FlaskClient) -> str:
    return client.get("/", headers=HTML).text


def test_who_edits_goes_on_with_drafts_of_their_vocabularies(people_app: Flask) -> None:
    opened = services_of(people_app)
    draft = opened.drafts.begin(GRAPH, "New baths", "", "curator")
    given_up = opened.drafts.begin(GRAPH, "Old baths", "", "editor")
    add_person(opened.database, "outsider", Grant(Role.EDITOR, "other"))
    editor = signed_in(people_app, "editor")
    send(editor, f"/drafts/{given_up.id}/step", f"/drafts/{given_up.id}", state="withdrawn")
    page = home(editor)
    assert f'href="/drafts/{draft.id}"' in page and "New baths" in page
    assert f'href="{DRAFTS}"' in page
    assert "Old baths" not in page
    for name in ("outsider", "reader", "publisher"):
        theirs = home(signed_in(people_app, name))
        assert "New baths" not in theirs and DRAFTS not in theirs
    assert "you need a role" in home(signed_in(people_app, "reader"))
    assert "Your work" not in home(people_app.test_client())


def test_a_concept_leads_into_a_draft_of_it(people_app: Flask) -> None:
    editor, reader = signed_in(people_app, "editor"), signed_in(people_app, "reader")
    concept = f"/resource?iri={WATER}"
    way = f"{DRAFTS}?concept={WATER}"
    assert f'href="{way}"' in editor.get(concept, headers=HTML).text
    assert way not in reader.get(concept, headers=HTML).text
    started = send(editor, way, way, title="Another name")
    assert started.status_code == HTTPStatus.SEE_OTHER
    inside = started.headers["Location"]
    assert inside.endswith(f"/concepts?iri={WATER}")
    assert "water" in editor.get(inside, headers=HTML).text
    chosen = editor.get(way, headers=HTML).text
    assert f'href="{inside}"' in chosen and ">water<" in chosen
    assert editor.get(f"{DRAFTS}?concept=x y", headers=HTML).status_code == HTTPStatus.BAD_REQUEST
