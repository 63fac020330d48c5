"""The quality of a draft: what it brings and mends, and repairs after a preview."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Literal, URIRef

from tests.conftest import BASE
from tests.people import add_person, send, services_of, signed_in
from tests.web.test_quality import DIRTY, PLACE, put
from vocab_server.accounts.roles import Grant, Role
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.skos.vocabularies import graph_of

GRAPH = graph_of(BASE, "dirty")
A, B = URIRef(f"{PLACE}a"), URIRef(f"{PLACE}b")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A faulty vocabulary and an editor of it."""
    folder = tmp_path_factory.mktemp("draft-quality")
    made = create_app(Settings(data=folder / "data", base_url=BASE))
    put(made, "dirty", DIRTY, folder)
    add_person(services_of(made).database, "editor", Grant(Role.EDITOR))
    yield made
    services_of(made).close()


def begin(app: Flask, *changes: Change) -> str:
    """The address of the quality of a draft with changes."""
    drafts = services_of(app).drafts
    draft = drafts.begin(GRAPH, "Better", "", "editor")
    for change in changes:
        drafts.commit(draft.id, change, "editor", "Change")
    return f"/drafts/{draft.id}/quality"


def read(client: FlaskClient, address: str) -> str:
    """The page, when the reports that it needs are made."""
    for _ in range(40):
        answer = client.get(address)
        if answer.status_code == 200:
            return answer.text
        assert (answer.status_code, answer.headers["Retry-After"]) == (202, "5")
    raise AssertionError("The report was not made.")


def figures(page: str) -> list[str]:
    """How much is new, mended and remaining."""
    return [part.partition("</dd>")[0] for part in page.split("<dd>")[1:4]]


def test_a_draft_is_compared_with_what_is_published(app: Flask) -> None:
    editor = signed_in(app, "editor")
    untouched = read(editor, begin(app))
    assert "The draft brings nothing that a check finds." in untouched
    assert figures(untouched)[:2] == ["0", "0"]
    mended = Change(GRAPH, removed=frozenset({(A, SKOS.prefLabel, Literal("aqua", lang="en"))}))
    brought = Change(GRAPH, added=frozenset({(B, SKOS.related, B)}))
    page = read(editor, begin(app, mended, brought))
    assert figures(page)[0] != "0"
    assert "Related to itself" in page
    assert figures(page)[1] == "1"


def test_all_findings_of_a_check_are_repaired_after_a_preview(app: Flask) -> None:
    editor = signed_in(app, "editor")
    address = begin(app)
    check = f"{address}/LAB-6"
    page = read(editor, check)
    assert "- &lt;https://example.org/t/b&gt; &lt;" in page
    assert "2 statements would change" in page
    made = send(editor, f"{check}/repair", check)
    assert (made.status_code, made.location) == (303, address)
    assert "This check finds nothing in the draft." in read(editor, check)
    draft = address.split("/")[2]
    assert "LAB-6" in str(
        services_of(app)
        .drafts.branches.log(services_of(app).drafts.table.get(int(draft)))
        .page(limit=1)[0][0]
        .message
    )


def test_what_has_no_repair_offers_none(app: Flask) -> None:
    editor = signed_in(app, "editor")
    page = read(editor, f"{begin(app)}/INT-S14")
    assert "Repair all" not in page
    assert "aqua" in page or "water" in page


def test_who_may_not_edit_sees_nothing(app: Flask) -> None:
    address = begin(app)
    assert app.test_client().get(address).status_code == 303
    assert app.test_client().get("/drafts/999/quality").status_code in (303, 404)


def concept_page(draft_address: str, concept: URIRef) -> str:
    return f"{draft_address.removesuffix('/quality')}/concepts?iri={quote(concept, safe='')}"


def test_the_checks_are_told_while_one_edits(app: Flask) -> None:
    """At the concept as the draft has it, and before an act that would bring something."""
    editor = signed_in(app, "editor")
    lowered = Change(GRAPH, frozenset({(B, SKOS.altLabel, Literal(" brook", lang="en"))}))
    draft = begin(app, lowered)
    assert "Surplus spaces" in editor.get(concept_page(draft, B)).text
    assert "Surplus spaces" not in editor.get(concept_page(draft, A)).text


def test_a_draft_to_repair_in_is_started_at_the_findings(app: Flask) -> None:
    editor, page = signed_in(app, "editor"), "/vocabularies/dirty/quality/LAB-6"
    assert "Repair them in a new draft" in read(editor, page)
    assert "Repair them in a new draft" not in read(app.test_client(), page)
    assert app.test_client().post(f"{page}/draft").status_code in (303, 400, 403)
    assert "in a new draft" not in read(editor, "/vocabularies/dirty/quality/INT-S14")
    started = send(editor, f"{page}/draft", page)
    assert started.status_code == 303
    assert "2 statements would change" in read(editor, started.location)


def test_a_concept_at_fault_is_named_and_its_repair_told_in_words(app: Flask) -> None:
    short = URIRef(f"{PLACE}short")
    shortcut = {(short, SKOS.broader, upper) for upper in (A, B)}
    change = Change(GRAPH, added=frozenset({*shortcut, (short, RDF.type, SKOS.Concept)}))
    services_of(app).writer.commit([change], "editor", "A shortcut")
    editor = signed_in(app, "editor")
    page = read(editor, "/vocabularies/dirty/quality/STR-3")
    found = page.partition('class="plain findings"')[2].partition("</ul>")[0]
    assert "water" in found or "aqua" in found
    assert f">{A}<" not in found
    details = found.partition('href="/vocabularies/dirty/findings/')[2].partition('"')[0]
    told = editor.get(f"/vocabularies/dirty/findings/{details}").text
    assert "This would change:" in told
    assert "from under" in told
