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
    assert (package["license_id"], package["isopen"]) == ("CC0 1.0", True)
    (resource,) = package["resources"]
    assert (resource["format"], resource["url"]) == ("CSV", f"{HARBOUR}beaches.csv")
    assert {"key": "uri", "value": f"{HARBOUR}beaches"} in package["extras"]
    (organization,) = site.action.organization_list(all_fields=True)
    assert organization["package_count"] == 4
    assert site.action.organization_list() == ["harbour"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("organization:harbour", 4),
        ("res_format:CSV", 1),
        ("res_format:csv +organization:harbour", 1),
        ('res_format:JSON AND license_id:"CC BY 4.0"', 1),
        ("res_format:(CSV OR JSON)", 2),
        ("res_format:PDF", 0),
        ("tags:Beach", 1),
        ("tags:fishing", 2),
        ("tags:Fiske", 2),
        ("state:active dataset_type:dataset", 4),
        ("tags:*", 4),
        (" ", 4),
    ],
)
def test_filter_queries_narrow_down(site: RemoteCKAN, query: str, count: int) -> None:
    found = site.action.package_search(fq=query)
    assert (found["count"], len(found["results"])) == (count, count)


def test_packages_are_sorted(site: RemoteCKAN) -> None:
    newest = site.action.package_search(sort="metadata_modified desc")["results"]
    oldest = site.action.package_search(sort="metadata_modified asc")["results"]
    assert [p["title"] for p in newest][:2] == ["Bathing places", "Landed fish"]
    assert [p["title"] for p in oldest][2:] == ["Landed fish", "Bathing places"]
    by_name = [p["name"] for p in site.action.package_search(sort="name asc")["results"]]
    pages = [
        site.action.package_search(sort="name asc", rows=1, start=n)["results"] for n in range(4)
    ]
    assert by_name == sorted(by_name) == [p["name"] for (p,) in pages]


def test_facets_count_what_was_found(site: RemoteCKAN) -> None:
    names = ["organization", "res_format", "license_id", "tags", "groups"]
    found = site.call_action("package_search", {"facet.field": names, "rows": 0})
    assert found["facets"] == {
        "organization": {"harbour": 4},
        "res_format": {"CSV": 1, "JSON": 1},
        "license_id": {"CC BY 4.0": 1, "CC0 1.0": 1},
        "tags": {"beach": 1},
        "groups": {},
    }
    (item,) = found["search_facets"]["organization"]["items"]
    assert (item["name"], item["count"]) == ("harbour", 4)
    one = site.call_action(
        "package_search",
        {"facet.field": '["res_format"]', "facet.limit": 1, "fq": "res_format:JSON"},
    )
    assert one["facets"] == {"res_format": {"JSON": 1}}
    none = site.call_action("package_search", {"facet.field": names, "facet": False})
    assert none["facets"] == {}


def test_the_help_of_an_answer_leads_somewhere(site: RemoteCKAN, app: Flask) -> None:
    answer = app.test_client().get("/api/3/action/package_search").get_json()
    told = app.test_client().get(answer["help"].removeprefix(BASE)).get_json()
    assert "facet.field" in told["result"]
    with pytest.raises(NotFound, match="there are"):
        site.action.help_show(name="x")


def test_errors_are_those_that_the_client_knows(site: RemoteCKAN, app: Flask) -> None:
    with pytest.raises(NotFound, match="no dataset"):
        site.action.package_show(id="nobody")
    with pytest.raises(NotFound, match="no catalog"):
        site.action.package_search(fq="organization:none")
    with pytest.raises(ValidationError):
        site.action.package_search(rows="many")
    for wrong in (
        {"fq": "author:x"},
        {"fq": "-organization:harbour"},
        {"fq": "res_format:(CSV AND JSON)"},
        {"fq": "harbour"},
        {"sort": "title asc"},
        {"sort": "metadata_modified up"},
        {"facet.field": '["author"]'},
        {"facet.field": "[1]"},
        {"facet.field": '["tags"]', "facet.limit": "x"},
    ):
        with pytest.raises(ValidationError):
            site.call_action("package_search", wrong)
    with pytest.raises(ValidationError, match="Missing value"):
        site.action.package_show()
    nothing = app.test_client().get("/api/3/action/nothing")
    assert nothing.status_code == 400 and "not known: nothing" in nothing.get_json()
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
