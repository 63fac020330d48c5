"""Drafts by program: opened, changed, reviewed by somebody else, published, and what is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, URIRef
from werkzeug.test import TestResponse

from tests.conftest import BASE
from tests.people import TESTER, add_person, services_of, signed_in
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.rdf.change import Change
from vocab_server.rdf.query import bind
from vocab_server.skos.vocabularies import graph_of, register

API = "/api/v1"
SPACE = f"{BASE}/id/water/"
WATER = Graph().parse(
    format="turtle",
    data=f"""
    @prefix : <{SPACE}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix dct: <http://purl.org/dc/terms/> .
    <{SPACE}> a skos:ConceptScheme ; dct:title "Water"@en ; skos:hasTopConcept :water, :leisure .
    :water a skos:Concept ; skos:prefLabel "Water"@en, "Vatten"@sv, "물"@ko ;
        skos:inScheme <{SPACE}> ; skos:topConceptOf <{SPACE}> .
    :leisure a skos:Concept ; skos:prefLabel "Leisure"@en ; skos:inScheme <{SPACE}> ;
        skos:topConceptOf <{SPACE}> .
    :bathing a skos:Concept ; skos:prefLabel "Bathing water"@en, "Badvatten"@sv ;
        skos:inScheme <{SPACE}> ; skos:broader :water .
    :beach a skos:Concept ; skos:prefLabel "Beaches"@en ; skos:inScheme <{SPACE}> ;
        skos:broader :bathing .""",
)
EVERYBODY = {
    "anna": Grant(Role.EDITOR, "water"),
    "cleo": Grant(Role.CURATOR, "water"),
    "otto": Grant(Role.EDITOR, "other"),
    "rita": Grant(Role.READER),
}


def iri(name: str) -> str:
    return SPACE + name


MOVE = {"do": "move", "concept": [iri("bathing")], "to": iri("leisure")}


@dataclass(frozen=True, slots=True)
class Program:
    """A program that shows the token of an account."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(API + path, headers=self.headers, query_string=query)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.send("POST", path, body, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        more = {"json": body} if body is not None else {}
        return self.client.open(API + path, method=method, headers=self.headers | named, **more)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application over two vocabularies, with an account for each part in the story."""
    made = create_app(Settings(data=tmp_path_factory.mktemp("drafts"), base_url=BASE))
    opened = services_of(made)
    water = Change(graph_of(BASE, "water"), added=frozenset(WATER))
    registered = [register(BASE, name, name.title()) for name in ("other", "water")]
    for change in (*registered, water):
        opened.writer.commit([change], "me", "Water")
    for name, grant in EVERYBODY.items():
        add_person(opened.database, name, grant)
    yield made
    opened.close()


def program(app: Flask, name: str, *scopes: str) -> Program:
    database = services_of(app).database
    account = find_account(database, name)
    text, _ = create_token(database, TESTER, account, scopes=scopes or ("write",))
    return Program(app.test_client(), {"Authorization": f"Bearer {text}"})


@pytest.fixture
def anna(app: Flask) -> Program:
    """The editor's program."""
    return program(app, "anna")


@pytest.fixture
def cleo(app: Flask) -> Program:
    """The curator's program."""
    return program(app, "cleo")


def open_draft(someone: Program, title: str = "Bathing") -> tuple[str, dict[str, Any]]:
    made = someone.post("/vocabularies/water/drafts", {"title": title, "purpose": "Order"})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.get_json()
    assert made.headers["Location"] == f"{BASE}{API}/drafts/{found['id']}"
    return f"/drafts/{found['id']}", found


def problem(response: TestResponse, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    found: dict[str, Any] = response.get_json()
    return found


def publish(anna: Program, cleo: Program, path: str) -> dict[str, Any]:
    for someone, step in ((anna, "submit"), (cleo, "approve"), (cleo, "publish")):
        taken = someone.post(f"{path}/{step}")
        assert taken.status_code == 200, taken.text
    found: dict[str, Any] = taken.get_json()
    return found


def label(app: Flask, name: str) -> dict[str, str]:
    shown = app.test_client().get(f"{API}/concepts?iri={iri(name)}")
    found: dict[str, str] = shown.get_json()["prefLabel"]
    return found


def rename(name: str, before: str, after: str) -> dict[str, Any]:
    return {
        "do": "changeLabel",
        "concept": iri(name),
        "kind": "prefLabel",
        "before": {"text": before, "lang": "en"},
        "label": {"text": after, "lang": "en"},
    }


def test_a_draft_goes_from_a_title_to_the_published_page(
    app: Flask, anna: Program, cleo: Program
) -> None:
    path, draft = open_draft(anna)
    assert (draft["state"], draft["changes"], draft["vocabulary"]) == ("open", 0, "water")
    assert draft["next"] == ["submit", "withdraw"]
    create = {"do": "create", "prefLabel": {"en": "Ice", "sv": "Is"}, "broader": [iri("water")]}
    made = anna.post(f"{path}/changes", create)
    assert made.status_code == 201
    assert made.get_json()["createdConcepts"] == [iri("ice")]
    assert made.get_json()["position"] == 1
    assert app.test_client().get("/doc/water/ice.ttl").status_code == 404
    assert anna.post(f"{path}/submit", {"text": "Please"}).get_json()["state"] == "in-review"
    assert cleo.get(path).get_json()["next"] == [
        "reopen", "request-changes", "approve", "withdraw",
    ]  # fmt: skip
    assert problem(cleo.post(f"{path}/request-changes"), 400)
    asked = cleo.post(f"{path}/request-changes", {"text": "Glaciers too"}).get_json()
    assert asked["steps"][-1]["text"] == "Glaciers too"
    more = [
        {"do": "create", "prefLabel": {"en": "Glacier"}, "broader": [iri("ice")]},
        {"do": "move", "concept": [iri("glacier")], "to": iri("water")},
    ]
    assert anna.post(f"{path}/changes", more).get_json()["position"] == 2
    done = publish(anna, cleo, path)
    assert (done["state"], done["next"], done["editable"]) == ("published", [], False)
    assert "Glacier" in app.test_client().get("/doc/water/glacier.ttl").text
    assert label(app, "ice") == {"en": "Ice", "sv": "Is"}


def test_changes_are_told_in_words_as_data(anna: Program) -> None:
    path, _ = open_draft(anna)
    anna.post(f"{path}/changes?message=Belongs+there", MOVE)
    found = anna.get(f"{path}/changes", lang="sv").get_json()
    assert found["total"] == 1
    [change] = found["items"]
    assert (change["position"], change["author"]) == (1, "anna")
    assert change["message"] == "Belongs there"
    [told] = change["told"]
    assert told["kind"] == "moved"
    assert told["concept"] == {"iri": iri("bathing"), "prefLabel": "Badvatten", "lang": "sv"}
    assert [end["prefLabel"] for end in told["before"]] == ["Vatten"]
    assert [end["prefLabel"] for end in told["after"]] == ["Leisure"]


def test_a_rule_that_would_break_is_named_and_nothing_changes(anna: Program) -> None:
    path, _ = open_draft(anna)
    under_itself = {"do": "move", "concept": [iri("bathing")], "to": iri("beach")}
    found = problem(anna.post(f"{path}/changes", [MOVE, under_itself]), 422)
    assert found["rule"]
    assert found["where"] == "Operation 2"
    second = {"do": "addLabel", "concept": iri("beach"), "kind": "prefLabel"}
    twice = problem(
        anna.post(f"{path}/changes", second | {"label": {"text": "Shore", "lang": "en"}}), 422
    )
    assert twice["rule"] == "SKOS Reference S14"
    unknown = {"do": "move", "concept": [iri("nothing")], "to": None}
    assert problem(anna.post(f"{path}/changes", unknown), 422)["rule"] == "TYP-1"
    assert anna.get(path).get_json()["changes"] == 0


@pytest.mark.parametrize(
    ("body", "status", "names"),
    [
        ("{", 400, "no JSON"),
        ("[" * 5_000, 400, "inside each other"),
        ("[]", 400, "at least one operation"),
        ('{"do": "explode"}', 400, "explode"),
        ('{"do": ["move"]}', 400, "no operation"),
        ('{"do": "move", "concept": "no iri", "to": null}', 400, "concept"),
        ('{"do": "move", "concept": []}', 400, "'to'"),
        ('"move"', 400, "no operation"),
        ("[" + "1," * 1_000 + "1]", 400, "1000 at once"),
        ('"' + "x" * 5_000_000 + '"', 413, "larger"),
    ],
)
def test_what_is_no_operation_is_refused(anna: Program, body: str, status: int, names: str) -> None:
    path, _ = open_draft(anna)
    sent = anna.client.post(
        f"{API}{path}/changes", headers=anna.headers, data=body, content_type="application/json"
    )
    assert names in problem(sent, status)["detail"]
    assert anna.get(path).get_json()["changes"] == 0


def send_patch(someone: Program, path: str, rows: str) -> TestResponse:
    return someone.client.post(
        f"{API}{path}/changes",
        headers=someone.headers,
        data=f"PA skos <http://www.w3.org/2004/02/skos/core#> .\nPA : <{SPACE}> .\n{rows}",
        content_type="application/rdf-patch",
    )


def test_an_rdf_patch_is_a_change_by_the_same_rules(app: Flask, anna: Program) -> None:
    path, _ = open_draft(anna)
    rows = (
        'TX .\nD :beach skos:prefLabel "Beaches"@en .\nA :beach skos:prefLabel "Shore"@en .\nTC .'
    )
    assert send_patch(anna, path, rows).get_json()["position"] == 1
    problem(send_patch(anna, path, rows), 409)  # what it removes is no longer there
    second = send_patch(anna, path, 'A :beach skos:prefLabel "Coast"@en .')
    assert problem(second, 422)["rule"] == "SKOS Reference S14"
    lost = send_patch(anna, path, "D :beach a skos:Concept .\nD :beach skos:inScheme <x:y> .")
    assert lost.status_code in (409, 422)
    elsewhere = send_patch(anna, path, f"A :x a skos:Concept <{graph_of(BASE, 'other')}> .")
    assert "its own vocabulary" in problem(elsewhere, 400)["detail"]
    assert "row 3" in problem(send_patch(anna, path, "A :x a ."), 400)["detail"]
    assert label(app, "beach") == {"en": "Beaches"}


def test_who_read_another_state_changes_nothing(anna: Program) -> None:
    path, _ = open_draft(anna)
    tag = anna.get(path).headers["ETag"]
    first = anna.post(f"{path}/changes", MOVE, If_Match=tag)
    assert first.status_code == 201
    assert first.headers["ETag"] == anna.get(path).headers["ETag"] != tag
    stale = {"If_Match": tag}
    back = {"do": "move", "concept": [iri("bathing")], "to": iri("water")}
    for response in (
        anna.post(f"{path}/changes", back, **stale),
        anna.post(f"{path}/changes/1/undo", **stale),
        anna.post(f"{path}/submit", **stale),
        anna.post(f"{path}/withdraw", **stale),
        anna.post(f"{path}/rebase", {}, **stale),
        anna.post(f"{path}/comments", {"text": "Late"}, **stale),
        anna.post(f"{path}/changes", back, If_Match=f"W/{first.headers['ETag']}"),
    ):
        assert "changed since you read it" in problem(response, 412)["detail"]
    found = anna.get(path)
    assert (found.get_json()["changes"], found.headers["ETag"]) == (1, first.headers["ETag"])
    assert anna.post(f"{path}/changes", back, If_Match=first.headers["ETag"]).status_code == 201
    assert anna.post(f"{path}/submit", If_Match="*").status_code == 200


def test_publishing_takes_the_state_that_was_read(anna: Program, cleo: Program) -> None:
    path, _ = open_draft(anna)
    anna.post(f"{path}/changes", rename("beach", "Beaches", "Sands"))
    anna.post(f"{path}/submit")
    approved = cleo.post(f"{path}/approve")
    anna.post(f"{path}/changes", rename("beach", "Sands", "Beaches and sands"))
    problem(cleo.post(f"{path}/publish", If_Match=approved.headers["ETag"]), 412)
    assert cleo.get(path).get_json()["state"] == "in-review"  # the approval was for what was


def test_a_draft_gets_another_title_or_purpose(app: Flask, anna: Program) -> None:
    path, _ = open_draft(anna)
    tag = anna.get(path).headers["ETag"]
    described = anna.send("PATCH", path, {"title": " Water to bathe in "}, If_Match=tag)
    found = described.get_json()
    assert (found["title"], found["purpose"]) == ("Water to bathe in", "Order")
    assert described.headers["ETag"] == anna.get(path).headers["ETag"] != tag
    assert anna.send("PATCH", path, {"purpose": ""}).get_json()["purpose"] == ""
    problem(anna.send("PATCH", path, {"title": "Late"}, If_Match=tag), 412)
    assert "no title" in problem(anna.send("PATCH", path, {"title": " "}), 400)["detail"]
    assert "title, purpose" in problem(anna.send("PATCH", path, {}), 400)["detail"]
    problem(program(app, "otto").send("PATCH", path, {"title": "Mine"}), 404)
    anna.post(f"{path}/submit")
    assert problem(program(app, "rita").send("PATCH", path, {"title": "Mine"}), 403)
    assert anna.get(path).get_json()["title"] == "Water to bathe in"
    anna.post(f"{path}/withdraw")
    problem(anna.send("PATCH", path, {"title": "Late"}), 409)


def test_an_approved_draft_is_published_at_a_time(app: Flask, anna: Program, cleo: Program) -> None:
    path, _ = open_draft(anna)
    anna.post(f"{path}/changes", rename("water", "Water", "Waters"))
    time = {"time": "2999-01-31T08:00:00+01:00"}
    problem(cleo.send("PUT", f"{path}/schedule", time), 409)  # nobody has approved it
    anna.post(f"{path}/submit")
    tag = cleo.post(f"{path}/approve").headers["ETag"]
    problem(anna.send("PUT", f"{path}/schedule", time), 403)
    problem(cleo.send("PUT", f"{path}/schedule", time, If_Match='"other"'), 412)
    for wrong in ("", "tomorrow", "2999-01-31", "2999-01-31T08:00:00", "9999-12-31T23:59:59-14:00"):
        refused = cleo.send("PUT", f"{path}/schedule", {"time": wrong})
        assert "2030-01-31T08:00:00Z" in problem(refused, 400)["detail"]
    past = cleo.send("PUT", f"{path}/schedule", {"time": "2020-01-31T08:00:00Z"})
    assert "has passed" in problem(past, 400)["detail"]
    assert cleo.get(path).get_json()["scheduled"] is None
    found = cleo.send("PUT", f"{path}/schedule", time, If_Match=tag).get_json()
    assert (found["scheduled"], found["scheduledBy"]) == ("2999-01-31T07:00:00+00:00", "cleo")
    problem(cleo.send("DELETE", f"{path}/schedule", If_Match=tag), 412)
    assert cleo.send("DELETE", f"{path}/schedule").get_json()["scheduled"] is None
    cleo.send("PUT", f"{path}/schedule", time)
    services_of(app).publisher.publish_due(datetime(2999, 2, 1, tzinfo=UTC))
    assert anna.get(path).get_json()["state"] == "published"
    assert label(app, "water")["en"] == "Waters"


def test_a_change_is_undone_as_a_new_one(anna: Program) -> None:
    path, _ = open_draft(anna)
    anna.post(f"{path}/changes", {"do": "create", "prefLabel": {"en": "Lake"}})
    assert anna.post(f"{path}/changes/1/undo").get_json()["position"] == 2
    assert anna.post(f"{path}/changes", MOVE).get_json()["position"] == 3
    problem(anna.post(f"{path}/changes/1/undo"), 409)
    problem(anna.post(f"{path}/changes/9/undo"), 404)


def test_an_undo_that_would_leave_others_without_a_place_is_refused(anna: Program) -> None:
    path, _ = open_draft(anna)
    anna.post(f"{path}/changes", {"do": "create", "prefLabel": {"en": "Pond"}})
    anna.post(f"{path}/changes", {"do": "move", "concept": [iri("beach")], "to": iri("pond")})
    assert problem(anna.post(f"{path}/changes/1/undo"), 422)["rule"]
    assert anna.get(path).get_json()["changes"] == 2


def test_an_address_is_given_out_once(anna: Program, cleo: Program) -> None:
    one, _ = open_draft(anna, "One")
    other, _ = open_draft(cleo, "Other")
    create = {"do": "create", "prefLabel": {"en": "River"}}
    assert anna.post(f"{one}/changes", create).get_json()["createdConcepts"] == [iri("river")]
    made = cleo.post(f"{other}/changes", create).get_json()
    assert made["createdConcepts"] == [iri("river-2")]
    assert anna.post(f"{one}/withdraw").get_json()["state"] == "withdrawn"
    taken = create | {"iri": iri("river")}
    assert "never given" in problem(cleo.post(f"{other}/changes", taken), 409)["detail"]
    patched = send_patch(cleo, other, 'A :river a skos:Concept .\nA :river skos:prefLabel "R"@en .')
    assert "never given" in problem(patched, 409)["detail"]


def test_nobody_approves_what_they_wrote(cleo: Program) -> None:
    path, _ = open_draft(cleo)
    cleo.post(f"{path}/changes", MOVE)
    submitted = cleo.post(f"{path}/submit").get_json()
    assert "approve" not in submitted["next"]
    assert "somebody else must approve" in problem(cleo.post(f"{path}/approve"), 403)["detail"]
    assert cleo.get(path).get_json()["state"] == "in-review"


def test_a_conflict_is_shown_and_settled(app: Flask, anna: Program, cleo: Program) -> None:
    path, _ = open_draft(anna, "Slow")
    anna.post(f"{path}/changes", rename("leisure", "Leisure", "Free time"))
    other, _ = open_draft(cleo, "Fast")
    cleo.post(f"{other}/changes", rename("leisure", "Leisure", "Recreation"))
    program_of_third = program(app, "cleo")
    cleo.post(f"{other}/submit")
    services_of(app).drafts.table.allow_own_approval(graph_of(BASE, "water"), True)
    publish_own = [
        program_of_third.post(f"{other}/{s}").status_code for s in ("approve", "publish")
    ]
    services_of(app).drafts.table.allow_own_approval(graph_of(BASE, "water"), False)
    assert publish_own == [200, 200]
    found = anna.get(f"{path}/conflicts").get_json()
    [conflict] = found["items"]
    assert (found["total"], conflict["concept"]["iri"]) == (1, iri("leisure"))
    assert conflict["reasons"] == ["replaced-twice"]
    assert conflict["ours"][0]["after"] == [{"@value": "Free time", "@language": "en"}]
    assert conflict["theirs"][0]["after"] == [{"@value": "Recreation", "@language": "en"}]
    refused = problem(anna.post(f"{path}/rebase", {"choices": {}}), 409)
    assert refused["concepts"] == [iri("leisure")]
    choices = {iri("leisure"): "ours"}
    moved = anna.post(f"{path}/rebase", {"choices": choices, "seen": found["seen"]})
    assert moved.get_json()["base"] == found["seen"]
    assert anna.get(f"{path}/conflicts").get_json()["total"] == 0
    publish(anna, cleo, path)
    assert label(app, "leisure") == {"en": "Free time"}


def test_what_two_drafts_break_together_is_not_published(anna: Program, cleo: Program) -> None:
    create = [{"do": "create", "prefLabel": {"en": name}} for name in ("Egg", "Hen")]
    base, _ = open_draft(anna, "Both")
    anna.post(f"{base}/changes", create)
    publish(anna, cleo, base)
    one, _ = open_draft(anna, "Egg first")
    other, _ = open_draft(anna, "Hen first")
    anna.post(f"{one}/changes", {"do": "move", "concept": [iri("egg")], "to": iri("hen")})
    anna.post(f"{other}/changes", {"do": "move", "concept": [iri("hen")], "to": iri("egg")})
    publish(anna, cleo, one)
    anna.post(f"{other}/submit")
    cleo.post(f"{other}/approve")
    assert problem(cleo.post(f"{other}/publish"), 422)["rule"]
    assert problem(anna.post(f"{other}/rebase", {}), 422)["rule"]
    assert cleo.get(other).get_json()["state"] == "approved"


def test_comments_are_about_a_draft_or_a_concept(anna: Program, cleo: Program) -> None:
    path, _ = open_draft(anna)
    assert cleo.post(f"{path}/comments", {"text": "Why?"}).status_code == 201
    about = {"text": "Bad name", "concept": iri("beach")}
    assert cleo.post(f"{path}/comments", about).get_json()["author"] == "cleo"
    assert anna.get(f"{path}/comments").get_json()["total"] == 2
    [found] = anna.get(f"{path}/comments", concept=iri("beach")).get_json()["items"]
    assert (found["text"], found["concept"]) == ("Bad name", iri("beach"))
    problem(anna.post(f"{path}/comments", {"text": " "}), 400)
    half = anna.client.post(
        f"{API}{path}/comments",
        headers=anna.headers,
        data='{"text": "\\ud800"}',
        content_type="application/json",
    )
    assert "cannot be kept" in problem(half, 400)["detail"]
    problem(anna.post(f"{path}/comments", {"text": "x", "concept": "no iri"}), 400)


def test_who_may_not_see_a_draft_learns_nothing_of_it(app: Flask, anna: Program) -> None:
    path, draft = open_draft(anna, "Secret")
    stranger = Program(app.test_client(), {})
    ways = [path, f"{path}/changes", f"{path}/conflicts", f"{path}/comments"]
    for way in (*ways, "/vocabularies/water/drafts"):
        assert problem(stranger.get(way), 401)
        assert "Bearer" in stranger.get(way).headers["WWW-Authenticate"]
    for name in ("otto", "rita"):
        other = program(app, name)
        for way in ways:
            hidden = problem(other.get(way), 404)
            nothing = problem(other.get(way.replace(str(draft["id"]), "99999")), 404)
            assert hidden["detail"].replace(str(draft["id"]), "99999") == nothing["detail"]
        problem(other.post(f"{path}/changes", MOVE), 404)
        problem(other.post(f"{path}/submit"), 404)
        listed = other.get("/vocabularies/water/drafts", limit=1000).get_json()["items"]
        assert draft["id"] not in [item["id"] for item in listed]
        assert not {item["state"] for item in listed} & {"open", "withdrawn"}
        refused = problem(other.post("/vocabularies/water/drafts", {"title": "Mine"}), 403)
        assert "editor or curator" in refused["detail"]
    shown = anna.get(path)
    assert shown.headers["Cache-Control"] == "private, no-store"


def test_what_is_shared_is_read_but_not_changed(app: Flask, anna: Program) -> None:
    path, draft = open_draft(anna, "Shared")
    anna.post(f"{path}/submit")
    rita = program(app, "rita")
    assert rita.get(path).get_json()["next"] == []
    assert "editor or curator" in problem(rita.post(f"{path}/changes", MOVE), 403)["detail"]
    assert "curator" in problem(rita.post(f"{path}/approve"), 403)["detail"]
    assert "curator" in problem(anna.post(f"{path}/approve"), 403)["detail"]
    read_only = program(app, "anna", "read")
    assert "scope edit-drafts" in problem(read_only.post(f"{path}/changes", MOVE), 403)["detail"]
    listed = rita.get("/vocabularies/water/drafts", state="in-review").get_json()
    assert draft["id"] in [item["id"] for item in listed["items"]]


def test_a_session_opens_nothing_here(app: Flask, anna: Program) -> None:
    path, _ = open_draft(anna)
    browser = Program(signed_in(app, "anna"), {})
    problem(browser.get(path), 401)
    problem(browser.post(f"{path}/submit"), 401)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"title": ""}, "no title"),
        ({"title": "x" * 301}, "longer than 300"),
        ({"title": 5}, "title must be a text"),
        ({"title": "x", "purpose": "x" * 20_001}, "longer than 20000"),
        ({"title": "x\0"}, "cannot be kept"),
        ({"name": "x"}, "no field 'name'"),
        (["x"], "Send an object"),
    ],
)
def test_a_draft_needs_a_title(anna: Program, body: Any, names: str) -> None:
    refused = anna.post("/vocabularies/water/drafts", body)
    assert names in problem(refused, 400)["detail"]


def test_steps_go_in_their_order(anna: Program, cleo: Program) -> None:
    path, _ = open_draft(anna)
    assert "open cannot become approved" in problem(cleo.post(f"{path}/approve"), 409)["detail"]
    problem(cleo.post(f"{path}/publish"), 409)
    anna.post(f"{path}/withdraw")
    problem(anna.post(f"{path}/changes", MOVE), 409)
    problem(anna.get(f"{path}/conflicts"), 409)
    assert anna.get(f"{path}/changes").get_json()["items"] == []
    assert anna.post(f"{path}/reopen").get_json()["state"] == "open"
    problem(anna.get("/vocabularies/none/drafts"), 404)
    problem(anna.get("/drafts/99999999999999999999"), 404)
    problem(anna.get("/vocabularies/water/drafts", state="gone"), 400)


def test_an_address_that_was_published_once_is_not_given_out_again(
    app: Flask, anna: Program, cleo: Program
) -> None:
    first, _ = open_draft(anna)
    anna.post(f"{first}/changes", {"do": "create", "prefLabel": {"en": "Spring"}})
    publish(anna, cleo, first)
    opened = services_of(app)
    there = opened.published.view().store.construct(
        bind(
            "CONSTRUCT { $iri ?p ?o } WHERE { GRAPH ?g { $iri ?p ?o } }", iri=URIRef(iri("spring"))
        )
    )
    gone = Change(graph_of(BASE, "water"), removed=frozenset(there))
    opened.writer.commit([gone], "me", "An import without it")
    second, _ = open_draft(cleo)
    made = cleo.post(f"{second}/changes", {"do": "create", "prefLabel": {"en": "Spring"}})
    assert made.get_json()["createdConcepts"] == [iri("spring-2")]
