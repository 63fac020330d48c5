"""A server whose PostgreSQL is cut off: it reads on, refuses to write, and recovers by itself."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.cataloguing import HARBOUR, TOPIC, make_harbour
from tests.conftest import BASE
from tests.operation.conftest import run
from tests.people import HTML, TESTER, add_person, send, services_of, signed_in
from tests.postgresql import Cluster, Wire
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.app import create_app
from vocab_server.catalog.resources import dataset_id
from vocab_server.config import load
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.services import open_services

TAGS = f"/api/v1/datasets/{dataset_id(BASE, f'{HARBOUR}berths')}/tags?concept={TOPIC}bathing"
PAGES = ("/", "/vocabularies/topics", "/datasets", f"/resource?iri={TOPIC}bathing", "/search?q=bad")


@pytest.fixture(scope="module")
def wire(cluster: Cluster) -> Iterator[Wire]:
    made = Wire(cluster.port)
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(cluster: Cluster, wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The harbour on a PostgreSQL that can be cut off."""
    name = cluster.with_tables().rpartition("/")[2]
    app = make_harbour(tmp_path_factory.mktemp("cut"), database=cluster.url(name, wire.port))
    add_person(services_of(app).database, "eva", Grant(Role.ADMINISTRATOR))
    yield app
    services_of(app).close()


@pytest.fixture
def token(site: Flask) -> dict[str, str]:
    database = services_of(site).database
    text, _ = create_token(database, TESTER, find_account(database, "eva"), scopes=("write",))
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def cut_off(site: Flask, token: dict[str, str], wire: Wire) -> Iterator[Wire]:
    wire.cut()
    yield wire
    wire.mend()


@pytest.mark.parametrize("page", PAGES)
def test_what_everybody_may_read_is_read(site: Flask, cut_off: Wire, page: str) -> None:
    assert site.test_client().get(page, headers=HTML).status_code == 200
    assert site.test_client().get("/sparql?query=ASK{}").status_code == 200


def test_who_is_signed_in_reads_as_everybody_and_is_signed_in_again(
    site: Flask, wire: Wire
) -> None:
    eva = signed_in(site, "eva")
    assert eva.get("/account", headers=HTML).status_code == 200
    wire.cut()
    try:
        for page in PAGES:
            eva.set_cookie("interface", "en")
            answer = eva.get(page, headers=HTML)
            assert (answer.status_code, "Sign out" in answer.text) == (200, False)
            assert "The database does not answer" in answer.text
            assert "Databasen svarar inte" in eva.get(f"{page}{sv(page)}", headers=HTML).text
        assert eva.get("/account", headers=HTML).status_code == 303  # to sign in
    finally:
        wire.mend()
    assert "Sign out" in eva.get("/?interface=en", headers=HTML).text


def sv(page: str) -> str:
    return f"{'&' if '?' in page else '?'}interface=sv"


def test_changes_are_refused_in_words_and_kept_afterwards(
    site: Flask, token: dict[str, str], wire: Wire
) -> None:
    client, eva = site.test_client(), signed_in(site, "eva")
    wire.cut()
    try:
        refused = client.put(TAGS, headers=token)
        page = send(eva, "/sign-in", name="eva", password="wrong")
    finally:
        wire.mend()
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert "The database cannot be used at the moment" in refused.get_json()["detail"]
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "vocab-server doctor" in page.text
    assert client.put(TAGS, headers=token).status_code == 201


def test_a_monitor_is_told_what_goes_on(site: Flask, cut_off: Wire) -> None:
    client = site.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    (told,) = answer.get_json()["missing"]
    assert told.startswith("The database does not answer. What is published can be read as of")


def test_a_server_that_has_something_to_read_starts_without_the_database(
    site: Flask, cut_off: Wire
) -> None:
    app = create_app(services_of(site).settings)
    with closing(services_of(app)):
        assert app.test_client().get("/vocabularies/topics", headers=HTML).status_code == 200


def test_one_that_has_nothing_says_what_to_do(site: Flask, cut_off: Wire, tmp_path: Path) -> None:
    new = replace(services_of(site).settings, data=tmp_path / "new")
    with pytest.raises(StoreUnavailableError, match="is VOCAB_SERVER_DATABASE right"):
        open_services(new)


def test_the_doctor_and_the_command_line_say_what_is_wrong(site: Flask, cut_off: Wire) -> None:
    settings = services_of(site).settings
    done = run(settings.data, "doctor", VOCAB_SERVER_DATABASE=settings.database)
    assert done.returncode == 1
    assert "does not answer" in done.stdout
    assert "Until then people read what was published" in done.stdout
    add = ("user", "add", "bo", "--role", "reader")
    added = run(settings.data, *add, VOCAB_SERVER_DATABASE=settings.database)
    assert (added.returncode, "Traceback" in added.stderr) == (1, False)
    assert "The database cannot be used" in added.stderr


ODD = (
    "/id/topics/a%00b",
    "/resource?iri=urn:a%00b",
    "/administration/accounts?q=%00",
    "/administration/audit?account=%00",
    "/vocabularies/topics/proposals?state=%00",
    f"/keywords?q={'x' * 3_000}%00",
)


@pytest.mark.parametrize("path", ODD)
def test_a_character_that_postgresql_cannot_keep_does_no_harm(site: Flask, path: str) -> None:
    assert signed_in(site, "eva").get(path, headers=HTML).status_code in (200, 400, 404)


def test_a_number_that_no_row_can_have_is_not_found(site: Flask, token: dict[str, str]) -> None:
    for number in (2**31, 2**63 - 1):
        answer = site.test_client().get(f"/api/v1/drafts/{number}", headers=token)
        assert answer.status_code == 404, number


def test_the_settings_are_shown_without_the_password(tmp_path: Path) -> None:
    far = "postgresql+psycopg://anna:geheim@db.example.se/vocab"
    for form in ((), ("--json",)):
        done = run(tmp_path, "config", "show", *form, VOCAB_SERVER_DATABASE=far)
        assert done.returncode == 0
        assert "geheim" not in done.stdout
        assert "anna:***@db.example.se" in done.stdout


BAD_PORT = "postgresql+psycopg://a:b@c:port/d"


@pytest.mark.parametrize(
    "url", ["postgres://a@b/c", "postgresql://a@b/c", "mysql://a@b/c", "x", BAD_PORT]
)
def test_a_database_of_another_kind_is_refused_with_examples(tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidError, match=r"postgresql\+psycopg://user:password@host/name"):
        load({"VOCAB_SERVER_DATABASE": url})


def test_an_old_encoding_is_refused_with_what_to_do(cluster: Cluster, tmp_path: Path) -> None:
    with cluster.connected() as connection:
        connection.execute("CREATE DATABASE old ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    settings = {"VOCAB_SERVER_DATABASE": cluster.url("old")}
    done = run(tmp_path / "data", "init", "--empty", **settings)
    assert done.returncode == 1
    assert "createdb --encoding=UTF8" in done.stderr
