"""What CKAN answers becomes DCAT; what it does not answer is told in words."""

import json
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import FOAF, RDF

from tests.conftest import SHARED
from vocab_server.errors import InvalidError
from vocab_server.harvest.ckan import convert_answer
from vocab_server.rdf.namespaces import DCAT, DCT, VCARD

HELP = "https://ckan.example/api/3/action/help_show?name=package_search"
PACKAGE = {
    "id": "p1",
    "name": "bad",
    "title": "Badplatser",
    "notes": "Var man badar",
    "metadata_modified": "2026-01-02T03:04:05",
    "tags": [{"name": "bad", "display_name": "bad"}, {"name": ""}],
    "organization": {"id": "o1", "title": "Kommunen"},
    "maintainer": "Anna",
    "maintainer_email": "anna@kommun.example",
    "license_url": "https://creativecommons.org/publicdomain/zero/1.0/",
    "resources": [
        {"id": "r1", "url": "https://ckan.example/b.csv", "format": "CSV", "url_type": "upload"},
        {"id": "r2", "url": "not an address", "format": None},
        {"url": "https://ckan.example/without-id"},
    ],
    "extras": [{"key": "uri", "value": "https://kommun.example/bad"}, {"key": "odd"}],
}
BRISBANE = SHARED / "dcat" / "ckan-package_search" / "brisbane-100.json"


def converted(tmp_path: Path, answer: object) -> Graph | None:
    file, target = tmp_path / "answer.json", tmp_path / "answer.nt"
    file.write_text(answer if isinstance(answer, str) else json.dumps(answer))
    return Graph().parse(target, format="nt") if convert_answer(file, target) else None


def answer_of(*packages: object) -> dict[str, object]:
    return {"help": HELP, "success": True, "result": {"results": list(packages)}}


def test_a_package_becomes_a_dataset(tmp_path: Path) -> None:
    found = converted(tmp_path, answer_of(PACKAGE, {**PACKAGE, "state": "deleted", "id": "p2"}))
    assert found is not None
    dataset = URIRef("https://kommun.example/bad")
    assert set(found.subjects(RDF.type, DCAT.Dataset)) == {dataset}
    assert found.value(dataset, DCT.title) == Literal("Badplatser")
    assert set(found.objects(dataset, DCAT.keyword)) == {Literal("bad")}
    publisher = found.value(dataset, DCT.publisher)
    assert found.value(publisher, FOAF.name) == Literal("Kommunen")
    contact = found.value(dataset, DCAT.contactPoint)
    assert found.value(contact, VCARD.hasEmail) == URIRef("mailto:anna@kommun.example")
    first, second = (URIRef(f"{dataset}/resource/{name}") for name in ("r1", "r2"))
    assert found.value(first, DCAT.downloadURL) == URIRef("https://ckan.example/b.csv")
    assert found.value(second, DCAT.accessURL) == Literal("not an address")
    assert len(list(found.objects(dataset, DCAT.distribution))) == 2


def test_the_answer_about_one_package_is_read_too(tmp_path: Path) -> None:
    found = converted(tmp_path, {"help": HELP, "success": True, "result": PACKAGE})
    assert found is not None and len(set(found.subjects(RDF.type, DCAT.Dataset))) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"help": HELP, "success": False, "error": "No", "result": {}}, "says that it failed"),
        ({"success": True, "result": {"results": []}}, "which site"),
        ({"help": HELP, "result": "text"}, "no list of datasets"),
        ('{"result": ', "no JSON"),
        ('{"result": ' + "[" * 100_000, "inside each other"),
    ],
)
def test_a_bad_answer_is_refused_in_words(tmp_path: Path, answer: object, told: str) -> None:
    with pytest.raises(InvalidError, match=told):
        converted(tmp_path, answer)


def test_odd_values_are_left_out(tmp_path: Path) -> None:
    odd = {"id": "x y", "tags": "none", "resources": {"a": 1}, "extras": None, "title": 7}
    found = converted(
        tmp_path, answer_of(odd, "text", None, {"id": "\ud800"}, {**PACKAGE, "tags": 3})
    )
    assert found is not None and len(set(found.subjects(RDF.type, DCAT.Dataset))) == 1


def test_what_is_no_answer_of_ckan_is_left_to_others(tmp_path: Path) -> None:
    for other in ('{"@context": {}, "result": 1}', "<rdf/>", "[]", ""):
        assert converted(tmp_path, other) is None


@pytest.mark.skipif(not BRISBANE.exists(), reason="The shared test data is not here.")
def test_a_real_answer_gives_all_its_datasets(tmp_path: Path) -> None:
    target = tmp_path / "brisbane.nt"
    assert convert_answer(BRISBANE, target)
    found = Graph().parse(target, format="nt")
    assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == 100
    assert len(set(found.subjects(RDF.type, DCAT.Distribution))) == 292
