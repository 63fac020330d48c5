"""Pictures: well-formed whatever labels hold, of one structure in all languages, and bounded."""

import base64
import hashlib
import xml.etree.ElementTree as ET  # what is read is our own answer
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from tests.browser.conftest import HARD, HERE
from tests.conftest import BASE, SHARED
from tests.web.test_pages import Elements, read
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of, register
from vocab_server.web.drawing import is_rtl, printable, wideness, wrap

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = SHARED / "bad" / "derived" / "labels-hostile.ttl"
MANY = 30  # concepts under :many here
LANGUAGES = ("en", "sv", "ar", "ko", "fi")  # nothing has a name in Finnish
PICTURES = ("", *(f"{HARD}/{name}" for name in ("animal", "dog", "bare", "hostile", "hound")))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the hard cases and, where they are at hand, the hostile labels."""
    folder = tmp_path_factory.mktemp("pictures")
    made = create_app(Settings(data=folder / "data", base_url=BASE))
    opened: Services = made.extensions["vocab_server"]
    hard, empty = folder / "hard.ttl", folder / "empty.ttl"
    many = (f":m{n} a skos:Concept ; skos:broader :many .\n" for n in range(MANY))
    hard.write_text((HERE / "hard-cases.ttl").read_text() + "".join(many))
    empty.write_text("<urn:s> a <http://www.w3.org/2004/02/skos/core#ConceptScheme> .")
    for name, path in (("hard", hard), ("empty", empty), ("hostile", HOSTILE)):
        if path.exists():
            import_file(opened.writer, BASE, name, Source(path, path.name), "test")
    yield made
    opened.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(vocabulary: str, ending: str = "", **parameters: str) -> str:
    return f"/vocabularies/{vocabulary}/picture{ending}?{urlencode(parameters)}"


def drawn(client: FlaskClient, vocabulary: str, **parameters: str) -> ET.Element:
    answer = client.get(address(vocabulary, ".svg", **parameters))
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    return ET.fromstring(answer.data)  # noqa: S314  (our own answer)


def targets(picture: ET.Element) -> list[str]:
    """Where the boxes lead, without the language that names are shown in."""
    found = []
    for link in picture.iter(f"{SVG}a"):
        parts = urlsplit(link.attrib["href"])
        left = [(key, value) for key, value in parse_qsl(parts.query) if key != "lang"]
        found.append(f"{parts.path}?{urlencode(left)}")
    return sorted(found)


@pytest.mark.parametrize("iri", PICTURES)
def test_a_picture_has_the_same_parts_in_every_language(client: FlaskClient, iri: str) -> None:
    pictures = [drawn(client, "hard", iri=iri, lang=tag) for tag in LANGUAGES]
    assert len({tuple(targets(picture)) for picture in pictures}) == 1
    assert len({len(list(picture.iter(f"{SVG}path"))) for picture in pictures}) == 1
    assert len(list(pictures[0].iter(f"{SVG}rect"))) > 0


@pytest.mark.parametrize("iri", PICTURES)
def test_the_table_says_all_that_the_picture_says(client: FlaskClient, iri: str) -> None:
    page = read(client, address("hard", iri=iri))
    whole = client.get(address("hard", iri=iri)).text
    picture, table = whole[whole.index("<svg xmlns") :].split('id="table"')
    if iri == f"{HARD}/bare":
        assert "Nothing is linked to this concept yet." in table
        return
    above = whole[: whole.index("<svg xmlns")]  # the concept itself, and the ways to it
    links = {attributes["href"] for attributes in Elements(picture).all("a")}
    assert {link for link in links if link and f'href="{_escaped(link)}"' not in table + above} <= {
        address("hard").partition("?")[0]
    }
    assert len(page.all("h1")) == 1


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;")


def test_more_than_there_is_room_for_is_counted(client: FlaskClient) -> None:
    picture = drawn(client, "hard", iri=f"{HARD}/many")
    boxes = list(picture.iter(f"{SVG}rect"))
    assert len(boxes) == 1 + 12 + 1
    assert "and 18 more" in "".join(picture.itertext())
    shape = drawn(client, "hard")
    assert "and 22 more" in "".join(shape.itertext())


def test_ways_and_levels_above_are_drawn(client: FlaskClient) -> None:
    picture = drawn(client, "hard", iri=f"{HARD}/dog", lang="en")
    text = "".join(picture.itertext())
    for said in ("2 levels up", "Broader", "This concept", "Related concept", "Exact match"):
        assert said in text
    # animal to pet and predator, these to dog; cat beside; four mappings
    assert len(list(picture.iter(f"{SVG}path"))) == 4 + 1 + 4


def test_what_is_far_above_is_told_to_be_there(client: FlaskClient, app: Flask) -> None:
    opened: Services = app.extensions["vocab_server"]
    steps = {
        (URIRef(f"urn:c{number}"), SKOS.broader, URIRef(f"urn:c{number - 1}"))
        for number in range(1, 7)
    }
    patches = [register(BASE, "steps", "Steps"), Change(graph_of(BASE, "steps"), frozenset(steps))]
    opened.writer.commit(patches, "test", "Steps")
    picture = drawn(client, "steps", iri="urn:c6")
    labels = ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
    captions, above = ["This concept", "Broader", "2 levels up", "3 levels up"], "543"
    assert labels == [*captions, "urn:c6", *(f"urn:c{step}" for step in above), "more above"]


def test_a_script_address_is_no_link(client: FlaskClient) -> None:
    for element in drawn(client, "hard", iri=f"{HARD}/dog").iter():
        assert "javascript:" not in element.attrib.get("href", "")
        assert not {name for name in element.attrib if name.startswith("on") or name == "style"}


def test_a_right_to_left_label_is_drawn_so(client: FlaskClient) -> None:
    picture = drawn(client, "hard", iri=f"{HARD}/dog", lang="ar")
    labels = [t for t in picture.iter(f"{SVG}text") if t.attrib.get("lang") == "ar"]
    assert labels
    assert all(label.attrib["direction"] == "rtl" for label in labels)


def test_a_long_label_is_cut_and_told_whole(client: FlaskClient) -> None:
    picture = drawn(client, "hard", iri=f"{HARD}/long", lang="en")
    titles = [title.text or "" for title in picture.iter(f"{SVG}title")]
    assert any(title.endswith("chapters 84 and 85") for title in titles)
    assert all(wideness(text.text or "") <= 40 for text in picture.iter(f"{SVG}text"))


@pytest.mark.skipif(not HOSTILE.exists(), reason=f"{HOSTILE} is not here.")
@pytest.mark.parametrize(
    "name", ["xss", "rtl", "nfd", "emoji", "sparql", "empty", "ctrl", "nolabel", "typed", "both"]
)
def test_hostile_labels_stay_text(client: FlaskClient, name: str) -> None:
    iri = f"http://example.org/x/{name}"
    picture = drawn(client, "hostile", iri=iri)
    names = {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert names <= {"svg", "title", "style", "path", "text", "rect", "a", "g"}
    page = read(client, address("hostile", iri=iri))
    assert not page.all("img")
    assert all("src" in attributes for attributes in page.all("script"))


@pytest.mark.skipif(not HOSTILE.exists(), reason=f"{HOSTILE} is not here.")
def test_the_shape_of_hostile_labels_is_well_formed(client: FlaskClient) -> None:
    assert list(drawn(client, "hostile").iter(f"{SVG}rect"))


def test_the_file_may_use_its_own_style_and_nothing_else(client: FlaskClient) -> None:
    answer = client.get(address("hard", ".svg"))
    style = ET.fromstring(answer.data).find(f"{SVG}style")  # noqa: S314  (our own answer)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    assert answer.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    )


def test_links_of_the_file_work_elsewhere(client: FlaskClient) -> None:
    for link in drawn(client, "hard", iri=f"{HARD}/dog").iter(f"{SVG}a"):
        assert link.attrib["href"].startswith(("http://", "https://"))


def test_the_address_of_the_scheme_is_the_vocabulary(client: FlaskClient) -> None:
    assert targets(drawn(client, "hard", iri=HARD)) == targets(drawn(client, "hard"))


def test_a_vocabulary_without_concepts_has_no_picture(client: FlaskClient) -> None:
    page = read(client, address("empty"))
    assert "There are no concepts here yet." in page.text
    assert list(drawn(client, "empty").iter(f"{SVG}rect")) == []


@pytest.mark.parametrize(
    ("vocabulary", "iri", "status"),
    [
        ("none", "", 404),
        ("hard", f"{HARD}/nothing-here", 404),
        ("hard", "not an address", 400),
        ("hard", "<script>", 400),
    ],
)
def test_what_is_not_there_is_said(
    client: FlaskClient, vocabulary: str, iri: str, status: int
) -> None:
    for ending in ("", ".svg"):
        answer = client.get(address(vocabulary, ending, iri=iri), headers={"Accept": "text/html"})
        assert answer.status_code == status


def test_the_concept_page_leads_to_its_picture(client: FlaskClient) -> None:
    page = read(client, f"/resource?iri={HARD}/dog")
    links = [attributes.get("href") or "" for attributes in page.all("a")]
    assert f"/vocabularies/hard/picture?iri={HARD}/dog" in links


@given(st.text(), st.integers(2, 30), st.integers(1, 3))
def test_wrapped_text_fits(text: str, room: int, most: int) -> None:
    lines = wrap(text, room, most)
    assert 1 <= len(lines) <= most
    assert all(wideness(line) <= max(room, 3) for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == "".join(printable(text).split())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("dog", False), ("كلب", True), ("1 שלום", True), ("12", False), ("", False)],
)
def test_the_first_letter_decides_the_direction(text: str, wanted: bool) -> None:
    assert is_rtl(text) == wanted
