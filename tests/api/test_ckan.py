"""CKAN's API as its own client knows it (ckanapi), and errors in its shape."""

from collections.abc import Iterator

import pytest
from ckanapi import NotFound, RemoteCKAN, ValidationError
from flask import Flask
from flask.testing import FlaskClient

from tests.cataloguing import HARBOUR, make_harbour
from tests.conftest import BASE
from tests.people import services_of
from vocab_server.catalog.resources import dataset_id
from vocab_server.harvest.ckan import convert_answer

BEACHES = dataset_id(BASE, f"{HARBOUR}beaches")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = make_harbour(tmp_path_factory.mktemp("ckan"))
    yield made
    services_of(made).close()


class InProcess:
    """What ckanapi needs of a session of requests, over the application itself."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def post(self, url: str, data: object, headers: dict[str, str], **_: object) -> "Answered":
        path = url.removeprefix(BASE)
        return Answered(self._client.post(path, data=data, headers=headers))

    def get(self, url: str, params: dict[str, str], headers: dict[str, str], **_: object) -> object:
        path = url.removeprefix(BASE)
        return Answered(self._client.get(path, query_string=params, headers=headers))


class Answered:
    def __init__(self, answer: object) -> None:
        self.status_code: int = answer.status_code  # type: ignore[attr-defined]
        self.text: str = answer.text  # type: ignore[attr-defined]


@pytest.fixture
def site(app: Flask) -> RemoteCKAN:
    return RemoteCKAN(BASE, session=InProcess(app.test_client()))


def test_packages_are_found_and_paged(site: RemoteCKAN) -> None:
    found = site.action.package_search(q="*:*", rows=3)
    assert (found["count"], len(found["results"])) == (4, 3)
    rest = site.action.package_search(rows=3, start=3)
    names = {p["name"] for p in (*found["results"], *rest["results"])}
    assert names == set(site.action.package_list()) and len(names) == 4
    assert site.action.package_search(rows=0) == {**found, "results": []}
    (only,) = site.action.package_search(q="bathing")["results"]
    assert only["name"] == BEACHES
    assert site.action.package_search(fq="organization:harbour")["count"] == 4


def test_a_package_has_what_its_dataset_has(site: RemoteCKAN) -> None:
    package = site.action.package_show(id=BEACHES)
    assert package["title"] == "Bathing places"
    assert {tag["name"] for tag in package["tags"]} == {"beach", "bathing", "fishing"}
    assert package["organization"]["name"] == "harbour"
    (resource,) = package["resources"]
    assert (resource["format"], resource["url"]) == ("CSV", f"{HARBOUR}beaches.csv")
    assert {"key": "uri", "value": f"{HARBOUR}beaches"} in package["extras"]
    (organization,) = site.action.organization_list(all_fields=True)
    assert organization["package_count"] == 4
    assert site.action.organization_list() == ["harbour"]


def test_errors_are_those_that_the_client_knows(site: RemoteCKAN, app: Flask) -> None:
    with pytest.raises(NotFound, match="no dataset"):
        site.action.package_show(id="nobody")
    with pytest.raises(NotFound, match="no catalog"):
        site.action.package_search(fq="organization:none")
    with pytest.raises(ValidationError):
        site.action.package_search(rows="many")
    with pytest.raises(ValidationError):
        site.action.package_search(fq="tags:x")
    answer = app.test_client().get("/api/3/action/package_show?id=nobody")
    assert answer.status_code == 404
    assert answer.get_json()["error"]["__type"] == "Not Found Error"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_we_serve_we_can_read_again(
    app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("again")
    file, target = folder / "answer.json", folder / "answer.nt"
    file.write_bytes(app.test_client().get("/api/3/action/package_search").data)
    assert convert_answer(file, target)
    assert f"<{HARBOUR}beaches>" in target.read_text()
