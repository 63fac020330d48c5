"""The table of concepts by languages, over the application."""

import re
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import HTML, send, services_of, signed_in
from tests.web.test_drafts import GRAPH, WATER, make, page
from vocab_server.database.drafts import Draft

FIELD = re.compile(
    r'<(?:input|textarea) id="cell-(\d+)-([^"]*)" name="[^"]*"(?: value="([^"]*)")?[^>]*>'
)
NAME = re.compile(r'<input type="hidden" name="row-(\d+)" value="([^"]+)">')


@pytest.fixture
def editor(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "editor")


@pytest.fixture
def draft(people_app: Flask) -> Draft:
    return services_of(people_app).drafts.begin(GRAPH, "Baths", "Order", "editor")


def table(client: FlaskClient, draft: Draft, query: str = "") -> str:
    found = client.get(f"/drafts/{draft.id}/grid{query}", headers=HTML)
    assert found.status_code == HTTPStatus.OK
    return found.text


def save(client: FlaskClient, draft: Draft, query: str = "", **cells: str) -> TestResponse:
    """Send the table as it is shown, with other texts in some cells of its first row."""
    shown = table(client, draft, query)
    fields = {f"row-{row}": iri for row, iri in NAME.findall(shown)}
    for row, tag, text in FIELD.findall(shown):
        fields |= {f"was-{row}-{tag}": text, f"cell-{row}-{tag}": text}
    return send(client, f"/drafts/{draft.id}/grid{query}", **fields | as_sent(cells))


def as_sent(cells: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in cells.items()}


def changes(app: Flask, draft: Draft) -> int:
    log = services_of(app).drafts.branches.log(draft)
    return log.last() - draft.base


def test_many_labels_are_saved_as_one_change_that_can_be_undone(
    people_app: Flask, editor: FlaskClient, draft: Draft
) -> None:
    shown = table(editor, draft, "?to=sv&to=ko")
    assert [tag for _, tag, _ in FIELD.findall(shown)] == ["sv", "ko"]
    done = save(editor, draft, "?to=sv&to=ko", cell_1_sv="Vattnet", cell_1_ko="물")
    assert done.status_code == HTTPStatus.SEE_OTHER
    assert done.headers["Location"].endswith("?to=sv&to=ko")
    assert changes(people_app, draft) == 1
    found = page(editor, draft)
    assert "Vattnet" in found and "물" in found and 'value="water"' in found
    path = f"/drafts/{draft.id}"
    assert send(editor, f"{path}/changes/1/undo", path).status_code == HTTPStatus.SEE_OTHER
    found = page(editor, draft)
    assert "Vattnet" not in found and "물" not in found and "vatten" in found


def test_nothing_changed_is_no_change(people_app: Flask, editor: FlaskClient, draft: Draft) -> None:
    assert save(editor, draft, cell_1_en=" water ").status_code == HTTPStatus.SEE_OTHER
    assert changes(people_app, draft) == 0


def test_definitions_are_added_changed_and_removed(
    people_app: Flask, editor: FlaskClient, draft: Draft
) -> None:
    query = "?kind=definition&to=en&to=ar"
    save(editor, draft, query, cell_1_en="Wet.\r\nClear.", cell_1_ar="ماء")
    found = page(editor, draft)
    assert "Wet.\nClear." in found and "ماء" in found
    was = {"was_1_en": "Wet.\r\nClear.", "was_1_ar": "ماء"}
    done = save(editor, draft, query, **was, cell_1_en="Dry.", cell_1_ar="")
    assert done.status_code == HTTPStatus.SEE_OTHER
    found = page(editor, draft)
    assert "Dry." in found and "Wet." not in found and "ماء" not in found
    assert changes(people_app, draft) == 2


def test_a_cell_that_somebody_changed_is_told_and_not_overwritten(
    people_app: Flask, editor: FlaskClient, draft: Draft
) -> None:
    save(signed_in(people_app, "curator"), draft, cell_1_en="Waters")
    late = save(editor, draft, was_1_en="water", cell_1_en="Aqua", cell_1_sv="Vattnet")
    assert late.status_code == HTTPStatus.CONFLICT
    assert "1 cell was changed by somebody else" in late.text
    assert 'value="Aqua"' in late.text and "Waters" in late.text and 'value="Vattnet"' in late.text
    assert 'name="was-1-en" value="Waters"' in late.text
    assert changes(people_app, draft) == 1 and "Vattnet" not in page(editor, draft)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"cell_1_en": "", "cell_1_sv": ""}, "no preferred label"),
        ({"cell_1_en": "a\x07b"}, "cannot be printed"),
        ({"cell_1_en": "x" * 501}, "Shorten it"),
    ],
)
def test_what_is_refused_changes_nothing(
    people_app: Flask, editor: FlaskClient, draft: Draft, cells: dict[str, str], said: str
) -> None:
    refused = save(editor, draft, **cells)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in refused.text and 'id="error-summary"' in refused.text
    assert changes(people_app, draft) == 0


def test_only_concepts_of_a_branch_or_without_a_name_are_shown(
    editor: FlaskClient, draft: Draft
) -> None:
    bath = make(editor, draft, "Bath")
    make(editor, draft, "Hot bath", bath)
    assert len(NAME.findall(table(editor, draft))) == 3
    lacking = NAME.findall(table(editor, draft, "?missing=sv"))
    assert WATER not in [iri for _, iri in lacking] and len(lacking) == 2
    assert len(NAME.findall(table(editor, draft, f"?under={bath}"))) == 2
    assert "No concept is like that" in table(editor, draft, f"?under={bath}&missing=en")
    wrong = editor.get(f"/drafts/{draft.id}/grid?under=qqqq", headers=HTML)
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "No concept is called" in wrong.text


def test_long_tables_are_paged_with_all_languages_kept(editor: FlaskClient, draft: Draft) -> None:
    operations = [{"do": "create", "prefLabel": {"en": f"Bath {n}"}, "broader": [WATER]}
                  for n in range(30)]  # fmt: skip
    desk_of(editor, draft).operate(operations, "editor")
    first = table(editor, draft, "?to=en&to=fi")
    assert len(NAME.findall(first)) == 25 and "to=en&amp;to=fi&amp;page=2" in first
    assert len(NAME.findall(table(editor, draft, "?to=en&to=fi&page=2"))) == 6


def desk_of(client: FlaskClient, draft: Draft) -> object:
    with client.application.app_context():
        return services_of(client.application).desk(draft)


@pytest.mark.parametrize(
    "fields",
    [{"was-1-en": "x"}, {"row-1": WATER, "cell-1-en": "x"}, {"row-1": "x y", "was-1-en": ""}],
)
def test_half_a_table_is_refused(editor: FlaskClient, draft: Draft, fields: dict[str, str]) -> None:
    sent = send(editor, f"/drafts/{draft.id}/grid", **fields)
    assert sent.status_code == HTTPStatus.BAD_REQUEST


def test_the_grid_is_for_who_may_edit(people_app: Flask, draft: Draft) -> None:
    found = signed_in(people_app, "reader").get(f"/drafts/{draft.id}/grid", headers=HTML)
    assert found.status_code == HTTPStatus.FORBIDDEN
