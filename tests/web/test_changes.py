"""The page of new, changed and deprecated concepts, over a vocabulary with a past."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.changing import BASE, DATED, UNDATED, edit, import_again, put
from tests.web.test_pages import Elements
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.services import Services

PAGE = "/vocabularies/zoo/changes"


@pytest.fixture(scope="module")
def zoo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("zoo")
    app = create_app(Settings(data=folder / "data", base_url=BASE))
    opened: Services = app.extensions["vocab_server"]
    put(opened, "zoo", "The zoo", DATED)
    put(opened, "numbers", "Numbers", UNDATED)
    put(opened, "empty", "Nothing", "<urn:x> <urn:y> <urn:z> .")
    put(opened, "edited", "Edited", UNDATED)
    edit(opened, "edited", ':n1 skos:altLabel "one"@en . :late a skos:Concept .')
    edit(opened, "edited", removed=":n2 a skos:Concept .")
    edition = folder / "edition.ttl"
    edition.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        '<https://example.org/e/1> a skos:Concept ; skos:prefLabel "one"@en .'
    )
    import_again(opened, "edition", edition)
    import_again(opened, "edition", edition)
    yield app
    opened.close()


@pytest.fixture
def zoo(zoo_app: Flask) -> FlaskClient:
    return zoo_app.test_client()


def page(client: FlaskClient, path: str, language: str = "en") -> Elements:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return Elements(answer.text)


def words(found: Elements) -> str:
    return " ".join(found.text.split())


def test_changes_stand_by_month_newest_first(zoo: FlaskClient) -> None:
    text = words(page(zoo, PAGE))
    places = [
        text.index(part)
        for part in (
            "Vocabulary added Zoo & friends: 1 concept",  # the unicorn, of which nobody knows when
            "May 2021",
            "May 1, 2021 No longer used unicorn",
            "April 2021",
            "Apr 5, 2021 No longer used hound",
            "March 2021",
            "Mar 4, 2021 Updated dog",
            "January 2020",
            "Jan 2, 2020 New dog",
            "May 2019",
            "January 2017",
            "Jan 1, 2017 New bare",
        )
    ]
    assert places == sorted(places)


def test_in_swedish_months_and_kinds_are_swedish(zoo: FlaskClient) -> None:
    text = words(page(zoo, PAGE, "sv"))
    assert "mars 2021" in text
    assert "Uppdaterat hund" in text
    assert "Används inte längre" in text


def test_a_deprecated_concept_leads_to_its_replacements(zoo: FlaskClient) -> None:
    found = page(zoo, PAGE)
    text = words(found)
    assert "hound No longer used → Use instead: dog, javascript:alert(1)" in text
    assert "No direct replacement" in text
    targets = [a["href"] for a in found.all("a") if "zoo%2Fdog" in (a["href"] or "")]
    assert len(targets) == 4  # new, changed, and twice instead of the hound
    assert not any((a["href"] or "").startswith("javascript:") for a in found.all("a"))


@pytest.mark.parametrize(("language", "name"), [("ko", "사냥개"), ("ar", "كلب صيد")])
def test_names_are_in_the_wanted_language_and_say_so(
    zoo: FlaskClient, language: str, name: str
) -> None:
    found = page(zoo, f"{PAGE}?lang={language}")
    assert name in found.text
    spans = [span for span in found.all("span") if span.get("lang") == language]
    assert len(spans) >= 3
    assert {span["dir"] for span in spans} == {"auto"}
    assert any(f"lang={language}" in (a["href"] or "") for a in found.all("a"))


def test_hostile_names_stay_text(zoo: FlaskClient) -> None:
    answer = zoo.get(PAGE, headers={"Accept": "text/html"})
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text


def test_the_structure_is_the_same_in_every_language(zoo: FlaskClient) -> None:
    rows = {
        language: [time["datetime"] for time in page(zoo, f"{PAGE}?lang={language}").all("time")]
        for language in ("en", "sv", "ko", "ar", "tlh")
    }
    assert len(set(map(tuple, rows.values()))) == 1
    assert len(rows["en"]) == 8


def test_an_undated_vocabulary_is_one_entry(zoo: FlaskClient) -> None:
    found = page(zoo, "/vocabularies/numbers/changes")
    assert "Vocabulary added Numbers: 120 concepts" in words(found)
    assert len(found.all("time")) == 1


def test_edits_of_an_undated_vocabulary_are_listed(zoo: FlaskClient) -> None:
    text = words(page(zoo, "/vocabularies/edited/changes"))
    for part in ("Removed https://example.org/zoo/n2", "Updated number 001", "New late"):
        assert part in text
    assert "Vocabulary added Edited: 120 concepts" in text


def test_importing_the_same_again_changes_nothing(zoo: FlaskClient) -> None:
    assert len(page(zoo, "/vocabularies/edition/changes").all("time")) == 1


def test_a_vocabulary_without_changes_says_so(zoo: FlaskClient) -> None:
    assert "No changes are known" in words(page(zoo, "/vocabularies/empty/changes"))


def test_kinds_and_dates_choose(zoo: FlaskClient) -> None:
    def days(query: str) -> list[str | None]:
        return [time["datetime"] for time in page(zoo, f"{PAGE}?{query}").all("time")]

    assert days("kind=changed") == ["2021-03-04"]
    assert days("kind=deprecated,changed&until=2021-04") == ["2021-04-05", "2021-03-04"]
    assert days("since=2018-01-01&until=2019-12-31") == ["2019-05-06", "2018-01-01"]
    assert days("since=&until=&kind=") == days("")
    chosen = page(zoo, f"{PAGE}?since=2019-05&until=2020-02&kind=new")
    values = {field.get("name"): field.get("value") for field in chosen.all("input")}
    assert (values["since"], values["until"]) == ("2019-05-01", "2020-02-29")
    assert [
        o["value"] for o in chosen.all("option") if "selected" in o and o["value"] == "new"
    ] == ["new"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("since=yesterday", "since"),
        ("until=2021-02-29", "until"),
        ("since=2022&until=2021", "until"),
        ("kind=<script>", "kind"),
        ("format=docx", "format"),
        ("since=" + "9" * 5000, "since"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(zoo: FlaskClient, query: str, says: str) -> None:
    answer = zoo.get(f"{PAGE}?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert says in answer.text
    assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_an_unknown_vocabulary_is_not_found(zoo: FlaskClient) -> None:
    assert zoo.get("/vocabularies/none/changes").status_code == 404


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("?format=json", "text/html", "application/json"),
        ("", "application/json", "application/json"),
        ("?format=atom", "*/*", "application/atom+xml"),
        ("", "application/activity+json", "application/activity+json"),
    ],
)
def test_the_same_changes_are_there_for_programs(
    zoo: FlaskClient, query: str, accept: str, media_type: str
) -> None:
    answer = zoo.get(f"{PAGE}{query}", headers={"Accept": accept}, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.mimetype == media_type


def test_the_twin_keeps_what_was_chosen(zoo: FlaskClient) -> None:
    found = zoo.get(
        f"{PAGE}?format=json&kind=deprecated&since=2021-04&until=2021-04&lang=ko",
        follow_redirects=True,
    ).get_json()
    assert [item["prefLabel"] for item in found["items"]] == ["사냥개"]
    instead = {item["iri"]: item["prefLabel"] for item in found["items"][0]["isReplacedBy"]}
    assert instead["https://example.org/zoo/dog"] == "개"


def test_pages_follow_each_other(zoo_app: Flask, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path / "data", base_url=BASE))
    opened: Services = app.extensions["vocab_server"]
    dated = UNDATED.replace("a skos:Concept", 'a skos:Concept ; dct:created "2020-02"')
    put(opened, "dated", "Dated", dated)
    client = app.test_client()
    first = page(client, "/vocabularies/dated/changes?kind=new")
    second = page(client, "/vocabularies/dated/changes?kind=new&page=2")
    assert (len(first.all("time")), len(second.all("time"))) == (100, 20)
    following = next(a["href"] for a in first.all("a") if a.get("rel") == "next")
    assert following == "/vocabularies/dated/changes?kind=new&page=2"
    opened.close()


def test_pages_name_their_feeds(zoo: FlaskClient) -> None:
    for path in ("/vocabularies/zoo", PAGE, "/resource?iri=https://example.org/zoo/dog"):
        feeds = [
            found["href"]
            for found in page(zoo, path).all("link")
            if found.get("type") == "application/atom+xml"
        ]
        assert feeds == ["/feeds/changes.atom", "/feeds/zoo/changes.atom"]
    assert any(a["href"] == PAGE for a in page(zoo, "/vocabularies/zoo").all("a"))
