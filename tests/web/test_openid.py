"""Signing in with OpenID Connect, against a provider in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import BASE, ROOT, START, free_port
from tests.people import HTML, TESTER, services_of, signed_in
from tests.web.conftest import make_site
from vocab_server.accounts.audit import Act, read_trail
from vocab_server.accounts.identities import list_identities
from vocab_server.accounts.register import change_account, find_account
from vocab_server.config import load
from vocab_server.errors import InvalidError

CALLBACK = f"{BASE}/sign-in/openid/callback"
SECRET = "secret-of-the-client"  # noqa: S105  (of tests)


@dataclass(frozen=True, slots=True)
class Running:
    """The provider: where it is, and its process."""

    url: str
    process: subprocess.Popen[bytes]

    def have(self, *faults: str) -> None:
        requests.put(f"{self.url}/faults", json=list(faults), timeout=10).raise_for_status()


def start_provider() -> Running:
    port = free_port()
    command = [sys.executable, "-m", "tests.openid_provider", str(port), "vocab", SECRET, CALLBACK]
    running = Running(f"http://127.0.0.1:{port}", subprocess.Popen(command, cwd=ROOT))
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            requests.get(f"{running.url}/keys", timeout=1)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return running
    running.process.kill()
    raise TimeoutError("The provider did not answer.")


@pytest.fixture(scope="module")
def started() -> Iterator[Running]:
    running = start_provider()
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture
def provider(started: Running) -> Running:
    started.have()
    return started


def settings_for(url: str, **more: object) -> dict[str, object]:
    return {
        "openid_issuer": url,
        "openid_client_id": "vocab",
        "openid_client_secret": SECRET,
        "openid_name": "City login",
        **more,
    }


@pytest.fixture
def app(provider: Running, tmp_path: Path) -> Iterator[Flask]:
    """A site where everybody whom the provider knows gets an account."""
    made = make_site(tmp_path, **settings_for(provider.url, openid_new_accounts=True))
    yield made
    services_of(made).close()


def begin(client: FlaskClient, path: str = "/sign-in/openid") -> str:
    """The address at the provider that a browser is sent to."""
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def back_from(address: str, who: str) -> str:
    """The address at our site that the provider sends a browser back to."""
    answer = requests.get(f"{address}&login_hint={who}", allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix(BASE)


def come_in(client: FlaskClient, who: str, path: str = "/sign-in/openid") -> TestResponse:
    return client.get(back_from(begin(client, path), who), headers=HTML)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account", headers=HTML).status_code == 200


def test_the_way_to_the_provider_has_state_nonce_and_proof_key(app: Flask) -> None:
    client = app.test_client()
    assert "Sign in with City login" in client.get("/sign-in", headers=HTML).text
    asked = parse_qs(urlsplit(begin(client)).query)
    assert asked["redirect_uri"] == [CALLBACK]
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid profile email"]
    other = parse_qs(urlsplit(begin(client)).query)
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 20
        assert asked[name] != other[name]


def test_who_comes_from_the_provider_is_signed_in_and_known_again(app: Flask) -> None:
    client = app.test_client()
    answer = come_in(client, "alva", "/sign-in/openid?next=/account/tokens")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/tokens")
    page = client.get("/account", headers=HTML).text
    assert "Alva Ström" in page
    assert "alva@provider.example" in page
    assert "Change the password" not in page
    come_in(app.test_client(), "alva")
    signed = read_trail(services_of(app).database, name="alva", act=Act.SIGNED_IN, limit=5)
    assert signed[1] == 2
    assert find_account(services_of(app).database, "alva").grants == frozenset()


def test_a_next_page_of_others_is_not_followed_after_the_provider_either(app: Flask) -> None:
    answer = come_in(app.test_client(), "alva", "/sign-in/openid?next=//evil.example/")
    assert answer.headers["Location"] == "/"


def test_a_name_that_is_taken_is_not_taken_over(app: Flask) -> None:
    """Neither a name nor an e-mail address makes somebody the owner of an account here."""
    database = services_of(app).database
    change_account(database, TESTER, "administrator", email="admin@victim.example")
    client = app.test_client()
    come_in(client, "administrator")
    assert is_in(client)
    assert client.get("/administration/accounts", headers=HTML).status_code == 403
    assert find_account(database, "administrator-2").grants == frozenset()
    come_in(app.test_client(), "boris")
    assert find_account(database, "boris").email == "", "the provider has not checked it"


@pytest.mark.parametrize("who", ["<script>", "Ä Ö", "....", "日本"])
def test_any_name_of_the_provider_becomes_one_of_ours(app: Flask, who: str) -> None:
    client = app.test_client()
    come_in(client, who)
    assert is_in(client)
    assert "<script>a" not in client.get("/account", headers=HTML).text


def test_nobody_gets_an_account_where_the_settings_do_not_say_so(
    provider: Running, tmp_path: Path
) -> None:
    app = make_site(tmp_path, **settings_for(provider.url))
    client = app.test_client()
    assert come_in(client, "alva").headers["Location"] == "/sign-in"
    assert "No account here belongs to that sign-in." in client.get("/sign-in", headers=HTML).text
    assert not is_in(client)
    services_of(app).close()


def test_an_account_is_connected_by_its_owner_and_by_nobody_elses_page(app: Flask) -> None:
    client, database = signed_in(app, "curator"), services_of(app).database
    assert client.get("/sign-in/openid", headers=HTML).status_code == 400, "no proof"
    page = client.get("/account", headers=HTML).text
    path = page.split('href="/sign-in/openid?')[1].split('"')[0]
    answer = come_in(client, "alva", f"/sign-in/openid?{path}")
    assert answer.headers["Location"] == "/account"
    assert (
        "From now on you can sign in in this way too." in client.get("/account", headers=HTML).text
    )
    curator = find_account(database, "curator")
    assert [subject for _, subject in list_identities(database, curator)] == ["id-of-alva"]
    again = app.test_client()
    come_in(again, "alva")
    assert "<bdi>curator</bdi>" in again.get("/account", headers=HTML).text


def test_a_sign_in_of_one_account_cannot_be_taken_by_another(app: Flask) -> None:
    come_in(app.test_client(), "alva")
    client = signed_in(app, "curator")
    path = (
        client.get("/account", headers=HTML).text.split('href="/sign-in/openid?')[1].split('"')[0]
    )
    come_in(client, "alva", f"/sign-in/openid?{path}")
    assert "belongs to another account already" in client.get("/account", headers=HTML).text


def test_who_is_not_active_does_not_come_in(app: Flask) -> None:
    come_in(app.test_client(), "alva")
    change_account(services_of(app).database, TESTER, "alva", is_active=False)
    client = app.test_client()
    assert come_in(client, "alva").headers["Location"] == "/sign-in"
    assert not is_in(client)


def test_who_says_no_at_the_provider_is_told(app: Flask) -> None:
    client = app.test_client()
    answer = requests.post(begin(client), data={"as": ""}, allow_redirects=False, timeout=10)
    back = answer.headers["Location"].removeprefix(BASE)
    assert "error=access_denied" in back
    assert client.get(back, headers=HTML).headers["Location"] == "/sign-in"
    assert "the sign-in was stopped" in client.get("/sign-in", headers=HTML).text


@pytest.mark.parametrize("fault", ["signature", "issuer", "audience", "nonce", "expired"])
def test_a_statement_that_is_not_true_signs_nobody_in(
    app: Flask, provider: Running, fault: str
) -> None:
    client = app.test_client()
    back = back_from(begin(client), "alva")
    provider.have(fault)
    answer = client.get(back, headers=HTML)
    assert answer.status_code == 502
    assert "The answer of City login cannot be trusted" in answer.text
    assert not is_in(client)


def test_a_code_counts_only_in_the_browser_that_asked(app: Flask) -> None:
    """Login CSRF: mallory's way back, followed by the browser of somebody else."""
    mallory, victim = app.test_client(), app.test_client()
    back = back_from(begin(mallory), "boris")
    begin(victim)
    assert victim.get(back, headers=HTML).status_code == 502
    assert not is_in(victim)


def test_a_way_back_counts_once(app: Flask) -> None:
    client = app.test_client()
    back = back_from(begin(client), "alva")
    assert client.get(back, headers=HTML).status_code == 303
    other = app.test_client()
    assert other.get(back, headers=HTML).status_code == 502
    assert not is_in(other)


def test_a_planted_session_is_not_the_one_that_is_signed_in(app: Flask) -> None:
    mallory, victim = app.test_client(), app.test_client()
    way = begin(mallory)
    cookie = mallory.get_cookie("session")
    assert cookie
    victim.set_cookie("session", cookie.value)
    victim.get(back_from(way, "alva"), headers=HTML)
    assert is_in(victim)
    assert not is_in(mallory)


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "does not answer"), ("sv", "svarar inte")]
)
def test_a_provider_that_is_down_is_told_and_passwords_still_work(
    tmp_path: Path, language: str, heading: str
) -> None:
    app = make_site(tmp_path, **settings_for(f"http://127.0.0.1:{free_port()}"))
    client = app.test_client()
    answer = client.get("/sign-in/openid", headers=HTML | {"Accept-Language": language})
    assert answer.status_code == 502
    assert heading in answer.text
    remedies = {
        "en": "Try again later, or sign in with a password.",
        "sv": "Försök igen senare, eller logga in med ett lösenord.",
    }
    assert remedies[language] in answer.text
    assert client.get("/sign-in", headers=HTML).status_code == 200
    services_of(app).close()


def test_a_provider_that_comes_back_is_asked_again(tmp_path: Path) -> None:
    """One that was down at the first try is not remembered as down."""
    late = start_provider()
    app = make_site(tmp_path, **settings_for(late.url, openid_new_accounts=True))
    client = app.test_client()
    back = back_from(begin(client), "alva")
    late.have("down")
    assert client.get(back, headers=HTML).status_code == 502
    late.have()
    come_in(client, "alva")
    assert is_in(client)
    late.process.kill()
    late.process.wait()
    services_of(app).close()


def test_a_provider_that_calls_itself_otherwise_is_not_believed(
    app: Flask, provider: Running
) -> None:
    provider.have("name")
    answer = app.test_client().get("/sign-in/openid", headers=HTML)
    assert answer.status_code == 502
    assert "https://evil.example" in answer.text


def test_without_settings_there_is_no_such_sign_in(people_app: Flask) -> None:
    client = people_app.test_client()
    assert "openid" not in client.get("/sign-in", headers=HTML).text
    for path in ("/sign-in/openid", "/sign-in/openid/callback"):
        assert client.get(path, headers=HTML).status_code == 404


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ISSUER": "https://login.example"}, "needs VOCAB_SERVER_OPENID_CLIENT_ID"),
        ({"ISSUER": "http://login.example", "CLIENT_ID": "x"}, "Give an address with https"),
        ({"NEW_ACCOUNTS": "perhaps"}, "Give true or false"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, str], told: str) -> None:
    environ = {f"VOCAB_SERVER_OPENID_{name}": value for name, value in settings.items()}
    with pytest.raises(InvalidError, match=told):
        load(environ)
