"""Collections, orders and what a vocabulary says of itself: changed in a draft by forms."""

import re
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import HTML, send, services_of, signed_in
from tests.web.test_drafts import (
    GRAPH,
    act,
    concept_path,
    confirmed,
    make,
    page,
)
from vocab_server.database.drafts import Draft
from vocab_server.skos.acts.operations import ACTS
from vocab_server.web import draft_bulk_forms, draft_forms

PLACES = re.compile(r'name="place ([^"]+)" type="text" inputmode="numeric" size="4" value="(\d+)"')
IN_OTHER_WAYS = {"setLabels"}  # by the grid of translations


@pytest.fixture
def editor(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "editor")


@pytest.fixture
def draft(people_app: Flask) -> Draft:
    return services_of(people_app).drafts.begin(GRAPH, "Baths", "Order", "editor")


def group(client: FlaskClient, draft: Draft, name: str, **fields: str) -> str:
    """The address of a new collection."""
    previewed = confirmed(client, draft, "createCollection", "", text=name, lang="en", **fields)
    return previewed.partition('name="address" value="')[2].partition('"')[0]


def test_every_act_has_a_form() -> None:
    assert {*draft_forms.FORMS, *draft_bulk_forms.FORMS} >= ACTS.keys() - IN_OTHER_WAYS


def test_a_collection_is_made_filled_and_put_in_order(editor: FlaskClient, draft: Draft) -> None:
    made = [make(editor, draft, name) for name in ("Lake", "Pool", "Sea")]
    places = group(editor, draft, "Places to bathe", ordered="1")
    assert 'name="do" value="setMembers"' not in page(editor, draft, places)
    for concept in made:
        assert act(editor, draft, "addMember", places, member=concept).status_code == 303
    shown = page(editor, draft, places)
    assert PLACES.findall(shown) == [(iri, str(n)) for n, iri in enumerate(made, 1)]
    numbers = {f"place {iri}": n for iri, n in zip(made, ("1", "2", "1"), strict=True)}
    act(editor, draft, "setMembers", places, **numbers)
    assert [iri for iri, _ in PLACES.findall(page(editor, draft, places))] == [
        made[2],
        made[0],
        made[1],
    ]
    act(editor, draft, "removeMember", places, **{"member-chosen": made[0]})
    left = [iri for iri, _ in PLACES.findall(page(editor, draft, places))]
    assert left == [made[2], made[1]]
    assert "Places to bathe" in editor.get(concept_path(draft), headers=HTML).text


def test_a_concept_is_put_into_a_collection_and_taken_out(
    editor: FlaskClient, draft: Draft
) -> None:
    places = group(editor, draft, "Places")
    assert f'<option value="{places}"' in page(editor, draft)
    act(editor, draft, "addMember", **{"collection-chosen": places})
    assert f'name="collection-chosen" value="{places}"' in page(editor, draft)
    act(editor, draft, "removeMember", **{"collection-chosen": places})
    assert f'name="collection-chosen" value="{places}"' not in page(editor, draft)
    again = act(editor, draft, "removeMember", **{"collection-chosen": places})
    assert again.status_code == HTTPStatus.CONFLICT


def test_what_is_under_a_concept_is_put_in_order(editor: FlaskClient, draft: Draft) -> None:
    made = [make(editor, draft, name) for name in ("Lake", "Pool", "Sea")]
    numbers = {f"place {iri}": n for iri, n in zip(made, ("3", "2", "3"), strict=True)}
    act(editor, draft, "order", **numbers)
    assert [iri for iri, _ in PLACES.findall(page(editor, draft))] == [made[1], made[2], made[0]]
    refused = act(editor, draft, "order", **{f"place {made[0]}": "first"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="order-error"' in refused.text and 'value="first"' in refused.text
    act(editor, draft, "order", alphabetical="1")
    assert [iri for iri, _ in PLACES.findall(page(editor, draft))] == made


def test_a_vocabulary_is_described_by_forms(editor: FlaskClient, draft: Draft) -> None:
    first = editor.get(concept_path(draft), headers=HTML).text
    scheme = re.findall(r'name="scheme" value="([^"]+)"', first)[0]
    assert (
        act(editor, draft, "createScheme", "", text="", lang="en", scheme=scheme).status_code == 422
    )
    act(editor, draft, "createScheme", "", text="Water", lang="en", scheme=scheme)
    described = editor.get(concept_path(draft), headers=HTML).text
    assert concept_path(draft, scheme) in described and "createScheme" not in described
    title = "http://purl.org/dc/terms/title"
    texts = {"value-000": "Water", "lang-000": "en", "value-001": "Vatten", "lang-001": "sv"}
    act(editor, draft, "setMetadata", scheme, property=title, texts="1", **texts)
    shown = page(editor, draft, scheme)
    assert 'value="Vatten"' in shown and 'value="Water"' in shown
    version = "http://www.w3.org/2002/07/owl#versionInfo"  # which no language has of its own
    act(editor, draft, "setMetadata", scheme, property=version, texts="1", **{"value-000": "2.0"})
    shown = page(editor, draft, scheme)
    form = shown.partition(f'value="{version}"')[2].partition("</form>")[0]
    assert 'value="2.0"' in form and "lang-000" not in form
    licence = "http://purl.org/dc/terms/license"
    fields = {"property": licence, "form": "setMetadata-5", "value-000": "free for all"}
    given = {"do": "setMetadata", "iri": scheme, "seen": _seen(shown), **fields}
    path = f"/drafts/{draft.id}/concepts"
    refused = send(editor, path, concept_path(draft, scheme), **given)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="setMetadata-5-error"' in refused.text and "free for all" in refused.text


def test_an_ended_concept_is_used_again_in_another_place(editor: FlaskClient, draft: Draft) -> None:
    lake, bath = make(editor, draft, "Lake"), make(editor, draft, "Bath")
    wet = make(editor, draft, "Wet", lake)
    gone = {"reason": "Too narrow", "lang": "en", "replaced": "no"}
    for concept in (wet, lake):
        confirmed(editor, draft, "deprecate", concept, **gone)
    refused = act(editor, draft, "restore", wet, to="Nowhere at all")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    back = {"to": bath, "reason": "Asked for", "lang": "en"}
    assert act(editor, draft, "restore", wet, **back).status_code == HTTPStatus.SEE_OTHER
    shown = page(editor, draft, wet)
    assert "Asked for" in shown and f'name="broader" value="{bath}"' in shown


def _seen(shown: str) -> str:
    return re.findall(r'name="seen" value="([^"]+)"', shown)[0]
