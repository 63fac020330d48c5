"""The pages of one's own account and of administration, and who is kept out of them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.people import HTML, PASSWORD, TESTER, proof, send, services_of, sign_in, signed_in
from vocab_server.accounts.account import By
from vocab_server.accounts.audit import read_trail
from vocab_server.accounts.register import add_account, find_account
from vocab_server.accounts.roles import Grant, Permission, Role
from vocab_server.accounts.tokens import create_token, find_token, list_tokens

NEW = "several other words"
MADE = re.compile(r'<code class="secret"[^>]*>([^<]+)</code>')
GUARDED = ("account", "administration", "audit")


def made_on(page: str) -> str:
    found = MADE.search(page)
    assert found
    return found[1]


def guarded_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in GUARDED]


def calls(app: Flask, blueprints: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every method of every address of some blueprints, with names filled in."""
    return [
        (method, rule.rule.replace("<name>", "editor").replace("<int:number>", "1"))
        for rule in guarded_rules(app)
        if rule.endpoint.partition(".")[0] in blueprints
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
    ]


def state(app: Flask) -> list[object]:
    """Everything that an administrator could have changed."""
    database = services_of(app).database
    names = [*(role.value for role in Role), "nobody"]
    return [find_account(database, name) for name in names]


@pytest.mark.parametrize(
    "name", [*(r.value for r in Role if r is not Role.ADMINISTRATOR), "nobody"]
)
def test_nobody_but_an_administrator_administers(people_app: Flask, name: str) -> None:
    client = signed_in(people_app, name)
    token = proof(client, "/account")
    before, asked = state(people_app), calls(people_app, ("administration", "audit"))
    assert len(asked) >= 12
    for method, path in asked:
        data = {
            "csrf_token": token,
            "name": "new-one",
            "role": "administrator",
            "scope": "",
            "is_active": "",
            "with_password": "y",
        }
        answer = client.open(f"{path}?role=administrator", method=method, data=data, headers=HTML)
        assert answer.status_code == 403, (method, path)
        assert "This needs the role administrator" in answer.text
    assert state(people_app) == before
    assert read_trail(services_of(people_app).database, name="new-one", limit=1)[1] == 0


def test_who_is_not_signed_in_gets_nowhere(people_app: Flask) -> None:
    client = people_app.test_client()
    token, before = proof(client), state(people_app)
    for method, path in calls(people_app, GUARDED):
        answer = client.open(path, method=method, data={"csrf_token": token}, headers=HTML)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["Location"].startswith("/sign-in"), (method, path)
    assert state(people_app) == before


def test_an_administrators_browser_is_not_made_to_act_by_a_page_of_others(
    people_app: Flask,
) -> None:
    client = signed_in(people_app, "administrator")
    before = state(people_app)
    posts = [path for method, path in calls(people_app, GUARDED) if method == "POST"]
    assert len(posts) >= 7
    for path in (*posts, "/sign-out"):
        for data in ({}, {"csrf_token": "guess"}, {"csrf_token": proof(people_app.test_client())}):
            answer = client.post(
                f"{path}?role=editor&scope=water", data={"role": "administrator", **data}
            )
            assert answer.status_code == 400, path
    assert state(people_app) == before
    assert client.get("/account", headers=HTML).status_code == 200


def test_reading_changes_nothing(people_app: Flask) -> None:
    """No address changes anything when it is only looked at."""
    client = signed_in(people_app, "administrator")
    before = state(people_app)
    for method, path in calls(people_app, GUARDED):
        if method == "GET":
            answer = client.get(f"{path}?role=editor&scope=water", headers=HTML)
            assert answer.status_code in (200, 303), path
    assert state(people_app) == before


def test_ones_own_account_is_shown(people_app: Flask) -> None:
    page = signed_in(people_app, "curator").get("/account", headers=HTML).text
    assert "Curator: <span" in page
    assert "Change the password" in page


def test_one_sees_where_one_is_signed_in_and_signs_out_elsewhere(people_app: Flask) -> None:
    here, elsewhere = signed_in(people_app, "editor"), signed_in(people_app, "editor")
    somebody = signed_in(people_app, "curator")
    page = here.get("/account", headers=HTML).text
    assert page.count("last used") == 2
    assert page.count("here</span>") == 1
    assert send(here, "/account/sign-out-elsewhere").status_code == 303
    page = here.get("/account", headers=HTML).text
    assert page.count("last used") == 1
    assert "Sign out everywhere else</button>" not in page
    assert elsewhere.get("/account", headers=HTML).status_code == 303
    assert somebody.get("/account", headers=HTML).status_code == 200


def test_a_password_is_changed_by_who_has_the_old_one(people_app: Flask) -> None:
    here, elsewhere = signed_in(people_app, "editor"), signed_in(people_app, "editor")
    path = "/account/password"
    for fields, field in (
        ({"current": "wrong", "password": NEW, "repeated": NEW}, "current"),
        ({"current": PASSWORD, "password": NEW, "repeated": "else"}, "repeated"),
        ({"current": PASSWORD, "password": "short", "repeated": "short"}, "password"),
        (
            {"current": PASSWORD, "password": "editor editor", "repeated": "editor editor"},
            "password",
        ),
        ({"current": "", "password": NEW, "repeated": NEW}, "current"),
    ):
        answer = send(here, path, **fields)
        assert answer.status_code == 422
        assert f'<a href="#{field}">' in answer.text
    assert elsewhere.get("/account", headers=HTML).status_code == 200
    assert send(here, path, current=PASSWORD, password=NEW, repeated=NEW).status_code == 303
    assert here.get("/account", headers=HTML).status_code == 200
    assert elsewhere.get("/account", headers=HTML).status_code == 303
    client = people_app.test_client()
    assert sign_in(client, "editor").status_code == 422
    assert sign_in(client, "editor", NEW).status_code == 303


def test_guesses_at_the_old_password_are_throttled_too(people_app: Flask) -> None:
    client = signed_in(people_app, "editor")
    fields = {"current": "wrong", "password": NEW, "repeated": NEW}
    answers = [send(client, "/account/password", **fields) for _ in range(6)]
    assert "This is not your password." in answers[4].text
    assert "Too many attempts" in answers[5].text


def test_a_token_is_made_shown_once_and_revoked(people_app: Flask) -> None:
    client = signed_in(people_app, "editor")
    database = services_of(people_app).database
    made = send(client, "/account/tokens", label="<script>", scopes=["read", "write"], days=30)
    text = made_on(made.text)
    assert made.headers["Cache-Control"] == "private, no-store"
    assert "<script>" not in made.text
    assert "&lt;script&gt;" in made.text
    found = find_token(database, text)
    assert found
    assert found.name == "editor"
    assert text not in client.get("/account/tokens", headers=HTML).text
    [kept] = list_tokens(database, found, limit=2)[0]
    assert (kept.expires - kept.created).days == 30
    assert send(client, f"/account/tokens/{kept.id}/revoke", "/account/tokens").status_code == 303
    assert find_token(database, text) is None
    assert "Revoked" in client.get("/account/tokens", headers=HTML).text


def test_nobody_revokes_a_token_of_somebody_else(people_app: Flask) -> None:
    database = services_of(people_app).database
    text, made = create_token(database, TESTER, find_account(database, "curator"))
    client = signed_in(people_app, "editor")
    answer = send(client, f"/account/tokens/{made.id}/revoke", "/account/tokens")
    assert answer.status_code == 404
    assert find_token(database, text)


@pytest.mark.parametrize(
    "fields",
    [
        {"label": "", "scopes": ["read"], "days": 30},
        {"label": "x", "scopes": [], "days": 30},
        {"label": "x", "scopes": ["manage-accounts"], "days": 30},
        {"label": "x", "scopes": ["read"], "days": 5},
        {"label": "x", "scopes": ["read"], "days": "no number"},
        {"label": "x" * 201, "scopes": ["read"], "days": 30},
    ],
)
def test_a_token_that_cannot_be_is_refused_at_the_field(
    people_app: Flask, fields: dict[str, object]
) -> None:
    client = signed_in(people_app, "editor")
    answer = send(client, "/account/tokens", **fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert not MADE.search(answer.text)


def test_only_scopes_that_mean_something_are_offered(people_app: Flask) -> None:
    def offered(name: str) -> set[str]:
        page = signed_in(people_app, name).get("/account/tokens", headers=HTML).text
        return set(re.findall(r'name="scopes"[^>]* value="([^"]+)"', page))

    assert offered("reader") == {"read", "write", "read-drafts"}
    assert offered("editor") == {"read", "write", "read-drafts", "edit-drafts"}
    assert offered("administrator") >= {permission.value for permission in Permission}


def test_an_account_is_added_and_its_password_works_once_shown(people_app: Flask) -> None:
    client = signed_in(people_app, "administrator")
    made = send(
        client,
        "/administration/accounts/new",
        name="Anna",
        display_name="Anna Å <b>",
        email="anna@example.org",
        role="curator",
        scope="water",
        with_password="y",
    )
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "private, no-store"
    found = find_account(services_of(people_app).database, "anna")
    assert found.grants == {Grant(Role.CURATOR, "water")}
    assert sign_in(people_app.test_client(), "anna", made_on(made.text)).status_code == 303
    assert "Anna Å &lt;b&gt;" in client.get("/administration/accounts", headers=HTML).text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "editor"}, "name"),
        ({"name": "with spaces"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "anna", "email": "nowhere"}, "email"),
        ({"name": "anna", "display_name": "x" * 201}, "display_name"),
        ({"name": "anna", "role": "king"}, "role"),
        ({"name": "anna", "role": "reader", "scope": "water"}, "scope"),
        ({"name": "anna", "role": "editor", "scope": "no-such"}, "scope"),
    ],
    ids=str,
)
def test_an_account_that_cannot_be_is_refused_at_the_field(
    people_app: Flask, fields: dict[str, str], field: str
) -> None:
    client = signed_in(people_app, "administrator")
    answer = send(client, "/administration/accounts/new", **({"role": "reader"} | fields))
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert read_trail(services_of(people_app).database, name="anna", limit=1)[1] == 0


def test_an_account_is_changed_and_deactivated(people_app: Flask) -> None:
    root, editor = signed_in(people_app, "administrator"), signed_in(people_app, "editor")
    path = "/administration/accounts/editor"
    assert send(root, path, display_name="Ed", email="", is_active="y").status_code == 303
    assert "<bdi>Ed</bdi>" in editor.get("/", headers=HTML).text
    assert send(root, path, display_name="Ed", email="").status_code == 303
    assert editor.get("/account", headers=HTML).status_code == 303
    assert "Not active" in root.get("/administration/accounts?q=editor", headers=HTML).text


def test_the_last_administrator_cannot_be_lost_by_page(people_app: Flask) -> None:
    root = signed_in(people_app, "administrator")
    path = "/administration/accounts/administrator"
    told = "This is the last active administrator."
    assert told in send(root, path, display_name="", email="").text
    taken = send(root, f"{path}/role/take?role=administrator")
    assert (taken.status_code, told in taken.text) == (422, True)
    assert root.get("/administration/accounts", headers=HTML).status_code == 200


def test_roles_are_given_and_taken_and_count_at_once(people_app: Flask) -> None:
    root, nobody = signed_in(people_app, "administrator"), signed_in(people_app, "nobody")
    path = "/administration/accounts/nobody/role"
    assert send(root, path, role="administrator", scope="").status_code == 303
    assert nobody.get("/administration/accounts", headers=HTML).status_code == 200
    assert send(root, f"{path}/take?role=administrator").status_code == 303
    assert nobody.get("/administration/accounts", headers=HTML).status_code == 403
    assert send(root, path, role="editor", scope="no-such").status_code == 422
    assert send(root, path, role="publisher", scope="some-catalog").status_code == 303
    [grant] = find_account(services_of(people_app).database, "nobody").grants
    assert grant == Grant(Role.PUBLISHER, "some-catalog")


def test_a_password_made_by_an_administrator_replaces_everything(people_app: Flask) -> None:
    root, editor = signed_in(people_app, "administrator"), signed_in(people_app, "editor")
    database = services_of(people_app).database
    token, _ = create_token(database, By("editor"), find_account(database, "editor"))
    made = send(root, "/administration/accounts/editor/password")
    assert editor.get("/account", headers=HTML).status_code == 303
    assert find_token(database, token) is None
    assert sign_in(people_app.test_client(), "editor", made_on(made.text)).status_code == 303


def test_unknown_accounts_and_roles_are_answered_so(people_app: Flask) -> None:
    root = signed_in(people_app, "administrator")
    assert root.get("/administration/accounts/no-such", headers=HTML).status_code == 404
    path = "/administration/accounts/editor/role/take"
    assert root.get(path, headers=HTML).status_code == 422
    assert root.get(f"{path}?role=king", headers=HTML).status_code == 422


def test_accounts_come_page_by_page(people_app: Flask) -> None:
    database = services_of(people_app).database
    for number in range(60):
        add_account(database, TESTER, f"person-{number:02}")
    root = signed_in(people_app, "administrator")
    first, second = (rows(root, f"/administration/accounts?page={n}") for n in (1, 2))
    assert (len(first), len(second)) == (50, 16)
    assert not first & second
    found = root.get("/administration/accounts?q=person-1", headers=HTML).text
    assert "10 accounts" in found
    assert "No account has that" in root.get("/administration/accounts?q=%25", headers=HTML).text


def rows(client: FlaskClient, path: str) -> set[str]:
    page = client.get(path, headers=HTML).text
    return set(re.findall(r'<th scope="row"><a href="([^"]+)"', page))


def test_the_trail_is_read_page_by_page_and_chosen_from(people_app: Flask) -> None:
    database = services_of(people_app).database
    for number in range(60):
        add_account(database, By("<i>someone</i>", "192.0.2.9"), f"person-{number:02}")
    root = signed_in(people_app, "administrator")
    page = root.get("/administration/audit", headers=HTML).text
    assert page.index("signed in") < page.index("person-59")
    assert "&lt;i&gt;someone&lt;/i&gt;" in page
    assert "192.0.2.9" in page
    assert page.count("<tr>") == 51
    assert "person-00" in root.get("/administration/audit?page=2", headers=HTML).text
    one = root.get("/administration/audit?name=PERSON-07", headers=HTML).text
    assert one.count("<tr>") == 2
    none = root.get("/administration/audit?name=person-07&act=signed-in", headers=HTML).text
    assert "Nothing of that kind happened." in none
    sv = root.get("/administration/audit", headers=HTML | {"Accept-Language": "sv"}).text
    assert "loggade in" in sv
    far = root.get(f"/administration/audit?page={10**30}", headers=HTML)
    assert far.status_code == 200
