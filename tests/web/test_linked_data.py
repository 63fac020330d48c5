"""Linked data over real HTTP: identifiers, descriptions in all forms, and what headers tell."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin
from xml.etree import ElementTree

import pytest
import requests
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD

from tests.conftest import Server, start_server, stop_server
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.services import open_services

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
VOID = Namespace("http://rdfs.org/ns/void#")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RDF_FORMS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
}
FORMS = {*RDF_FORMS, "application/json", "text/html"}
EXTENSIONS = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "json": "application/json",
    "html": "text/html",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NARROWER = 5_000
ORCID = "https://orcid.org/0000-0002-1825-0097"
LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/"

VOCABULARY = f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.org/> .

<../odd> a skos:ConceptScheme ; dct:title "Odd names"@en ; dct:license <{LICENCE}> ;
    dct:creator <{ORCID}> ; skos:hasTopConcept <many> .
<many> a skos:Concept ; skos:prefLabel "Many"@en ; skos:topConceptOf <../odd> .
<Blåbär> a skos:Concept ; skos:prefLabel "Blåbär"@sv ; skos:inScheme <../odd> .
<r%C3%A4v> a skos:Concept ; skos:prefLabel "Räv"@sv .
<two%20words> a skos:Concept ; skos:prefLabel "Two words"@en .
<a.b> a skos:Concept ; skos:prefLabel "A dot"@en .
<plain> a skos:Concept ; skos:prefLabel "Plain"@en .
<page.html> a skos:Concept ; skos:prefLabel "A name like a file"@en .
<http://example.org/begrepp/Blåbär> a skos:Concept ; skos:prefLabel "Blåbär"@sv .
<http://example.org/with%20space> a skos:Concept ; skos:prefLabel "Space"@en .
<http://example.org/find?query=a&page=2> a skos:Concept ; skos:prefLabel "Query"@en .
<http://example.org/ns#fragment> a skos:Concept ; skos:prefLabel "Fragment"@en .
<http://example.org/한국어> a skos:Concept ; skos:prefLabel "한국어"@ko .
<urn:isbn:9789144000000> a skos:Concept ; skos:prefLabel "URN"@en .
<noted> a skos:Concept ; skos:prefLabel "Noted"@en ;
    skos:definition [ rdf:value "A text with a source."@en ; dct:source [ dct:title "Book" ] ] .
<typed> a skos:Concept ; skos:prefLabel "Typed"@en, "No language" ;
    skos:notation "1.50"^^xsd:decimal, "T"^^ex:notation, "plain" ;
    skos:altLabel "<b>&amp; \\"quoted\\" \\\\ </script>"@en, "b"@en, "a"@en, "c"@sv ;
    dct:created "2026-11-23"^^xsd:date ; ex:count 42 ; ex:share 2.5 ; ex:mass 6.02e23 ;
    ex:good true ; ex:seen "2026-11-23T12:00:00Z"^^xsd:dateTime ; skos:related <a.b>, <noted> .
<old> a skos:Concept ; skos:prefLabel "Old"@en ; owl:deprecated true ;
    dct:isReplacedBy <Blåbär>, <a.b> .
<group> a skos:Collection ; skos:prefLabel "Group"@en ; skos:member <a.b>, <Blåbär> .
"""
MANY = "".join(
    f'<n{number:04}> a skos:Concept ; skos:broader <many> ; skos:prefLabel "N {number:04}"@en .\n'
    for number in range(NARROWER)
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a vocabulary of everything that is hard to name or large."""
    directory = tmp_path_factory.mktemp("linked-data")
    server = start_server(directory / "data", VOCAB_SERVER_WORKERS="1")
    services = open_services(Settings(data=directory / "data", base_url=server.url))
    file: Path = directory / "odd.ttl"
    file.write_text(VOCABULARY + MANY, "utf-8")
    import_file(services.writer, server.url, "odd", Source(file, "odd.ttl"), "test")
    services.close()
    yield server
    stop_server(server)


def get(server: Server, path: str, accept: str | None = None, **more: str) -> requests.Response:
    """The answer to a request with this Accept header, or with none at all."""
    headers = {"Accept": accept, **more}
    return requests.get(
        urljoin(server.url, path),
        headers=headers,  # type: ignore[arg-type]
        timeout=20,
        allow_redirects=False,
    )


def media_type(answer: requests.Response) -> str:
    return answer.headers["Content-Type"].partition(";")[0]


def parsed(answer: requests.Response) -> Graph:
    form = RDF_FORMS.get(media_type(answer), "json-ld")
    return Graph().parse(data=answer.content, format=form)


def linked(answer: requests.Response) -> set[tuple[str, str, str | None]]:
    """The Link headers as (relation, address, type)."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', answer.headers["Link"])
    return {(relation, address, kind or None) for address, relation, kind in found}


def targets(answer: requests.Response, relation: str) -> set[str]:
    return {address for name, address, _ in linked(answer) if name == relation}


@pytest.mark.parametrize("path", ["odd/plain", "odd", "odd/a.b", "odd/Bl%C3%A5b%C3%A4r"])
def test_an_identifier_leads_to_its_description(live: Server, path: str) -> None:
    answer = get(live, f"/id/{path}")
    assert answer.status_code == 303
    assert urljoin(live.url, answer.headers["Location"]) == f"{live.url}/doc/{path}"
    assert targets(answer, "describedby") == {f"/doc/{path}"}
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    followed = requests.get(f"{live.url}/id/{path}", headers={"Accept": BROWSER}, timeout=20)
    assert (followed.status_code, media_type(followed)) == (200, "text/html")


def test_a_condition_never_hides_where_an_identifier_leads(live: Server) -> None:
    for _ in range(2):
        assert get(live, "/id/odd/plain", **{"If-None-Match": "*"}).status_code == 303


MINTED = {
    "Bl%C3%A5b%C3%A4r": "Blåbär",
    "r%C3%A4v": "r%C3%A4v",
    "two%20words": "two%20words",
    "a.b": "a.b",
    "page.html": "page.html",
}


@pytest.mark.parametrize(("written", "name"), MINTED.items())
def test_an_odd_name_of_ours_is_dereferenced(live: Server, written: str, name: str) -> None:
    iri = URIRef(f"{live.url}/id/odd/{name}")
    accept = {"Accept": "text/turtle"}
    answer = requests.get(f"{live.url}/id/odd/{written}", headers=accept, timeout=20)
    assert answer.status_code == 200
    assert (iri, RDF.type, SKOS.Concept) in parsed(answer)
    assert targets(answer, "cite-as") == {f"{live.url}/id/odd/{quote(name, safe='%')}"}


def test_an_ending_names_the_form_unless_a_name_ends_like_that(live: Server) -> None:
    assert media_type(get(live, "/doc/odd/a.b.nt")) == "application/n-triples"
    assert media_type(get(live, "/doc/odd/page.html", "text/turtle")) == "text/turtle"
    assert media_type(get(live, "/doc/odd/page.html.nt")) == "application/n-triples"


ANYWHERE = (
    "http://example.org/begrepp/Blåbär",
    "http://example.org/with%20space",
    "http://example.org/find?query=a&page=2",
    "http://example.org/ns#fragment",
    "http://example.org/한국어",
    "urn:isbn:9789144000000",
)


@pytest.mark.parametrize("iri", ANYWHERE)
@pytest.mark.parametrize("accept", sorted(FORMS))
def test_any_iri_that_we_hold_is_described(live: Server, iri: str, accept: str) -> None:
    answer = get(live, f"/resource?iri={quote(iri, safe='')}", accept)
    assert answer.status_code == 200
    assert media_type(answer) == accept
    if accept != "text/html":
        assert (URIRef(iri), RDF.type, SKOS.Concept) in parsed(answer)


@pytest.mark.parametrize(
    "written",
    ["http://example.org/begrepp/Bl%C3%A5b%C3%A4r", "http://example.org/with space"],
)
def test_an_iri_is_found_in_its_other_spelling(live: Server, written: str) -> None:
    answer = get(live, f"/resource?iri={quote(written, safe='')}", "text/turtle")
    assert answer.status_code == 200


@pytest.mark.parametrize("iri", ANYWHERE)
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_format_parameter_names_the_form(live: Server, iri: str, extension: str) -> None:
    answer = get(live, f"/resource?iri={quote(iri, safe='')}&format={extension}", "image/png")
    assert media_type(answer) == EXTENSIONS[extension]


ACCEPTS = [
    (None, "text/turtle"),
    ("", "text/turtle"),
    ("*/*", "text/turtle"),
    (BROWSER, "text/html"),
    ("text/html", "text/html"),
    ("TEXT/HTML", "text/html"),
    ("application/json", "application/json"),
    ("application/ld+json", "application/ld+json"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
    ("text/turtle;charset=utf-8", "text/turtle"),
    ("text/turtle; charset=utf-8; q=0.5, application/rdf+xml;q=0.4", "text/turtle"),
    ("text/turtle;q=0.4, application/rdf+xml;q=0.5", "application/rdf+xml"),
    ("application/*", "application/ld+json"),
    ("application/*;q=0.5, text/html;q=0.4", "application/ld+json"),
    ("text/*", "text/turtle"),
    ("text/*, text/turtle;q=0.1", "text/html"),
    ("*/*, text/turtle;q=0, application/ld+json;q=0", "application/rdf+xml"),
    ("text/turtle;q=0, text/html", "text/html"),
    ("application/pdf, application/n-triples;q=0.01", "application/n-triples"),
    ("text/html;q=0.5, application/rdf+xml;q=0.5", "application/rdf+xml"),
    ("image/png, */*;q=0.1", "text/turtle"),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPTS)
def test_the_form_is_negotiated_by_the_book(
    live: Server, accept: str | None, expected: str
) -> None:
    for path in ("/doc/odd/plain", f"/resource?iri={live.url}/id/odd/plain"):
        answer = get(live, path, accept)
        assert answer.status_code == 200
        assert media_type(answer) == expected
        assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0", "text/html;q=0, text/csv"])
def test_what_nobody_has_is_406_with_the_list(live: Server, accept: str) -> None:
    answer = get(live, "/doc/odd/plain", accept)
    assert answer.status_code == 406
    assert media_type(answer) == "application/problem+json"
    assert all(form in answer.json()["detail"] for form in FORMS)
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("extension", "expected"), EXTENSIONS.items())
def test_an_ending_goes_before_accept(live: Server, extension: str, expected: str) -> None:
    answer = get(live, f"/doc/odd/plain.{extension}", "image/png")
    assert media_type(answer) == expected
    is_text = expected.startswith("text/")
    assert ("charset=utf-8" in answer.headers["Content-Type"]) is is_text


@pytest.mark.parametrize(
    "path", ["/doc/odd/plain", "/resource?iri=http://example.org/ns%23fragment"]
)
@pytest.mark.parametrize("accept", sorted(FORMS))
def test_who_has_a_description_already_gets_304(live: Server, path: str, accept: str) -> None:
    first = get(live, path, accept)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    conditions = (
        {"If-None-Match": etag},
        {"If-None-Match": f"W/{etag}"},
        {"If-None-Match": f'"other", {etag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": modified},
    )
    for condition in conditions:
        again = get(live, path, accept, **condition)
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["ETag"], again.headers["Vary"]) == (etag, first.headers["Vary"])
        assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "condition",
    [
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ],
    ids=str,
)
def test_who_has_something_else_gets_the_description(
    live: Server, condition: dict[str, str]
) -> None:
    for _ in range(2):  # made, then kept
        assert get(live, "/doc/odd/plain", **condition).status_code == 200


def test_an_etag_goes_before_a_date(live: Server) -> None:
    modified = get(live, "/doc/odd/plain").headers["Last-Modified"]
    both = {"If-None-Match": '"other"', "If-Modified-Since": modified}
    assert get(live, "/doc/odd/plain", **both).status_code == 200


def test_each_form_has_an_etag_of_its_own(live: Server) -> None:
    assert (
        len({get(live, "/doc/odd/plain", f).headers["ETag"] for f in FORMS - {"application/json"}})
        == 5
    )


@pytest.mark.parametrize(
    "path", ["/id/odd/plain", "/doc/odd/plain", "/doc/odd/plain.html", "/doc/odd/nothing"]
)
def test_head_says_what_get_says_without_the_body(live: Server, path: str) -> None:
    url = live.url + path
    got = requests.get(url, timeout=20, allow_redirects=False)
    head = requests.head(url, timeout=20)
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("Date", "X-Request-ID"):  # of the one request
        del got.headers[name], head.headers[name]
    assert head.headers == got.headers


@pytest.mark.parametrize("path", ["/id/odd/plain", "/doc/odd/plain", "/resource?iri=x:y"])
def test_options_lets_pages_of_other_sites_ask(live: Server, path: str) -> None:
    answer = requests.options(live.url + path, timeout=20)
    assert answer.status_code == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


UNKNOWN = [
    "/id/odd/nothing",
    "/doc/odd/nothing",
    "/doc/odd/nothing.ttl",
    "/doc/nothing.json",
    "/resource?iri=http://example.org/nothing",
    "/resource?iri=x:y",
    "/id/odd/%25GG",
]


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_unknown_is_404_as_a_page_or_as_a_problem(live: Server, path: str) -> None:
    problem, page = get(live, path, "text/turtle"), get(live, path, BROWSER)
    assert (problem.status_code, page.status_code) == (404, 404)
    assert media_type(problem) == "application/problem+json"
    assert problem.json()["status"] == 404
    assert media_type(page) == "text/html"
    assert problem.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/resource", "/resource?iri=", "/resource?iri=relative"])
def test_a_resource_without_an_iri_is_a_bad_request(live: Server, path: str) -> None:
    assert get(live, path).status_code == 400


def test_an_unknown_format_is_refused_with_those_there_are(live: Server) -> None:
    answer = get(live, "/resource?iri=urn:isbn:9789144000000&format=docx")
    assert answer.status_code == 415
    assert "ttl" in answer.json()["detail"]


def test_a_page_links_its_data_and_what_it_is_about(live: Server) -> None:
    answer = get(live, "/doc/odd/Bl%C3%A5b%C3%A4r", "text/html")
    here = "/doc/odd/Bl%C3%A5b%C3%A4r"
    data = {(f"{here}.{ending}", EXTENSIONS[ending]) for ending in ("ttl", "jsonld", "rdf", "nt")}
    found = linked(answer)
    assert {(address, kind) for name, address, kind in found if name == "describedby"} == data
    assert {(address, kind) for name, address, kind in found if name == "alternate"} == data
    assert targets(answer, "canonical") == {here}
    assert targets(answer, "cite-as") == {f"{live.url}/id/odd/Bl%C3%A5b%C3%A4r"}
    assert targets(answer, "license") == {LICENCE}
    assert targets(answer, "author") == {ORCID}
    assert targets(answer, "collection") == {"/doc/odd"}
    assert targets(answer, "type") == {
        "https://schema.org/AboutPage",
        "https://schema.org/DefinedTerm",
        str(SKOS.Concept),
    }


def test_the_data_link_the_page_and_the_other_forms(live: Server) -> None:
    answer = get(live, "/doc/odd/plain.ttl")
    assert ("describes", "/doc/odd/plain.html", "text/html") in linked(answer)
    others = {f"/doc/odd/plain.{ending}" for ending in ("jsonld", "rdf", "nt", "html")}
    assert targets(answer, "alternate") == others
    assert targets(answer, "canonical") == {"/doc/odd/plain"}


def test_every_address_in_a_link_header_of_ours_answers(live: Server) -> None:
    for path in ("/doc/odd", "/doc/odd/a.b", "/doc/odd/group", "/doc/odd/old"):
        for relation, address, kind in linked(get(live, path, "text/html")):
            if address.startswith("/"):
                answer = get(live, address)
                assert answer.status_code == 200, (relation, address)
                assert kind in (None, media_type(answer))


def test_a_scheme_links_its_files_and_a_collection_its_members(live: Server) -> None:
    scheme, group = get(live, "/doc/odd", "text/html"), get(live, "/doc/odd/group", "text/html")
    assert targets(scheme, "item") == {
        f"/vocabularies/odd.{e}" for e in ("ttl", "jsonld", "rdf", "nt")
    }
    assert "https://schema.org/DefinedTermSet" in targets(scheme, "type")
    assert str(SKOS.Concept) not in targets(scheme, "type")
    assert targets(group, "item") == {"/doc/odd/a.b", "/doc/odd/Bl%C3%A5b%C3%A4r"}
    assert str(SKOS.Collection) in targets(group, "type")


def test_a_deprecated_concept_links_what_replaces_it(live: Server) -> None:
    answer = get(live, "/doc/odd/old", "text/turtle")
    replacements = {"/doc/odd/a.b", "/doc/odd/Bl%C3%A5b%C3%A4r"}
    assert targets(answer, "successor-version") == replacements
    old = URIRef(f"{live.url}/id/odd/old")
    assert len(set(parsed(answer).objects(old, DCTERMS.isReplacedBy))) == 2


@pytest.mark.parametrize("name", ["typed", "noted", "old", "group", "Bl%C3%A5b%C3%A4r"])
def test_every_form_says_the_same(live: Server, name: str) -> None:
    turtle = parsed(get(live, f"/doc/odd/{name}", "text/turtle"))
    for accept in (*RDF_FORMS, "application/json"):
        assert isomorphic(parsed(get(live, f"/doc/odd/{name}", accept)), turtle)


@pytest.mark.parametrize("accept", [*RDF_FORMS, "application/json"])
def test_blank_nodes_come_out_as_blank_nodes(live: Server, accept: str) -> None:
    answer = get(live, "/doc/odd/noted", accept)
    assert "genid" not in answer.text
    graph = parsed(answer)
    definition = graph.value(URIRef(f"{live.url}/id/odd/noted"), SKOS.definition)
    assert isinstance(definition, BNode)
    assert graph.value(graph.value(definition, DCTERMS.source), DCTERMS.title) == Literal("Book")


def test_json_ld_is_compact_with_readable_keys_and_the_resource_first(live: Server) -> None:
    document = get(live, "/doc/odd/typed", "application/ld+json").json()
    concept = document["@graph"][0]
    assert concept["id"] == f"{live.url}/id/odd/typed"
    assert concept["type"] == "Concept"
    assert concept["prefLabel"]["en"] == "Typed"
    assert concept["altLabel"]["sv"] == "c"
    assert sorted(concept["related"]) == [f"{live.url}/id/odd/{n}" for n in ("a.b", "noted")]
    assert get(live, "/doc/odd/old", "application/json").json()["@graph"][0]["deprecated"] is True


def test_values_keep_their_types(live: Server) -> None:
    concept, ex = URIRef(f"{live.url}/id/odd/typed"), Namespace("http://example.org/")
    for accept in (*RDF_FORMS, "application/json"):
        graph = parsed(get(live, "/doc/odd/typed", accept))
        assert graph.value(concept, DCTERMS.created) == Literal("2026-11-23", datatype=XSD.date)
        assert graph.value(concept, ex.good) == Literal(True)
        assert Literal("T", datatype=ex.notation) in set(graph.objects(concept, SKOS.notation))
        assert Literal("No language") in set(graph.objects(concept, SKOS.prefLabel))
        assert Literal('<b>&amp; "quoted" \\ </script>', lang="en") in set(
            graph.objects(concept, SKOS.altLabel)
        )


@pytest.mark.parametrize("accept", ["application/n-triples", "application/ld+json"])
def test_thousands_of_narrower_concepts_come_in_pages(live: Server, accept: str) -> None:
    many = URIRef(f"{live.url}/id/odd/many")
    address: str | None = "/doc/odd/many"
    seen: set[str] = set()
    pages = 0
    while address:
        answer = get(live, address, accept)
        found = set(map(str, parsed(answer).objects(many, SKOS.narrower)))
        assert 0 < len(found) <= 1_000
        assert not found & seen
        seen |= found
        pages += 1
        address = next(iter(targets(answer, "next")), None)
    assert (len(seen), pages) == (NARROWER, 5)


def test_the_data_say_themselves_where_the_next_page_is(live: Server) -> None:
    graph = parsed(get(live, "/doc/odd/many.ttl?page=2"))
    many, here = URIRef(f"{live.url}/id/odd/many"), f"{live.url}/doc/odd/many.ttl?page="
    assert graph.value(many, HYDRA.view) == URIRef(f"{here}2")
    assert graph.value(URIRef(f"{here}2"), HYDRA.next) == URIRef(f"{here}3")
    assert graph.value(URIRef(f"{here}2"), HYDRA.previous) == URIRef(f"{here}1")
    last = parsed(get(live, "/doc/odd/many.ttl?page=5"))
    assert last.value(URIRef(f"{here}5"), HYDRA.next) is None


def test_a_page_past_the_last_is_not_there(live: Server) -> None:
    assert get(live, "/doc/odd/many.ttl?page=6").status_code == 404
    assert get(live, "/doc/odd/plain.ttl?page=2").status_code == 404


def test_a_description_of_one_page_says_nothing_of_pages(live: Server) -> None:
    answer = get(live, "/doc/odd/plain.ttl")
    assert not targets(answer, "next")
    assert str(HYDRA.view) not in map(str, parsed(answer).predicates())


def test_the_page_of_thousands_of_narrower_concepts_shows_some_and_links_on(live: Server) -> None:
    page = get(live, "/doc/odd/many", "text/html").text
    assert len(page) < 300_000
    assert len(set(re.findall(r"/doc/odd/n\d{4}", page))) < 500
    assert "?page=2" in page
    assert "N 0150" in get(live, "/doc/odd/many?page=2", "text/html").text


def test_a_narrower_concept_does_not_bring_the_others(live: Server) -> None:
    graph = parsed(get(live, "/doc/odd/n0001", "text/turtle"))
    assert len(graph) < 20


def test_the_page_carries_the_concept_for_search_engines(live: Server) -> None:
    page = get(live, "/doc/odd/typed", "text/html").text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    document = json.loads(found[0])
    assert document["@type"] == "DefinedTerm"
    assert document["@id"] == f"{live.url}/id/odd/typed"
    assert '<b>&amp; "quoted" \\ </script>' in document["alternateName"]
    local = {**document, "@context": {"@vocab": "https://schema.org/"}}
    graph = Graph().parse(data=json.dumps(local), format="json-ld")
    name = URIRef("https://schema.org/name")
    assert str(graph.value(URIRef(document["@id"]), name)) == "Typed"


def test_the_page_names_its_languages_and_its_data(live: Server) -> None:
    page = get(live, "/doc/odd/typed", "text/html").text
    assert '<link rel="canonical" href="' + live.url + '/doc/odd/typed">' in page
    assert re.search(r'<link rel="alternate" hreflang="en" href="[^"]*lang=en', page)
    assert '<link rel="alternate" type="text/turtle" href="/doc/odd/typed.ttl">' in page


def test_every_address_of_the_sitemap_answers(live: Server) -> None:
    index = ElementTree.fromstring(get(live, "/sitemap.xml").content)  # noqa: S314
    assert index.tag == f"{SITEMAP}sitemapindex"
    files = [place.text or "" for place in index.iter(f"{SITEMAP}loc")]
    urls = [
        place.text or ""
        for file in files
        for place in ElementTree.fromstring(get(live, file).content).iter(f"{SITEMAP}loc")  # noqa: S314
    ]
    concepts = NARROWER + 16
    assert len(urls) == len(set(urls)) == concepts + 1
    assert all(url.isascii() and url.startswith(live.url) for url in urls)
    odd = [url for url in urls if not re.search(r"/n\d{4}$", url)]
    assert {get(live, url, BROWSER).status_code for url in odd} == {200}
    assert get(live, "/sitemap/odd/2.xml").status_code == 404
    assert "Sitemap: " + live.url + "/sitemap.xml" in get(live, "/robots.txt").text


@pytest.mark.parametrize("accept", RDF_FORMS)
def test_every_vocabulary_is_described_with_files_that_answer(server: Server, accept: str) -> None:
    described = parsed(get(server, "/.well-known/void", accept))
    catalog = URIRef(f"{server.url}/vocabularies")
    vocabularies = set(described.objects(catalog, DCAT.dataset))
    assert {str(v).rpartition("/")[2] for v in vocabularies} == {
        "data-theme",
        "high-value-dataset-category",
        "themes",
    }
    for vocabulary in vocabularies:
        assert (vocabulary, RDF.type, VOID.Dataset) in described
        assert (vocabulary, RDF.type, DCAT.Dataset) in described
        assert described.value(vocabulary, DCTERMS.title)
        assert described.value(vocabulary, VOID.rootResource)
        assert described.value(vocabulary, VOID.sparqlEndpoint) == URIRef(f"{server.url}/sparql")
        assert len(set(described.objects(vocabulary, DCAT.distribution))) == 4


def test_every_distribution_is_the_file_that_it_says(server: Server) -> None:
    described = parsed(get(server, "/.well-known/void", "text/turtle"))
    for file in set(described.subjects(RDF.type, DCAT.Distribution)):
        url = str(described.value(file, DCAT.downloadURL))
        answer = get(server, url)
        assert answer.status_code == 200
        assert str(described.value(file, DCAT.mediaType)).endswith(media_type(answer))
        dataset = described.value(predicate=DCAT.distribution, object=file)
        if url.endswith(".nt"):
            assert described.value(dataset, VOID.triples) == Literal(len(parsed(answer)))


def test_a_vocabulary_answers_at_its_own_name(live: Server) -> None:
    address = "/vocabularies/odd"
    assert media_type(get(live, address, BROWSER)) == "text/html"
    answer = get(live, address, "application/rdf+xml")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/vocabularies/odd.rdf")
    assert "Accept" in answer.headers["Vary"]
    assert get(live, address, "image/png").status_code == 406
