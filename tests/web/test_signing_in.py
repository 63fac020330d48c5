"""Signing in and out by page, and the attacks on it."""

from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.people import (
    HTML,
    PASSWORD,
    TESTER,
    proof,
    send,
    services_of,
    sign_in,
    signed_in,
)
from tests.web.conftest import make_site
from vocab_server.accounts.audit import read_trail
from vocab_server.accounts.register import change_account, set_password
from vocab_server.accounts.throttle import OF_PAIR
from vocab_server.web.signing_in import own_page

WRONG = "Name or password is not right. Check both and try again."


def database_of(app: Flask) -> Engine:
    return services_of(app).database


def test_who_signs_in_is_named_on_every_page(people_app: Flask) -> None:
    client = people_app.test_client()
    assert "Sign in" in client.get("/", headers=HTML).text
    assert sign_in(client, "Editor").headers["Location"] == "/"
    page = client.get("/", headers=HTML).text
    assert "<bdi>editor</bdi>" in page
    assert "Sign out" in page
    assert "Administration" not in page
    assert "Administration" in signed_in(people_app, "administrator").get("/", headers=HTML).text


def test_readers_get_no_cookie(people_app: Flask) -> None:
    for path in ("/", "/vocabularies/water", "/nothing", "/api/v1", "/sparql"):
        assert "Set-Cookie" not in people_app.test_client().get(path, headers=HTML).headers


def test_the_page_that_asked_is_shown_after_signing_in(people_app: Flask) -> None:
    client = people_app.test_client()
    asked = client.get("/account/tokens?page=2", headers=HTML)
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/sign-in?next=/account/tokens?page%3D2"
    there = send(client, asked.headers["Location"], name="editor", password=PASSWORD)
    assert there.headers["Location"] == "/account/tokens?page=2"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example/",
        " //evil.example/",
        "javascript:alert(1)",
        "account",
        "http:///evil.example",
        "/\x00/evil.example",
    ],
)
def test_nobody_is_sent_to_a_page_of_others(people_app: Flask, address: str) -> None:
    with people_app.test_request_context():
        assert own_page(address) == "/"


def test_a_wrong_next_leads_to_the_start_over_http(people_app: Flask) -> None:
    client = people_app.test_client()
    path = "/sign-in?next=//evil.example/"
    assert send(client, path, name="editor", password=PASSWORD).headers["Location"] == "/"
    assert client.get(path, headers=HTML).headers["Location"] == "/", "when signed in already too"


def test_what_is_wrong_is_not_told_apart(people_app: Flask) -> None:
    change_account(database_of(people_app), TESTER, "reader", is_active=False)
    told = []
    for name, password in (
        ("editor", "wrong"),
        ("reader", PASSWORD),
        ("reader", "wrong"),
        ("does-not-exist", PASSWORD),
    ):
        client = people_app.test_client()
        answer = send(client, "/sign-in", name=name, password=password)
        assert answer.status_code == 422
        assert WRONG in answer.text
        told.append(answer.text.replace(name, "").replace(proof(client), ""))
    assert len({len(text) for text in told}) == 1


def test_the_trail_tells_what_the_page_does_not(people_app: Flask) -> None:
    client = people_app.test_client()
    send(client, "/sign-in", name="editor", password="wrong")
    send(client, "/sign-in", name="my-password-by-mistake", password="wrong")
    sign_in(client, "editor")
    send(client, "/sign-out", "/account")
    entries = read_trail(database_of(people_app), limit=4)[0]
    assert [(e.act.value, e.account, e.target, e.address) for e in entries] == [
        ("signed-out", "editor", "editor", "127.0.0.1"),
        ("signed-in", "editor", "editor", "127.0.0.1"),
        ("sign-in-failed", "", "", "127.0.0.1"),
        ("sign-in-failed", "", "editor", "127.0.0.1"),
    ]


@pytest.mark.parametrize(("language", "text"), [("en", "Try again in 15"), ("sv", "igen om 15")])
def test_after_some_guesses_one_waits_and_is_told_how_long(
    people_app: Flask, language: str, text: str
) -> None:
    client = people_app.test_client()
    headers = HTML | {"Accept-Language": language}
    data = {"csrf_token": proof(client), "name": "editor", "password": "wrong"}
    answers = [client.post("/sign-in", data=data, headers=headers) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * OF_PAIR.attempts + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    assert text in answers[-1].text
    data["password"] = PASSWORD
    assert client.post("/sign-in", data=data, headers=headers).status_code == 429
    elsewhere = client.post(
        "/sign-in", data=data, headers=headers, environ_base={"REMOTE_ADDR": "198.51.100.7"}
    )
    assert elsewhere.status_code == 303, "its owner somewhere else is not kept out"


def test_an_address_in_a_header_is_believed_only_behind_a_proxy(
    people_app: Flask, tmp_path: Path
) -> None:
    folder = tmp_path / "behind"
    folder.mkdir()
    behind = make_site(folder, proxies=1)
    for app, let in ((people_app, OF_PAIR.attempts), (behind, 8)):
        client = app.test_client()
        data = {"csrf_token": proof(client), "name": "editor", "password": "wrong"}
        answers = [
            client.post("/sign-in", data=data, headers={"X-Forwarded-For": f"198.51.100.{n}"})
            for n in range(8)
        ]
        assert [answer.status_code for answer in answers].count(422) == let
    services_of(behind).close()


def test_empty_fields_are_named(people_app: Flask) -> None:
    answer = send(people_app.test_client(), "/sign-in", name=" ", password="")
    assert answer.status_code == 422
    assert '<a href="#name">Enter your name.</a>' in answer.text
    assert '<a href="#password">Enter your password.</a>' in answer.text
    assert "<title>Error: Sign in" in answer.text


def test_a_form_without_proof_changes_nothing(people_app: Flask) -> None:
    for data in ({}, {"csrf_token": "guess"}, {"csrf_token": proof(people_app.test_client())}):
        answer = people_app.test_client().post(
            "/sign-in", data={"name": "editor", "password": PASSWORD, **data}, headers=HTML
        )
        assert answer.status_code == 400
        assert "load the page anew" in answer.text
    assert read_trail(database_of(people_app), act="signed-in", limit=1) == ([], 0)


def test_signing_in_leaves_nothing_of_a_session_that_somebody_planted(people_app: Flask) -> None:
    mallory, victim = people_app.test_client(), people_app.test_client()
    planted = proof(mallory)
    cookie = mallory.get_cookie("session")
    assert cookie
    victim.set_cookie("session", cookie.value)
    data = {"csrf_token": planted, "name": "editor", "password": PASSWORD}
    assert victim.post("/sign-in", data=data).status_code == 303
    assert "<bdi>editor</bdi>" in victim.get("/", headers=HTML).text
    assert "<bdi>editor</bdi>" not in mallory.get("/", headers=HTML).text
    answer = victim.post("/sign-out", data={"csrf_token": planted})
    assert answer.status_code == 400, "the proof that was planted is worth nothing any more"


def test_a_copied_cookie_is_worth_nothing_after_signing_out(people_app: Flask) -> None:
    client, thief = signed_in(people_app, "editor"), people_app.test_client()
    cookie = client.get_cookie("session")
    assert cookie
    thief.set_cookie("session", cookie.value)
    assert thief.get("/account", headers=HTML).status_code == 200
    assert send(client, "/sign-out", "/account").headers["Location"] == "/"
    assert thief.get("/account", headers=HTML).status_code == 303
    assert "You are signed out." in client.get("/", headers=HTML).text
    assert client.get_cookie("session") is None, "a reader again, without a cookie"


@pytest.mark.parametrize("how", ["password", "deactivated"])
def test_sessions_end_with_the_password_and_with_the_account(people_app: Flask, how: str) -> None:
    client = signed_in(people_app, "editor")
    if how == "password":
        set_password(database_of(people_app), TESTER, "editor", "several other words")
    else:
        change_account(database_of(people_app), TESTER, "editor", is_active=False)
    assert client.get("/account", headers=HTML).status_code == 303


def test_a_forged_cookie_is_nobody(people_app: Flask) -> None:
    client = people_app.test_client()
    for value in (
        "x",
        "e30.aaaaaa.bbbbbb",
        "eyJfdXNlcl9pZCI6IjEifQ.awXHEg.XriFjU_A47QXqUBvt5LEdx3t2Vs",
    ):
        client.set_cookie("session", value)
        assert client.get("/account", headers=HTML).status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(people_app: Flask) -> None:
    cookie = SimpleCookie(sign_in(people_app.test_client(), "editor").headers["Set-Cookie"])
    session = cookie["session"]
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Lax", "/")
    assert session["expires"] == session["max-age"] == session["domain"] == ""


def test_with_https_the_cookie_goes_over_https_and_to_this_host_only(tmp_path: Path) -> None:
    app = make_site(tmp_path, base_url="https://vocab.example")
    answer = app.test_client().get("/sign-in", headers=HTML, base_url="https://vocab.example")
    [(name, cookie)] = SimpleCookie(answer.headers["Set-Cookie"]).items()
    assert name == "__Host-session"
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    services_of(app).close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/vocabularies/water",
        "/account",
        "/account?interface=sv",
        "/account/tokens",
        "/nothing",
        "/resource?iri=",
        "/search?q=water",
        "/administration/accounts",
        "/sparql",
    ],
)
def test_a_page_made_for_somebody_is_nobody_elses(people_app: Flask, path: str) -> None:
    client = signed_in(people_app, "administrator")
    for headers in (HTML, HTML | {"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"}):
        answer = client.get(path, headers=headers)
        assert answer.status_code in (200, 400, 404)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "ETag" not in answer.headers
    before = people_app.test_client().get(path.partition("?")[0], headers=HTML)
    assert "administrator" not in before.text


def test_a_page_of_somebody_is_never_given_to_a_reader(people_app: Flask) -> None:
    reader = people_app.test_client()
    public = reader.get("/", headers=HTML)
    somebody = signed_in(people_app, "editor")
    for _ in range(2):
        assert "<bdi>editor</bdi>" in somebody.get("/", headers=HTML).text
        again = reader.get("/", headers=HTML)
        assert again.text == public.text
        assert again.headers["Cache-Control"] == "public, no-cache"
        assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_data_does_not_depend_on_cookies(people_app: Flask) -> None:
    client = signed_in(people_app, "editor")
    path = "/resource?iri=https://example.org/a"
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert "Cookie" not in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers


def test_programs_that_post_need_no_proof(people_app: Flask) -> None:
    client = people_app.test_client()
    assert client.post("/sparql", data={"query": "ASK {}"}).status_code == 200
    asked = client.post("/api/v1/resolve", json={"iris": ["https://example.org/a"]})
    assert asked.status_code == 200
