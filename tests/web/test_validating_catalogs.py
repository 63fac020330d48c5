"""Catalogs are checked by profile: on the page, by programs and on the command line."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SH

from tests.cataloguing import CATALOG, TOPICS, read_catalog, read_vocabulary
from tests.conftest import BASE, ROOT
from tests.quality.shacl.suite import literals_as_written
from vocab_server.cli import cli
from vocab_server.config import Settings
from vocab_server.quality.dcat.checks import catalog_checks_of, checks_of
from vocab_server.quality.shacl.shapes import Shapes
from vocab_server.quality.shacl.validation import validate
from vocab_server.services import open_services

__all__ = ["literals_as_written"]
SWEDISH = {"Accept-Language": "sv"}


def send(client: FlaskClient, profile: str, text: str = CATALOG) -> str:
    token = client.get("/validate").text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "profile": profile, "text": text}
    return client.post("/validate", data=form, headers=SWEDISH).text


def ask(client: FlaskClient, text: str, **query: str) -> dict[str, object]:
    answer = client.post(
        "/api/v1/validate", data=text, query_string=query, content_type="text/turtle"
    )
    told: dict[str, object] = answer.json
    return told | {"status": answer.status_code} if answer.status_code != 200 else told


def test_what_is_pasted_is_checked_as_a_catalog(client: FlaskClient) -> None:
    page = send(client, "dcat-ap")
    assert "Fil: ”Filformat” är inte från listan" in page
    assert "https://harbour.example/catches" in page
    assert 'value="dcat-ap" selected' in page


def test_a_vocabulary_is_no_catalog(client: FlaskClient) -> None:
    assert "inget av DCAT" in send(client, "dcat-ap", TOPICS)
    assert "Den har 4 datamängder" in send(client, "")
    assert "ingen profil &#39;dcat-us&#39;" in send(client, "dcat-us")


def test_programs_get_findings_in_their_language(client: FlaskClient) -> None:
    told = ask(client, CATALOG, profile="dcat-ap-se", lang="sv")
    found = {finding["check"]: finding for finding in told["findings"]}
    assert found["DCT-1.Catalog.license"]["source"] == "DCAT-AP-SE 3.0.1, Catalog, dct:license"
    assert found["DCT-3.Distribution.format.se"]["value"] == "JSON"
    assert found["DCT-1.Catalog.description"]["message"].startswith(
        "Katalog: ”Beskrivning” saknas."
    )
    assert told["failures"] == []


def test_a_profile_that_is_not_there_is_refused(client: FlaskClient) -> None:
    told = ask(client, CATALOG, profile="dcat-us")
    assert told["status"] == 400
    assert "dcat-ap-se" in told["detail"]


@pytest.mark.parametrize("profile", ["dcat-ap", "dcat-ap-hvd", "dcat-ap-se"])
def test_the_shapes_are_served(client: FlaskClient, profile: str) -> None:
    served = client.get(f"/shapes/{profile}.ttl").text
    swedish = client.get(f"/shapes/{profile}.ttl", headers={"Accept-Language": "sv"}).text
    assert isomorphic(Graph().parse(data=swedish), Graph().parse(data=served))
    assert client.get(f"/shapes/{profile}", headers={"Accept": "text/turtle"}).text == served
    graph = Graph().parse(data=served, format="turtle")
    for check in checks_of(profile):
        shape = URIRef(f"{BASE}/checks/{check.id}")
        assert Literal(check.source) in set(graph.objects(shape)), check.id
        assert graph.value(shape, SH.severity) is not None


def test_what_is_found_with_the_served_shapes_is_what_the_call_finds(client: FlaskClient) -> None:
    shapes = Shapes(Graph().parse(data=client.get("/shapes/dcat-ap.ttl").text, format="turtle"))
    results = validate(Graph().parse(data=CATALOG, format="turtle"), shapes)
    found = ask(client, CATALOG, profile="dcat-ap")["findings"]
    told = sorted(f"{BASE}/checks/{finding['check']}" for finding in found)
    assert sorted(str(result.shape) for result in results) == told
    assert len(told) > 20


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/shapes/dcat-us", 404),
        ("/shapes/dcat-ap.pdf", 415),
        ("/checks?profile=dcat-us", 404),
        ("/checks?profile=dcat-ap-se", 200),
        ("/checks/DCT-1.Dataset.title", 200),
        ("/validate?profile=dcat-ap-se", 200),
    ],
)
def test_addresses_are_answered(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_every_check_of_a_profile_has_a_page_and_a_row(client: FlaskClient) -> None:
    rows = client.get("/checks?profile=dcat-ap", headers=SWEDISH).text
    assert "Datamängd: ”Titel” saknas" in rows
    assert rows.count("<tr>") == 1 + len(catalog_checks_of("dcat-ap"))


@pytest.fixture(scope="module")
def harbour_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a catalog whose tags lead to an EU theme; no test changes it."""
    folder = tmp_path_factory.mktemp("harbour")
    services = open_services(Settings(data=folder / "data", base_url=BASE))
    read_vocabulary(services, folder, "topics", TOPICS)
    read_catalog(services, folder, "harbour")
    services.close()
    return folder


@pytest.fixture
def harbour(harbour_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOCAB_SERVER_DATA", str(harbour_data / "data"))
    return harbour_data


def check(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["check", *arguments])


def test_a_catalog_here_is_checked_with_what_follows_from_its_tags(harbour: Path) -> None:
    done = check("--catalog", "harbour", "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)["findings"]
    without_theme = {f["focus"] for f in found if f["check"] == "DCT-3.Dataset.theme"}
    assert without_theme == {
        f"https://harbour.example/{n}" for n in ("beaches", "catches", "plans")
    }


def test_tags_of_a_catalog_here_are_checked_against_its_vocabularies(harbour: Path) -> None:
    done = check("--catalog", "harbour", "--only", "DCT-5", "--json")
    found = json.loads(done.stdout)["findings"]
    told = [(f["focus"], f["value"]) for f in found]
    assert told == [("https://harbour.example/beaches", "urn:unknown")]


def test_a_file_is_checked_by_a_profile(harbour: Path) -> None:
    done = check(str(harbour / "harbour.ttl"), "--profile", "dcat-ap", "--severity", "violation")
    assert done.exit_code == 1
    assert "DCT-1.Catalog.description violation <https://harbour.example/catalog>" in done.stdout
    assert " warning " not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("themes", "--catalog", "harbour"),
        ("--catalog", "harbour", "--only", "INT-S14"),
        ("no-such-file", "--profile", "dcat-ap"),
        ("x.ttl", "--profile", "dcat-us"),
    ],
)
def test_wrong_use_is_said(arguments: tuple[str, ...]) -> None:
    assert check(*arguments).exit_code == 2


def test_a_catalog_that_is_not_here_is_said(harbour: Path) -> None:
    assert "nowhere" in str(check("--catalog", "nowhere").exception)


def test_the_example_catalog_breaks_no_rule() -> None:
    shipped = str(ROOT / "vocabularies" / "ekebro.ttl")
    done = check(shipped, "--profile", "dcat-ap-se", "--severity", "violation")
    assert (done.exit_code, done.stdout) == (0, "")


SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
    <urn:shape> a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dcat:keyword ;
        sh:minCount 1 ; sh:message "Say what it is about."@en ; sh:severity %s ] ."""


def test_a_file_is_checked_by_shapes_of_anybody(tmp_path: Path) -> None:
    file, shapes = tmp_path / "harbour.ttl", tmp_path / "shapes.ttl"
    file.write_text(CATALOG)
    shapes.write_text(SHAPES % "sh:Violation")
    done = check(str(file), "--shapes", str(shapes))
    assert done.exit_code == 1
    assert done.stdout.count("Say what it is about.") == 3
    assert "<https://harbour.example/plans> <http://www.w3.org/ns/dcat#keyword>" in done.stdout


def test_shapes_are_told_by_severity_and_with_no_choice_of_our_checks(tmp_path: Path) -> None:
    file, shapes = tmp_path / "harbour.ttl", tmp_path / "shapes.ttl"
    file.write_text(CATALOG)
    shapes.write_text(SHAPES % "sh:Warning")
    told = check(str(file), "--shapes", str(shapes))
    assert (told.exit_code, "warning" in told.stdout) == (0, True)
    grave = check(str(file), "--shapes", str(shapes), "--severity", "violation")
    assert (grave.exit_code, grave.stdout) == (0, "")
    for option in (("--only", "LAB-1"), ("--profile", "dcat-ap"), ("--language", "sv")):
        done = check(str(file), "--shapes", str(shapes), *option)
        assert done.exit_code == 2
        assert f"{option[0]}: not together with --shapes" in done.stderr


def test_shapes_of_ones_own_are_used_on_the_page(client: FlaskClient) -> None:
    token = client.get("/validate").text.split('name="csrf_token" value="')[1].split('"')[0]

    def send_shapes(shapes: str) -> tuple[int, str]:
        file = (io.BytesIO(shapes.encode()), "shapes.ttl")
        form = {"csrf_token": token, "text": CATALOG, "shapes": file}
        answer = client.post("/validate", data=form)
        return answer.status_code, answer.text

    status, page = send_shapes(SHAPES % "sh:Warning")
    assert (status, page.count("Say what it is about.")) == (200, 3)
    status, page = send_shapes(SHAPES.replace("sh:path dcat:keyword ;", "") % "sh:Warning")
    assert status == 422
    assert "has no sh:path" in page


def test_what_shapes_find_is_told_to_programs(tmp_path: Path) -> None:
    file, shapes = tmp_path / "harbour.ttl", tmp_path / "shapes.ttl"
    file.write_text(CATALOG)
    shapes.write_text(SHAPES % "sh:Warning")
    done = check(str(file), "--shapes", str(shapes), "--format", "ttl")
    assert done.exit_code == 0
    report = Graph().parse(data=done.stdout, format="turtle")
    assert len(list(report.subjects(SH.resultSeverity, SH.Warning))) == 3
    assert check(str(file), "--shapes", str(shapes), "--format", "sarif").exit_code == 2
    assert check("themes", "--shapes", str(shapes)).exit_code == 2
