"""A draft as a whole: what it is called, when it is published, what is said of its concepts."""

from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import HTML, send, services_of, signed_in
from tests.web.test_drafts import GRAPH, SKOS, WATER, act, concept_path, confirmed, make, page
from vocab_server.database.drafts import Draft


@pytest.fixture
def editor(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "editor")


@pytest.fixture
def draft(people_app: Flask) -> Draft:
    return services_of(people_app).drafts.begin(GRAPH, "Baths", "Order", "editor")


def test_title_and_purpose_are_changed(
    people_app: Flask, editor: FlaskClient, draft: Draft
) -> None:
    path = f"/drafts/{draft.id}"
    send(editor, f"{path}/description", path, title="Bathing", purpose="Names & order")
    found = services_of(people_app).drafts.table.get(draft.id)
    assert (found.title, found.purpose) == ("Bathing", "Names & order")
    refused = send(editor, f"{path}/description", path, title=" ", purpose="What I wrote")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#title"' in refused.text and "What I wrote" in refused.text


def test_a_concept_is_discussed_on_its_page(editor: FlaskClient, draft: Draft) -> None:
    path = f"/drafts/{draft.id}"
    fields = {"iri": WATER, "text": "Too wide?"}
    said = send(editor, f"{path}/comments", concept_path(draft, WATER), **fields)
    assert said.headers["Location"] == f"{concept_path(draft, WATER)}#comments"
    assert "Too wide?" in page(editor, draft)
    whole = editor.get(path, headers=HTML).text
    assert "Too wide?" in whole and f'href="{concept_path(draft, WATER)}"' in whole
    empty = send(editor, f"{path}/comments", concept_path(draft, WATER), iri=WATER, text=" ")
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_approved_draft_is_published_later(
    people_app: Flask, editor: FlaskClient, draft: Draft
) -> None:
    curator, path = signed_in(people_app, "curator"), f"/drafts/{draft.id}"
    act(editor, draft, "setNotation", notation="W1")
    early = send(curator, f"{path}/schedule", path, at="2100-01-31T08:00")
    assert early.status_code == HTTPStatus.CONFLICT
    send(editor, f"{path}/step", path, state="in-review")
    send(curator, f"{path}/step", path, state="approved")
    for wrong in ("", "soon", "2001-01-01T00:00", "9" * 50):
        refused = send(curator, f"{path}/schedule", path, at=wrong)
        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert 'id="at-error"' in refused.text
    assert send(editor, f"{path}/schedule", path, at="2100-01-31T08:00").status_code == 403
    send(curator, f"{path}/schedule", path, at="2100-01-31T08:00")
    assert "2100-01-31T08:00" in editor.get(path, headers=HTML).text
    send(curator, f"{path}/schedule", path)
    assert services_of(people_app).drafts.table.get(draft.id).scheduled is None


def test_a_split_says_where_everything_goes(
    people_app: Flask, editor: FlaskClient, draft: Draft
) -> None:
    bath, sport = make(editor, draft, "Bath"), make(editor, draft, "Sport")
    act(editor, draft, "addRelated", bath, related=sport)
    outside = "https://example.net/1"
    act(editor, draft, "addMapping", bath, relation=f"{SKOS}closeMatch", target=outside)
    create = {"do": "createCollection", "prefLabel": {"en": "Places"}, "members": [bath]}
    with people_app.app_context():
        services_of(people_app).desk(draft).operate([create], "editor")
    shown = page(editor, draft, bath)
    group = shown.partition('name="group-1" value="1 ')[2].partition('"')[0]
    assert f'value="2 {sport}"' in shown and f'value="0 {outside}"' in shown and group
    where = {"related-1": f"2 {sport}", "mapped-1": f"1 {outside}", "group-1": f"1 {group}"}
    split = {"first": "Cold bath", "second": "Hot bath", "lang": "en", **where}
    confirmed(editor, draft, "split", bath, **split)
    cold, hot = (
        page(editor, draft, bath.replace("bath", name)) for name in ("cold-bath", "hot-bath")
    )
    assert outside in cold and outside not in hot
    assert "Sport" in hot.partition("Relations")[2].partition("Mappings")[0]
