"""Many concepts of a draft changed at once, over the application."""

import re
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import HTML, proof, services_of, signed_in
from tests.web.test_drafts import GRAPH, SEEN, SKOS, WATER, act, page
from vocab_server.database.drafts import Draft

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
BATHS = ("Bath cold", "Bath hot", "Bath wild")


@pytest.fixture
def editor(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "editor")


@pytest.fixture
def draft(people_app: Flask) -> Draft:
    return services_of(people_app).drafts.begin(GRAPH, "Baths", "Order", "editor")


@pytest.fixture
def baths(people_app: Flask, draft: Draft) -> list[str]:
    """Three concepts under water, in the order of their names."""
    labels = [{"do": "create", "prefLabel": {"en": name}, "broader": [WATER]} for name in BATHS]
    labels.append({"do": "createCollection", "prefLabel": {"en": "Warm places"}})
    with people_app.app_context():
        made = services_of(people_app).desk(draft).operate(labels, "editor")
    return [str(iri) for iri in made.created if "bath" in iri]


def ask(client: FlaskClient, draft: Draft, chosen: list[str], **fields: str) -> TestResponse:
    path = f"/drafts/{draft.id}/bulk"
    seen = fields.pop("seen", None) or SEEN.findall(client.get(path, headers=HTML).text)[0]
    data = {"csrf_token": proof(client, path), "seen": seen, "iri": chosen, **fields}
    return client.post(path, data=data, headers=HTML)


def confirm(client: FlaskClient, draft: Draft, previewed: TestResponse) -> TestResponse:
    """Send what the preview holds."""
    assert previewed.status_code == HTTPStatus.OK, previewed.text
    data: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(previewed.text.partition('<form method="post"')[2]):
        data.setdefault(name, []).append(value)
    return client.post(f"/drafts/{draft.id}/bulk", data=data, headers=HTML)


def done(client: FlaskClient, draft: Draft, chosen: list[str], **fields: str) -> str:
    """What the preview said before it was done."""
    before = changes(client.application, draft)
    previewed = ask(client, draft, chosen, **fields)
    assert "Nothing is saved yet" in previewed.text
    assert changes(client.application, draft) == before
    assert confirm(client, draft, previewed).status_code == HTTPStatus.SEE_OTHER
    assert changes(client.application, draft) == before + 1
    return previewed.text


def changes(app: Flask, draft: Draft) -> int:
    log = services_of(app).drafts.branches.log(draft)
    return log.last() - draft.base


def test_concepts_are_listed_by_name_or_place(
    editor: FlaskClient, draft: Draft, baths: list[str]
) -> None:
    for query in ("q=bath", "under=water", f"under={WATER}"):
        found = editor.get(f"/drafts/{draft.id}/bulk?{query}", headers=HTML)
        assert found.status_code == HTTPStatus.OK
        assert re.findall(r'name="iri" value="([^"]+)"', found.text) == baths
    wrong = editor.get(f"/drafts/{draft.id}/bulk?under=qqqq", headers=HTML)
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_several_are_moved_as_one_change_that_can_be_undone(
    editor: FlaskClient, draft: Draft, baths: list[str]
) -> None:
    told = done(editor, draft, baths[:1], iris="Bath wild\n\n", do="move", to="Bath hot")
    assert told.count("Moved") == 2
    below = editor.get(f"/drafts/{draft.id}/bulk?under={baths[1]}", headers=HTML).text
    assert re.findall(r'name="iri" value="([^"]+)"', below) == [baths[0], baths[2]]
    sent = {"csrf_token": proof(editor, f"/drafts/{draft.id}")}
    undone = editor.post(f"/drafts/{draft.id}/changes/2/undo", data=sent, headers=HTML)
    assert undone.status_code == HTTPStatus.SEE_OTHER
    below = editor.get(f"/drafts/{draft.id}/bulk?under={WATER}", headers=HTML).text
    assert len(re.findall(r'name="iri" value="', below)) == 3


def test_a_text_in_terms_is_replaced_or_added(
    editor: FlaskClient, draft: Draft, baths: list[str]
) -> None:
    done(editor, draft, baths, do="replace", place="within", find="Bath", **{"with": "Lido"})
    assert 'value="Lido cold"' in page(editor, draft, baths[0])
    done(editor, draft, baths[:1], do="replace", place="after", lang="en", **{"with": "(old)"})
    assert 'value="Lido cold (old)"' in page(editor, draft, baths[0])
    nothing = ask(editor, draft, baths, do="replace", place="within", find="Bath")
    assert "No term of these concepts has that text" in nothing.text
    kind = {"kind": f"{SKOS}altLabel", "with": "x"}
    assert "No term" in ask(editor, draft, baths, do="replace", place="before", **kind).text


def test_they_are_numbered_in_order(editor: FlaskClient, draft: Draft, baths: list[str]) -> None:
    done(editor, draft, baths, do="notation", prefix="B-", start="9", digits="3")
    assert [re.search(r'value="(B-\d+)"', page(editor, draft, iri))[1] for iri in baths] == [
        "B-009",
        "B-010",
        "B-011",
    ]


def test_they_go_into_a_collection(editor: FlaskClient, draft: Draft, baths: list[str]) -> None:
    shown = editor.get(f"/drafts/{draft.id}/bulk", headers=HTML).text
    group = re.search(r'<option value="([^"]+)"[^>]*>Warm places', shown)
    assert group
    done(editor, draft, baths, do="member", collection=group[1])
    again = ask(editor, draft, baths[:1], do="member", collection=group[1])
    assert again.status_code in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)


def test_a_branch_is_ended_from_below(editor: FlaskClient, draft: Draft, baths: list[str]) -> None:
    act(editor, draft, "move", baths[0], to=baths[1], confirmed="1")
    reason = {"reason": "Nobody bathes", "lang": "en"}
    told = done(editor, draft, baths[:2], do="deprecate", instead="Bath wild", **reason)
    assert told.count("no longer used") == 2
    for iri in baths[:2]:
        assert "no longer used" in page(editor, draft, iri)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose what to do"),
        ({"do": "nonsense"}, "Choose what to do"),
        ({"do": "move", "to": "qqqq"}, "No concept is called"),
        ({"do": "replace", "place": "within"}, "Write the text"),
        ({"do": "replace", "place": "x", "with": "y"}, "Choose what to do"),
        ({"do": "notation", "start": "²"}, "in figures"),
        ({"do": "notation", "digits": "99"}, "at most 12 digits"),
        ({"do": "deprecate", "lang": "en"}, "Say in a sentence"),
        ({"do": "member"}, "Choose a collection"),
        ({"do": "move", "top": "1", "iris": "qqqq"}, "No concept is called"),
        ({"do": "move", "to": "Bath cold"}, "STR-2"),
        ({"do": "move", "top": "1", "seen": "x"}, "Load the page anew"),
        ({"do": "move", "top": "1", "iris": "https://example.org/none"}, "There is no concept"),
    ],
)
def test_what_is_refused_is_told_and_changes_nothing(
    editor: FlaskClient, draft: Draft, baths: list[str], fields: dict[str, str], said: str
) -> None:
    refused = ask(editor, draft, baths, **fields)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in refused.text
    assert f'value="{baths[0]}" checked' in refused.text  # what was chosen stays
    assert changes(editor.application, draft) == 1


def test_without_a_concept_there_is_nothing_to_do(editor: FlaskClient, draft: Draft) -> None:
    assert "No concept is chosen" in ask(editor, draft, [], do="move", top="1").text
    many = "\n".join(f"https://example.org/{n}" for n in range(1_002))
    assert "At most 1000" in ask(editor, draft, [], do="move", top="1", iris=many).text


def test_what_somebody_changed_meanwhile_is_not_overwritten(
    people_app: Flask, editor: FlaskClient, draft: Draft, baths: list[str]
) -> None:
    previewed = ask(editor, draft, baths, do="notation", start="1")
    act(signed_in(people_app, "curator"), draft, "setNotation", baths[1], notation="K1")
    late = confirm(editor, draft, previewed)
    assert late.status_code == HTTPStatus.CONFLICT
    assert "curator changed this concept" in late.text
    assert 'value="K1"' in page(editor, draft, baths[1])
