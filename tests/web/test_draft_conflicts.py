"""Conflicts of a draft with what was published meanwhile, over the application."""

import re
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import HTML, send, services_of, signed_in
from tests.web.test_drafts import GRAPH, SKOS, WATER, act, concept_path, page
from vocab_server.database.drafts import Draft

SEEN = re.compile(r'name="seen" value="(\d+)"')


def rename(client: FlaskClient, draft: Draft, text: str, before: str = "water") -> None:
    label = {"kind": f"{SKOS}prefLabel", "before": before, "before-lang": "en", "lang": "en"}
    assert act(client, draft, "changeLabel", text=text, **label).status_code == HTTPStatus.SEE_OTHER


def publish(app: Flask, draft: Draft) -> None:
    """Hand in, approve and publish, each by who may."""
    path = f"/drafts/{draft.id}"
    editor, curator = signed_in(app, "editor"), signed_in(app, "curator")
    for client, state in ((editor, "in-review"), (curator, "approved"), (curator, "published")):
        assert send(client, f"{path}/step", path, state=state).status_code == HTTPStatus.SEE_OTHER


@pytest.fixture
def two(people_app: Flask) -> tuple[Draft, Draft]:
    """Two drafts of which each has the same concept under another name; the second published."""
    drafts = services_of(people_app).drafts
    ours, theirs = (drafts.begin(GRAPH, name, "", "editor") for name in ("Ours", "Theirs"))
    editor = signed_in(people_app, "editor")
    rename(editor, ours, "Wet")
    rename(editor, theirs, "Waters")
    publish(people_app, theirs)
    return ours, theirs


def settle(client: FlaskClient, draft: Draft, **fields: str) -> object:
    path = f"/drafts/{draft.id}/conflicts"
    seen = SEEN.findall(client.get(path, headers=HTML).text)[0]
    return send(client, path, **{"seen": seen, **fields})


def test_both_sides_are_shown_before_publishing(
    people_app: Flask, two: tuple[Draft, Draft]
) -> None:
    editor, curator = signed_in(people_app, "editor"), signed_in(people_app, "curator")
    path = f"/drafts/{two[0].id}"
    assert f"{path}/conflicts" in editor.get(path, headers=HTML).text
    for client, state in ((editor, "in-review"), (curator, "approved"), (curator, "published")):
        sent = send(client, f"{path}/step", path, state=state)
    assert sent.headers["Location"] == f"{path}/conflicts"
    shown = curator.get(f"{path}/conflicts", headers=HTML).text
    assert "does not go together" in shown and "Wet" in shown and "Waters" in shown
    assert "Both replaced the same text" in shown


@pytest.mark.parametrize(("choice", "name"), [("ours", "Wet"), ("theirs", "Waters")])
def test_what_was_chosen_is_published(
    people_app: Flask, two: tuple[Draft, Draft], choice: str, name: str
) -> None:
    editor = signed_in(people_app, "editor")
    act(editor, two[0], "setNotation", notation="W1")
    settled = settle(editor, two[0], **{"choice-1": f"{choice} {WATER}"})
    assert settled.status_code == HTTPStatus.SEE_OTHER
    assert f'value="{name}"' in page(editor, two[0])
    publish(people_app, two[0])
    found = editor.get(f"/resource?iri={WATER}", headers=HTML).text
    assert f">{name}</span>" in found and "W1" in found


def test_neither_as_it_is_leads_to_the_concept(people_app: Flask, two: tuple[Draft, Draft]) -> None:
    editor = signed_in(people_app, "editor")
    settled = settle(editor, two[0], **{"choice-1": f"edit {WATER}"})
    assert settled.headers["Location"] == concept_path(two[0], WATER)
    rename(editor, two[0], "Water, all of it", before="Wet")
    publish(people_app, two[0])
    assert "Water, all of it" in editor.get(f"/resource?iri={WATER}", headers=HTML).text


def test_the_rest_may_be_decided_at_once(people_app: Flask, two: tuple[Draft, Draft]) -> None:
    editor = signed_in(people_app, "editor")
    assert settle(editor, two[0], rest="theirs").status_code == HTTPStatus.SEE_OTHER
    assert 'value="Waters"' in page(editor, two[0])


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({}, 409, "Choose for each what to keep"),
        ({"choice-1": f"mine {WATER}"}, 422, "is no choice"),
        ({"rest": "mine"}, 422, "is no choice"),
        ({"choice-1": f"ours {WATER}", "seen": "x"}, 422, "Load the page anew"),
        ({"choice-1": f"ours {WATER}", "seen": "1"}, 409, "More was published since"),
    ],
)
def test_what_cannot_be_settled_changes_nothing(
    people_app: Flask, two: tuple[Draft, Draft], fields: dict[str, str], status: int, said: str
) -> None:
    editor = signed_in(people_app, "editor")
    refused = settle(editor, two[0], **fields)
    assert refused.status_code == status
    assert said in refused.text and 'id="error-summary"' in refused.text
    assert services_of(people_app).drafts.table.get(two[0].id).base == two[0].base


def test_without_a_conflict_there_is_nothing_to_choose(
    people_app: Flask, two: tuple[Draft, Draft]
) -> None:
    editor = signed_in(people_app, "editor")
    new = services_of(people_app).drafts.begin(GRAPH, "New", "", "editor")
    assert "Nothing was published" in editor.get(f"/drafts/{new.id}/conflicts", headers=HTML).text
    assert f"/drafts/{new.id}/conflicts" not in editor.get(f"/drafts/{new.id}", headers=HTML).text
    for other in ("nobody", "reader"):
        found = signed_in(people_app, other).get(f"/drafts/{new.id}/conflicts", headers=HTML)
        assert found.status_code == HTTPStatus.FORBIDDEN
