"""What a vocabulary prescribes, chosen on a page and held to on pages and by programs."""

from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import HTML, send, services_of, signed_in
from tests.web.test_drafts import GRAPH, act, make
from vocab_server.database.policies import Policies, Prescribed

PAGE = "/vocabularies/water/policy"
FIELDS = {"address": "label", "prefix": "", "digits": "1", "notation_pattern": ""}


@pytest.fixture
def administrator(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "administrator")


def test_what_is_chosen_holds_for_new_concepts(
    people_app: Flask, administrator: FlaskClient
) -> None:
    chosen = {"address": "number", "prefix": "c_", "digits": "4", "notation_pattern": "[A-Z]\\d"}
    assert send(administrator, PAGE, **FIELDS | chosen).status_code == HTTPStatus.SEE_OTHER
    assert "/id/water/c_0007" in administrator.get(PAGE, headers=HTML).text
    draft = services_of(people_app).drafts.begin(GRAPH, "Numbers", "", "editor")
    editor = signed_in(people_app, "editor")
    assert make(editor, draft, "Bath").endswith("/id/water/c_0001")
    refused = act(editor, draft, "setNotation", notation="a1")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "does not look as this vocabulary wants it" in refused.text
    assert act(editor, draft, "setNotation", notation="A1").status_code == HTTPStatus.SEE_OTHER


def test_one_person_alone_approves_where_that_is_allowed(
    people_app: Flask, administrator: FlaskClient
) -> None:
    draft = services_of(people_app).drafts.begin(GRAPH, "Alone", "", "curator")
    curator, path = signed_in(people_app, "curator"), f"/drafts/{draft.id}"
    act(curator, draft, "setNotation", notation="W1")
    send(curator, f"{path}/step", path, state="in-review")
    assert send(curator, f"{path}/step", path, state="approved").status_code == 403
    send(administrator, PAGE, **FIELDS, allows_own_approval="y")
    assert send(curator, f"{path}/step", path, state="approved").status_code == 303
    send(administrator, PAGE, **FIELDS)
    assert not Policies(services_of(people_app).database).get(GRAPH).allows_own_approval


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prefix": "å/"}, "Use the letters A to Z"),
        ({"prefix": "x" * 41}, "at most 40"),
        ({"digits": "0"}, "Choose from 1 to 12"),
        ({"digits": "x"}, "Not a valid integer"),
        ({"notation_pattern": "["}, "is no pattern for notations"),
        ({"notation_pattern": "x" * 301}, "at most 300"),
        ({"address": "dice"}, "Not a valid choice"),
    ],
)
def test_what_cannot_hold_is_refused_at_its_field(
    people_app: Flask, administrator: FlaskClient, fields: dict[str, str], said: str
) -> None:
    refused = send(administrator, PAGE, **FIELDS | fields)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in refused.text and f'href="#{next(iter(fields))}"' in refused.text
    assert Policies(services_of(people_app).database).get(GRAPH) == Prescribed()


def test_only_who_manages_vocabularies_sees_the_page(people_app: Flask) -> None:
    for name in ("curator", "editor", "reader"):
        client = signed_in(people_app, name)
        assert client.get(PAGE, headers=HTML).status_code == HTTPStatus.FORBIDDEN
        assert PAGE not in client.get("/vocabularies/water", headers=HTML).text
    shown = signed_in(people_app, "administrator").get("/vocabularies/water", headers=HTML)
    assert PAGE in shown.text
