"""Who is asking: programs by token only, browsers by session only, and who may do what."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue

from tests.people import HTML, TESTER, add_person, services_of, signed_in
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Permission, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.identity import demand, requires

views = Blueprint("views", __name__)


@views.get("/api/v1/try/<vocabulary>")
@requires(Permission.EDIT_DRAFTS, "vocabulary")
def in_one(vocabulary: str) -> ResponseReturnValue:
    return jsonify(vocabulary=vocabulary)


@views.get("/api/v1/try")
@requires(Permission.EDIT_DRAFTS)
def in_all() -> ResponseReturnValue:
    return jsonify(done=True)


@views.get("/api/v1/try-any")
@requires(Permission.EDIT_DRAFTS, anywhere=True)
def in_any() -> ResponseReturnValue:
    return jsonify(done=True)


@views.get("/try-page")
def page() -> ResponseReturnValue:
    return demand(Permission.PUBLISH, "water").name


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    made = create_app(Settings(data=tmp_path / "data"))
    made.register_blueprint(views)
    opened = services_of(made)
    with opened.writer.open():
        pass
    add_person(opened.database, "everywhere", Grant(Role.EDITOR))
    add_person(opened.database, "water", Grant(Role.EDITOR, "water"))
    add_person(opened.database, "reader")
    yield made
    opened.close()


def bearer(app: Flask, name: str, *scopes: str) -> dict[str, str]:
    database = services_of(app).database
    text, _ = create_token(
        database, TESTER, find_account(database, name), scopes=scopes or ("write",)
    )
    return {"Authorization": f"Bearer {text}"}


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("everywhere", "/api/v1/try/water", 200),
        ("everywhere", "/api/v1/try", 200),
        ("everywhere", "/api/v1/try-any", 200),
        ("water", "/api/v1/try/water", 200),
        ("water", "/api/v1/try/air", 403),
        ("water", "/api/v1/try/*", 403),
        ("water", "/api/v1/try", 403),
        ("water", "/api/v1/try-any", 200),
        ("reader", "/api/v1/try/water", 403),
        ("reader", "/api/v1/try-any", 403),
    ],
)
def test_a_role_counts_where_it_was_given(app: Flask, name: str, path: str, status: int) -> None:
    assert app.test_client().get(path, headers=bearer(app, name)).status_code == status


def test_who_may_not_is_told_which_role_may(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/try/air", headers=bearer(app, "water"))
    assert answer.mimetype == "application/problem+json"
    needed = "This needs the role editor or curator or administrator for the vocabulary 'air'."
    assert answer.get_json()["detail"] == needed
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_a_token_with_less_scope_is_told_which(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/try/water", headers=bearer(app, "water", "read"))
    assert answer.status_code == 403
    assert answer.get_json()["detail"] == "The token does not have the scope edit-drafts."


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (None, 'Bearer realm="vocab-server"'),
        ("Basic YTpi", 'Bearer realm="vocab-server"'),
        ("Bearer", 'Bearer realm="vocab-server", error="invalid_token"'),
        ("Bearer vocab_guess", 'Bearer realm="vocab-server", error="invalid_token"'),
    ],
)
def test_without_a_good_token_a_program_is_told_to_send_one(
    app: Flask, header: str | None, challenge: str
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = app.test_client().get("/api/v1/try/water", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == challenge
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.mimetype == "application/problem+json"


def test_a_browsers_session_opens_nothing_for_programs(app: Flask) -> None:
    client = signed_in(app, "everywhere")
    assert client.get("/account", headers=HTML).status_code == 200
    for headers in ({}, HTML):
        answer = client.get("/api/v1/try/water", headers=headers)
        assert answer.status_code == 401
        assert "everywhere" not in answer.text


def test_a_token_opens_no_page(app: Flask) -> None:
    for path in ("/account", "/account/tokens"):
        answer = app.test_client().get(path, headers=bearer(app, "everywhere"))
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={path}")


def test_a_page_says_which_role_is_needed(app: Flask) -> None:
    answer = signed_in(app, "water").get("/try-page", headers=HTML | {"Accept-Language": "sv"})
    assert answer.status_code == 403
    assert "Det är inte tillåtet" in answer.text
    assert "Det kräver rollen redaktör eller administratör för &#39;water&#39;." in answer.text


def test_a_program_asks_whose_token_it_has(app: Flask) -> None:
    answer = app.test_client().get(
        "/api/v1/account", headers=bearer(app, "water", "read", "edit-drafts")
    )
    assert answer.get_json() == {
        "name": "water",
        "displayName": "water",
        "roles": [{"role": "editor", "scope": "water"}],
        "permissions": ["read-drafts", "edit-drafts"],
    }
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_is_read_with_a_token_is_kept_by_no_shared_cache(app: Flask) -> None:
    headers = bearer(app, "water")
    answer = app.test_client().get("/api/v1/vocabularies", headers=headers)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = app.test_client().get(
        "/api/v1/vocabularies", headers=headers | {"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
