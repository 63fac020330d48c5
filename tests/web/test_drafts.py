"""Drafts over the application: two people, an editor and a curator of one vocabulary."""

import re
import time
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import URIRef
from werkzeug.test import TestResponse

from tests.conftest import BASE
from tests.people import HTML, send, services_of, signed_in
from vocab_server.database.drafts import Draft

GRAPH = URIRef(f"{BASE}/vocabularies/water")
WATER = "https://example.org/a"
DRAFTS = "/vocabularies/water/drafts"
SEEN = re.compile(r'name="seen" value="([^"]+)"')
ADDRESS = re.compile(r'id="address" name="address" value="([^"]+)"')


@pytest.fixture
def editor(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "editor")


@pytest.fixture
def curator(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "curator")


@pytest.fixture
def draft(people_app: Flask) -> Draft:
    return services_of(people_app).drafts.begin(GRAPH, "Baths", "Order", "editor")


def page(client: FlaskClient, draft: Draft, iri: str = WATER) -> str:
    found = client.get(concept_path(draft, iri), headers=HTML)
    assert found.status_code == HTTPStatus.OK
    return found.text


def concept_path(draft: Draft, iri: str = "") -> str:
    return f"/drafts/{draft.id}/concepts" + (f"?{urlencode({'iri': iri})}" if iri else "")


def act(
    client: FlaskClient, draft: Draft, do: str, iri: str = WATER, **fields: str
) -> TestResponse:
    """What a browser sends for a form of a concept that was just loaded."""
    shown = page(client, draft, iri)
    given = {"do": do, "iri": iri, "form": do, "seen": SEEN.findall(shown)[:1], **fields}
    return send(client, f"/drafts/{draft.id}/concepts", shown=shown, **given)


def confirmed(client: FlaskClient, draft: Draft, do: str, iri: str = WATER, **fields: str) -> str:
    """Preview an act, then do it; what the preview showed."""
    previewed = act(client, draft, do, iri, **fields)
    assert previewed.status_code == HTTPStatus.OK, previewed.text
    assert 'name="confirmed"' in previewed.text
    if found := ADDRESS.search(previewed.text):
        fields["address"] = found[1]
    done = act(client, draft, do, iri, confirmed="1", **fields)
    assert done.status_code == HTTPStatus.SEE_OTHER, done.text
    return previewed.text


def make(client: FlaskClient, draft: Draft, text: str, under: str = WATER) -> str:
    """The address of a new concept."""
    previewed = confirmed(client, draft, "create", under, text=text, lang="en")
    found = ADDRESS.search(previewed)
    assert found
    return found[1]


def published(client: FlaskClient) -> str:
    return client.get(f"/resource?iri={WATER}", headers=HTML).text


def test_a_draft_from_its_start_to_its_publication(
    people_app: Flask, editor: FlaskClient, curator: FlaskClient
) -> None:
    started = send(editor, DRAFTS, title="Baths", purpose="Names")
    assert started.status_code == HTTPStatus.SEE_OTHER
    path = started.headers["Location"]
    draft = services_of(people_app).drafts.table.get(int(path.rpartition("/")[2]))
    assert "Baths" in editor.get(DRAFTS, headers=HTML).text
    added = act(editor, draft, "addLabel", kind=f"{SKOS}altLabel", text="Aqua", lang="la")
    assert added.status_code == HTTPStatus.SEE_OTHER
    assert "Aqua" in editor.get(path, headers=HTML).text
    assert "Aqua" not in published(editor)
    send(editor, f"{path}/step", path, state="in-review")
    refused = send(curator, f"{path}/step", path, state="changes-requested")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write which changes you ask for" in refused.text
    send(curator, f"{path}/step", path, state="changes-requested", text="Aquae is better")
    assert "Aquae is better" in editor.get(path, headers=HTML).text
    act(
        editor,
        draft,
        "changeLabel",
        **{"kind": f"{SKOS}altLabel", "before": "Aqua", "before-lang": "la"},
        text="Aquae",
        lang="la",
    )
    send(editor, f"{path}/comments", path, text="Done so")
    send(editor, f"{path}/step", path, state="in-review")
    assert "Done so" in curator.get(path, headers=HTML).text
    for state in ("approved", "published"):
        assert send(curator, f"{path}/step", path, state=state).status_code == 303
    assert "Aquae" in published(editor)
    assert 'class="badge">Published' in editor.get(path, headers=HTML).text
    assert editor.get(f"{path}/concepts", headers=HTML).status_code == HTTPStatus.CONFLICT


SKOS = "http://www.w3.org/2004/02/skos/core#"


def test_pages_of_drafts_are_private_and_for_who_may(people_app: Flask, draft: Draft) -> None:
    for path in (DRAFTS, f"/drafts/{draft.id}", concept_path(draft), concept_path(draft, WATER)):
        for name in ("editor", "curator", "administrator"):
            found = signed_in(people_app, name).get(path, headers=HTML)
            assert found.status_code == HTTPStatus.OK, (name, path)
            assert found.headers["Cache-Control"] == "private, no-store"
        for name in ("nobody", "reader", "publisher"):
            found = signed_in(people_app, name).get(path, headers=HTML)
            wanted = HTTPStatus.OK if path == DRAFTS else HTTPStatus.FORBIDDEN
            assert found.status_code == wanted, (name, path)
            assert f"/drafts/{draft.id}" not in found.text.partition("<main")[2]
        stranger = people_app.test_client().get(path, headers=HTML)
        assert stranger.status_code == HTTPStatus.SEE_OTHER
        assert "/sign-in" in stranger.headers["Location"]


def test_the_tab_is_there_for_who_is_signed_in(people_app: Flask) -> None:
    path = "/vocabularies/water"
    for name in ("editor", "reader"):
        assert DRAFTS in signed_in(people_app, name).get(path, headers=HTML).text
    assert DRAFTS not in people_app.test_client().get(path, headers=HTML).text


def test_a_form_without_proof_changes_nothing(editor: FlaskClient, draft: Draft) -> None:
    for path in (DRAFTS, f"/drafts/{draft.id}/step", f"/drafts/{draft.id}/concepts"):
        assert editor.post(path, data={"title": "x"}, headers=HTML).status_code == 400


def test_who_worked_on_a_draft_cannot_approve_it(curator: FlaskClient, draft: Draft) -> None:
    path = f"/drafts/{draft.id}"
    act(curator, draft, "setNotation", notation="W1")
    send(curator, f"{path}/step", path, state="in-review")
    assert "somebody else must approve" in curator.get(path, headers=HTML).text
    assert send(curator, f"{path}/step", path, state="approved").status_code == 403


def test_an_editor_cannot_publish(editor: FlaskClient, draft: Draft) -> None:
    path = f"/drafts/{draft.id}"
    act(editor, draft, "setNotation", notation="W1")
    send(editor, f"{path}/step", path, state="in-review")
    assert send(editor, f"{path}/step", path, state="published").status_code == 409
    assert send(editor, f"{path}/step", path, state="nonsense").status_code == 400


@pytest.mark.parametrize(
    ("title", "problem"), [("", "Say in a few words"), ("x" * 301, "Use at most 300 characters")]
)
def test_a_draft_needs_a_title(editor: FlaskClient, title: str, problem: str) -> None:
    refused = send(editor, DRAFTS, title=title)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert problem in refused.text
    assert "<title>Error: " in refused.text


def test_a_change_is_undone(editor: FlaskClient, draft: Draft) -> None:
    path = f"/drafts/{draft.id}"
    act(editor, draft, "setNotation", notation="W1")
    assert 'value="W1"' in page(editor, draft)
    assert send(editor, f"{path}/changes/1/undo", path).status_code == HTTPStatus.SEE_OTHER
    assert 'value="W1"' not in page(editor, draft)
    again = send(editor, f"{path}/changes/1/undo", path)
    assert again.status_code == HTTPStatus.CONFLICT
    assert "Later changes are in the way" in again.text


def test_an_undo_that_would_break_a_rule_is_refused(editor: FlaskClient, draft: Draft) -> None:
    path = f"/drafts/{draft.id}"
    label = {"kind": f"{SKOS}prefLabel", "before": "water", "before-lang": "en"}
    act(editor, draft, "removeLabel", **label)
    time.sleep(1.1)  # so that the time of the change is another one
    act(editor, draft, "addLabel", kind=f"{SKOS}prefLabel", text="Aqua", lang="en")
    refused = send(editor, f"{path}/changes/1/undo", path)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "S14" in refused.text
    assert "Aqua" in page(editor, draft)
    act(editor, draft, "setNotation", notation="W1")
    assert send(editor, f"{path}/changes/2/undo", path).status_code == HTTPStatus.SEE_OTHER
    assert send(editor, f"{path}/changes/1/undo", path).status_code == HTTPStatus.SEE_OTHER
    found = page(editor, draft)
    assert "Aqua" not in found and 'value="water"' in found and 'value="W1"' in found


def test_labels_notes_and_mappings(editor: FlaskClient, draft: Draft) -> None:
    for do, fields in (
        ("addLabel", {"kind": f"{SKOS}hiddenLabel", "text": "watr", "lang": "en"}),
        ("addNote", {"kind": f"{SKOS}definition", "text": "Wet,\r\nclear.", "lang": "en"}),
        ("addMapping", {"relation": f"{SKOS}closeMatch", "target": "https://example.com/x"}),
    ):
        assert act(editor, draft, do, **fields).status_code == HTTPStatus.SEE_OTHER
    found = page(editor, draft)
    assert "watr" in found and "Wet,\nclear." in found and "https://example.com/x" in found
    gone = {"before": "Wet,\r\nclear.", "before-lang": "en", "kind": f"{SKOS}definition"}
    assert act(editor, draft, "removeNote", **gone).status_code == HTTPStatus.SEE_OTHER
    gone = {"relation": f"{SKOS}closeMatch", "target": "https://example.com/x"}
    assert act(editor, draft, "removeMapping", **gone).status_code == HTTPStatus.SEE_OTHER
    found = page(editor, draft)
    assert "Wet," not in found and "https://example.com/x" not in found


@pytest.mark.parametrize(
    ("do", "fields", "problem"),
    [
        ("addLabel", {"kind": f"{SKOS}prefLabel", "text": "Aqua", "lang": "en"}, "S14"),
        ("addLabel", {"kind": f"{SKOS}altLabel", "text": " ", "lang": "en"}, "The text is empty"),
        ("addLabel", {"kind": f"{SKOS}altLabel", "text": "x", "lang": "?!"}, "no language tag"),
        ("addLabel", {"kind": "urn:x", "text": "x", "lang": "en"}, ""),
        ("addLabel", {"kind": "%", "text": "x", "lang": "en"}, "not an absolute IRI"),
        ("move", {"to": WATER}, "itself"),
        ("move", {"to": "qqqq"}, "No concept is called"),
        ("merge", {"into": WATER}, "merged with itself"),
        ("split", {"first": "One", "lang": "en"}, "for both concepts"),
        ("deprecate", {"replaced": "no"}, "why it is no longer used"),
        ("deprecate", {"reason": "Old", "lang": "en"}, "whether another concept replaces it"),
        ("create", {"text": ""}, "no label"),
        ("addMapping", {"relation": "exactMatch", "target": "nowhere"}, "not an absolute IRI"),
    ],
)
def test_what_is_refused_is_said_at_its_field(
    editor: FlaskClient, draft: Draft, do: str, fields: dict[str, str], problem: str
) -> None:
    before = editor.get(f"/drafts/{draft.id}", headers=HTML).text.count('id="change-')
    refused = act(editor, draft, do, **fields)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert problem in refused.text
    assert f'id="{do}-error"' in refused.text
    assert f'<a href="#{do}">' in refused.text and f'id="{do}"' in refused.text
    after = editor.get(f"/drafts/{draft.id}", headers=HTML).text.count('id="change-')
    assert before == after


def test_a_new_concept_is_proposed_an_address(editor: FlaskClient, draft: Draft) -> None:
    made = make(editor, draft, "Bathing water")
    assert made.endswith("bathing-water")
    assert "Bathing water" in page(editor, draft)
    found = editor.get(f"{concept_path(draft)}?q=bathing", headers=HTML).text
    assert urlencode({"iri": made}) in found
    assert make(editor, draft, "Bathing water") == f"{made}-2"


def test_move_merge_split_and_deprecate_are_previewed(editor: FlaskClient, draft: Draft) -> None:
    bath, beach, pool = (make(editor, draft, name) for name in ("Bath", "Beach", "Pool"))
    assert "Moved" in confirmed(editor, draft, "move", pool, to="Bath")
    assert "Merged" in confirmed(editor, draft, "merge", beach, into="Bath")
    assert "no longer used" in page(editor, draft, beach)
    split = {"first": "Cold bath", "second": "Hot bath", "lang": "en", "goes-1": f"2 {pool}"}
    told = " ".join(re.sub("<[^>]+>", "", confirmed(editor, draft, "split", bath, **split)).split())
    assert "Split Bath into Cold bath, Hot bath" in told
    assert "New: Cold bath under" in told
    assert "Hot bath" in page(editor, draft, pool)
    end = {"replaced": "no", "reason": "Nobody bathes", "lang": "en"}
    assert "has no replacement" in confirmed(editor, draft, "deprecate", pool, **end)
    told = editor.get(f"/drafts/{draft.id}", headers=HTML).text
    for word in ("Merged", "Split", "Moved", "has no replacement", "Nobody bathes"):
        assert word in told
    assert act(editor, draft, "restore", pool).status_code == HTTPStatus.SEE_OTHER


def test_a_name_that_fits_several_is_to_be_chosen(editor: FlaskClient, draft: Draft) -> None:
    one, _two = make(editor, draft, "Bath cold"), make(editor, draft, "Bath hot")
    pool = make(editor, draft, "Pool")
    asked = act(editor, draft, "addRelated", pool, related="Bath")
    assert asked.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'name="related-chosen"' in asked.text
    chosen = {"related": "Bath", "related-chosen": one}
    assert act(editor, draft, "addRelated", pool, **chosen).status_code == HTTPStatus.SEE_OTHER
    assert "Bath cold" in page(editor, draft, pool)
    refused = act(editor, draft, "addBroader", pool, broader=one)
    assert "S27" in refused.text
    assert act(editor, draft, "removeRelated", pool, related=one).status_code == 303
    for do in ("addBroader", "removeBroader"):
        assert act(editor, draft, do, pool, broader=one).status_code == HTTPStatus.SEE_OTHER


def test_several_concepts_replace_one(editor: FlaskClient, draft: Draft) -> None:
    one, two = make(editor, draft, "Dip cold"), make(editor, draft, "Dip hot")
    dive, swim = make(editor, draft, "Dive"), make(editor, draft, "Swim")
    fields = {"replaced": "yes", "reason": "Two things", "lang": "en", "instead": "Dip"}
    asked = act(editor, draft, "deprecate", swim, **fields | {"instead-3": "Dip"})
    assert asked.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'name="instead-chosen"' in asked.text and 'name="instead-3-chosen"' not in asked.text
    fields |= {"instead-chosen": one, "instead-3": "Dip"}
    asked = act(editor, draft, "deprecate", swim, **fields)
    assert 'name="instead-3-chosen"' in asked.text and 'name="instead-chosen"' not in asked.text
    assert 'href="#deprecate-instead-3"' in asked.text and 'id="deprecate-instead-3"' in asked.text
    assert f'name="instead" value="{one}"' in asked.text  # what was chosen is not asked again
    fields |= {"instead-3-chosen": two, "instead-4": "Dive", "instead-5": dive}
    confirmed(editor, draft, "deprecate", swim, **fields)
    replaced = page(editor, draft, swim).partition("Use instead:")[2].partition("</ul>")[0]
    assert [name in replaced for name in ("Dip cold", "Dip hot", "Dive")] == [True] * 3
    assert replaced.count("<li>") == 3


@pytest.mark.parametrize("seen", ["0.0", "1.0", "1.999999999999"])
def test_what_was_seen_is_taken_within_bounds(editor: FlaskClient, draft: Draft, seen: str) -> None:
    done = act(editor, draft, "setNotation", notation="W1", seen=seen)
    assert done.status_code == (409 if seen.startswith("0") else 303)
    for wrong in ("", "x.y", "1", "²." + "1" * 5_000, "1." + "1" * 5_000):
        fields = {"do": "setNotation", "iri": WATER, "seen": wrong, "notation": "W2"}
        sent = send(editor, f"/drafts/{draft.id}/concepts", concept_path(draft), **fields)
        assert sent.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_nothing_of_somebody_else_is_overwritten(
    editor: FlaskClient, curator: FlaskClient, draft: Draft
) -> None:
    seen = SEEN.findall(page(editor, draft))[0]
    label = {"kind": f"{SKOS}prefLabel", "before": "water", "before-lang": "en", "lang": "en"}
    assert act(curator, draft, "changeLabel", text="Waters", **label).status_code == 303
    late = act(editor, draft, "changeLabel", text="Aqua", seen=seen, **label)
    assert late.status_code == HTTPStatus.CONFLICT
    assert "curator changed this concept" in late.text
    assert "Waters" in late.text and "Aqua" in late.text
    assert "Waters" in page(editor, draft)
    more = act(editor, draft, "setNotation", notation="W9", seen=seen)
    assert more.status_code == HTTPStatus.CONFLICT
    assert "Make my change as well" in more.text and "W9" in more.text
    new = SEEN.findall(more.text)[-1]
    assert act(editor, draft, "setNotation", notation="W9", seen=new).status_code == 303


def test_the_tree_of_a_draft_leads_to_pages_of_the_draft(editor: FlaskClient, draft: Draft) -> None:
    make(editor, draft, "Bath")
    found = editor.get(f"/drafts/{draft.id}/tree?{urlencode({'iri': WATER})}", headers=HTML).text
    assert f"/drafts/{draft.id}/concepts?iri=" in found and "Bath" in found
    whole = editor.get(f"/drafts/{draft.id}/tree?iri={WATER}&whole=1", headers=HTML)
    assert whole.status_code == HTTPStatus.OK


def test_hostile_text_stays_text(editor: FlaskClient, draft: Draft) -> None:
    act(editor, draft, "addLabel", kind=f"{SKOS}altLabel", text="<b>%(x)s</b>\"'", lang="ar")
    assert "<b>%(x)s" not in page(editor, draft)
    told = editor.get(f"/drafts/{draft.id}", headers=HTML).text
    assert "&lt;b&gt;%(x)s" in told and "<b>%(x)s" not in told
    assert 'lang="ar"' in told


def test_what_is_not_there_is_not_found(editor: FlaskClient, draft: Draft) -> None:
    assert editor.get("/drafts/999", headers=HTML).status_code == HTTPStatus.NOT_FOUND
    missing = editor.get(concept_path(draft, "https://example.org/none"), headers=HTML)
    assert missing.status_code == HTTPStatus.NOT_FOUND
    assert editor.get(f"/drafts/{draft.id}/concepts?iri=x y", headers=HTML).status_code == 400


def test_who_may_comment_sees_what_was_handed_in(
    people_app: Flask, editor: FlaskClient, draft: Draft
) -> None:
    reader = signed_in(people_app, "reader")
    sea = make(editor, draft, "Open sea")
    path = f"/drafts/{draft.id}"
    assert reader.get(path, headers=HTML).status_code == HTTPStatus.FORBIDDEN
    assert path not in reader.get(DRAFTS, headers=HTML).text
    send(editor, f"{path}/step", path, state="in-review")
    assert path in reader.get(DRAFTS, headers=HTML).text
    shown = reader.get(path, headers=HTML).text
    assert "Open sea" in shown
    assert "Undo" not in shown
    assert "Open sea" in page(reader, draft, sea)
    assert (
        "<form" not in page(reader, draft, sea).partition("<main")[2].partition('id="comments"')[0]
    )
    assert send(reader, f"{path}/comments", path, text="Salt?", iri=sea).status_code == 303
    assert "Salt?" in page(editor, draft, sea)
    fields = {"do": "setNotation", "iri": sea, "seen": "1.1", "notation": "W1"}
    assert send(reader, f"{path}/concepts", path, **fields).status_code == HTTPStatus.FORBIDDEN
    assert send(reader, DRAFTS, path, title="Mine").status_code == HTTPStatus.FORBIDDEN


def test_the_tree_of_a_draft_shows_what_it_changes_in_its_place(
    editor: FlaskClient, draft: Draft
) -> None:
    address = f"/drafts/{draft.id}/tree-changes"
    assert "The draft changes no concept." in editor.get(address, headers=HTML).text
    bath = make(editor, draft, "Bath")
    make(editor, draft, "Pool", bath)
    tree = editor.get(address, headers=HTML).text.partition("<main")[2]
    assert tree.index("water") < tree.index("Bath") < tree.index("Pool")
    assert tree.count(">new<") == 2
