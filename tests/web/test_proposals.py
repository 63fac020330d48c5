"""Proposals over the application: somebody without an account, a publisher, a curator, robots."""

import time
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import URIRef
from werkzeug.test import TestResponse

from tests.conftest import BASE
from tests.people import HTML, proof, send, services_of, signed_in
from vocab_server.accounts.throttle import OF_PROPOSALS
from vocab_server.database.proposals import Asked, Proposal, Proposer
from vocab_server.editing.proposing import Audience, State
from vocab_server.editing.workflow import State as DraftState
from vocab_server.web.proposal_forms import LONGEST_OPEN, sign_moment

GRAPH = URIRef(f"{BASE}/vocabularies/water")
WATER = "https://example.org/a"
PROPOSALS = "/vocabularies/water/proposals"
NEW = f"{PROPOSALS}/new"
EMAIL = "anna@example.org"


@pytest.fixture
def curator(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "curator")


@pytest.fixture
def passer_by(people_app: Flask) -> FlaskClient:
    """Somebody who is not signed in, where everybody may propose."""
    services_of(people_app).proposals.set_audience(GRAPH, Audience.EVERYBODY)
    return people_app.test_client()


def earlier(client: FlaskClient, seconds: float) -> str:
    """What a form holds that was opened so many seconds ago."""
    with client.application.app_context():
        return sign_moment(time.time() - seconds)


def propose(client: FlaskClient, **fields: str) -> TestResponse:
    filled = {
        "kind": "missing",
        "label": "Lake ice",
        "label_language": "en",
        "reason": "It is cold",
    }
    return send(client, NEW, **({"begun": earlier(client, 60)} | filled | fields))


def made(app: Flask, **asked: object) -> Proposal:
    filled = {"graph": GRAPH, "kind": "missing", "label": "Lake ice", "label_language": "en"}
    opened = services_of(app)
    return opened.proposals.propose(
        opened.published.view().store,
        Asked(**(filled | asked)),  # type: ignore[arg-type]
        Proposer("publisher", language="en"),
        ("en",),
    )


def page(client: FlaskClient, path: str) -> str:
    found = client.get(path, headers=HTML)
    assert found.status_code == HTTPStatus.OK, path
    assert found.headers["Cache-Control"] == "private, no-store"
    return found.text


def labels(app: Flask, draft: int | None, concept: str = WATER) -> set[tuple[str, str]]:
    """Kind and text of what a concept is called in a draft, or for None as published."""
    opened = services_of(app)
    view = opened.published.view()
    if draft is not None:
        view = opened.draft_views.view(opened.drafts.table.get(draft))
    rows = view.store.select(
        f"SELECT ?p ?o WHERE {{ <{concept}> ?p ?o FILTER (isLITERAL(?o) && LANG(?o) != '') }}"
    )
    return {(str(row["p"]).rpartition("#")[2], str(row["o"])) for row in rows}


def test_a_proposal_of_somebody_without_an_account_goes_into_a_draft_in_one_click(
    people_app: Flask, passer_by: FlaskClient, curator: FlaskClient
) -> None:
    done = propose(passer_by, broader="water", email=EMAIL, name="Anna", definition="Frozen lake")
    follow = done.headers["Location"]
    assert done.status_code == HTTPStatus.SEE_OTHER
    assert "Waiting for an answer" in page(passer_by, follow)
    shown = page(curator, "/proposals/1")
    assert "Anna" in shown
    accepted = send(curator, "/proposals/1/accept", "/proposals/1")
    assert accepted.headers["Location"] == "/drafts/1"
    proposal = services_of(people_app).proposals.table.get(1)
    assert (proposal.state, proposal.draft) == (State.ACCEPTED, 1)
    assert labels(people_app, 1, proposal.made) == {
        ("prefLabel", "Lake ice"),
        ("definition", "Frozen lake"),
    }
    assert "Accepted, and in work" in page(passer_by, follow)
    publish(people_app, 1)
    told = page(passer_by, follow)
    assert "Published" in told
    assert proposal.made.removeprefix(f"{BASE}/id/") in told
    for shown in (told, page(curator, "/proposals/1"), page(curator, PROPOSALS)):
        assert EMAIL not in shown


def publish(app: Flask, draft: int) -> None:
    opened = services_of(app)
    everything = frozenset(["edit-drafts", "review-drafts", "publish"])
    for state in (DraftState.IN_REVIEW, DraftState.APPROVED):
        opened.drafts.step(draft, state, "administrator", everything)
    opened.publisher.publish(draft, "administrator", everything)


def test_a_better_name_takes_the_place_of_the_old_one_which_stays_as_another(
    people_app: Flask, curator: FlaskClient
) -> None:
    made(people_app, kind="label", concept=WATER, label="Waters")
    send(curator, "/proposals/1/accept", "/proposals/1")
    assert {("prefLabel", "Waters"), ("altLabel", "water")} <= labels(people_app, 1)
    assert ("prefLabel", "Waters") not in labels(people_app, None)


def test_one_more_name_goes_into_the_draft_that_was_chosen(
    people_app: Flask, curator: FlaskClient
) -> None:
    draft = services_of(people_app).drafts.begin(GRAPH, "Names", "", "editor")
    made(people_app, kind="label", concept=WATER, label="Aqua", is_preferred=False)
    assert "Names" in page(curator, "/proposals/1")
    send(curator, "/proposals/1/accept", "/proposals/1", draft=str(draft.id))
    assert ("altLabel", "Aqua") in labels(people_app, draft.id)


def test_what_the_rules_refuse_changes_nothing_and_leaves_no_draft_in_work(
    people_app: Flask, curator: FlaskClient
) -> None:
    made(people_app, kind="place", concept=WATER, broader=WATER)
    refused = send(curator, "/proposals/1/accept", "/proposals/1")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="draft-error"' in refused.text
    opened = services_of(people_app)
    assert opened.proposals.table.get(1).state == State.OPEN
    assert opened.drafts.table.get(1).state == DraftState.WITHDRAWN


def test_a_proposal_is_accepted_once(people_app: Flask, curator: FlaskClient) -> None:
    made(people_app)
    token = proof(curator, "/proposals/1")
    sent = {"path": "/proposals/1/accept", "data": {"csrf_token": token}, "headers": HTML}
    assert curator.post(**sent).status_code == HTTPStatus.SEE_OTHER
    again = curator.post(**sent)
    assert again.status_code == HTTPStatus.CONFLICT
    assert services_of(people_app).drafts.table.page(limit=10)[1] == 1


def test_who_proposed_reads_the_answer_and_answers_back(
    people_app: Flask, passer_by: FlaskClient, curator: FlaskClient
) -> None:
    follow = propose(passer_by, kind="other", reason="Where is ice?").headers["Location"]
    without = send(curator, "/proposals/1/decide", "/proposals/1", state="declined")
    assert without.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write what you want to say" in without.text
    send(curator, "/proposals/1/decide", "/proposals/1", state="answered", answer="Under <water>")
    assert "Under &lt;water&gt;" in page(passer_by, follow)
    send(passer_by, f"{follow}/comments", follow, text="Thanks")
    assert "Thanks" in page(curator, "/proposals/1")
    send(curator, "/proposals/1/decide", "/proposals/1", state="declined", answer="No")
    send(curator, "/proposals/1/decide", "/proposals/1", state="open")
    assert "Waiting for an answer" in page(passer_by, follow)


def test_the_public_sees_of_strangers_what_a_curator_has_looked_at(
    people_app: Flask, passer_by: FlaskClient, curator: FlaskClient
) -> None:
    propose(passer_by, label="Buy cheap ice")
    made(people_app, label="Sea ice")
    assert "Buy cheap" not in page(passer_by, PROPOSALS)
    assert "Sea ice" in page(passer_by, PROPOSALS)
    assert passer_by.get("/proposals/1", headers=HTML).status_code == HTTPStatus.NOT_FOUND
    send(curator, "/proposals/1/decide", "/proposals/1", state="answered", answer="We have ice")
    assert "We have ice" in page(passer_by, "/proposals/1")


def test_a_vote_counts_once_for_each_account(people_app: Flask, curator: FlaskClient) -> None:
    made(people_app, label="First")
    made(people_app, label="Second")
    for client in (curator, curator, signed_in(people_app, "reader")):
        send(client, "/proposals/1/vote", "/proposals/1", wants="yes")
    assert services_of(people_app).proposals.table.get(1).votes == 2
    shown = page(curator, f"{PROPOSALS}?order=votes")
    assert shown.index("First") < shown.index("Second")
    send(curator, "/proposals/1/vote", "/proposals/1", wants="no")
    assert services_of(people_app).proposals.table.get(1).votes == 1


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"label": " "}, "label", "Write the name that you propose"),
        ({"label": "x" * 501}, "label", "at most 500 characters"),
        ({"label_language": "e n"}, "label_language", "such as en"),
        ({"kind": "label"}, "concept", "Say which concept you mean"),
        ({"kind": "place", "concept": "nothing like it"}, "concept", "No concept is called"),
        ({"broader": "https://example.org/gone"}, "broader", "no such concept"),
        ({"kind": "other", "reason": ""}, "reason", "Say what you propose"),
        ({"reason": "x" * 10_001}, "reason", "at most 10000 characters"),
        ({"dataset_url": "javascript:alert(1)"}, "dataset_url", "https://"),
        ({"email": "a@b\nBcc: c@d"}, "email", "anna@example.org"),
        ({"website": "https://spam.example"}, "website", "stop robots"),
        ({"begun": "made-up"}, "reason", "open for too long"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    people_app: Flask, passer_by: FlaskClient, fields: dict[str, str], field: str, problem: str
) -> None:
    begun = fields.pop("begun", earlier(passer_by, 60))
    filled = {"kind": "missing", "label": "Ice", "label_language": "en", "reason": "Typed words"}
    refused = send(passer_by, NEW, begun=begun, **(filled | fields))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'<a href="#{field}">' in refused.text
    assert problem in refused.text
    assert services_of(people_app).proposals.table.page(limit=1)[1] == 0


@pytest.mark.parametrize("seconds", [0, LONGEST_OPEN + 1])
def test_a_form_is_sent_neither_at_once_nor_after_days(
    people_app: Flask, passer_by: FlaskClient, seconds: int
) -> None:
    refused = propose(passer_by, begun=earlier(passer_by, seconds), label="Kept")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="Kept"' in refused.text
    assert services_of(people_app).proposals.table.page(limit=1)[1] == 0


def test_one_address_proposes_only_so_often(people_app: Flask, passer_by: FlaskClient) -> None:
    for number in range(OF_PROPOSALS.attempts):
        assert propose(passer_by, label=f"Ice {number}").status_code == HTTPStatus.SEE_OTHER
    refused = propose(passer_by, label="One more")
    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(refused.headers["Retry-After"]) > 0
    assert services_of(people_app).proposals.table.page(limit=1)[1] == OF_PROPOSALS.attempts


def test_a_form_of_another_site_is_refused(people_app: Flask, passer_by: FlaskClient) -> None:
    filled = {"kind": "other", "reason": "x", "begun": earlier(passer_by, 60)}
    refused = passer_by.post(NEW, data=filled, headers=HTML)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert services_of(people_app).proposals.table.page(limit=1)[1] == 0


@pytest.mark.parametrize(
    ("audience", "may"),
    [
        (Audience.EVERYBODY, {"", "nobody", "publisher", "curator"}),
        (Audience.ACCOUNTS, {"nobody", "publisher", "curator"}),
        (Audience.PUBLISHERS, {"publisher", "curator"}),
        (Audience.NOBODY, set()),
    ],
)
def test_the_administrator_says_who_may_propose(
    people_app: Flask, audience: Audience, may: set[str]
) -> None:
    administrator = signed_in(people_app, "administrator")
    send(administrator, f"{PROPOSALS}/audience", PROPOSALS, audience=audience)
    found = set()
    for name in ("", "nobody", "publisher", "curator"):
        client = signed_in(people_app, name) if name else people_app.test_client()
        if client.get(NEW, headers=HTML).status_code == HTTPStatus.OK:
            found.add(name)
    assert found == may


def test_only_who_edits_the_vocabulary_decides(people_app: Flask) -> None:
    made(people_app)
    for act in ("accept", "decide", "vote", "comments"):
        asked = send(people_app.test_client(), f"/proposals/1/{act}", "/sign-in", state="declined")
        assert asked.headers["Location"].startswith("/sign-in"), act
    reader, editor = (signed_in(people_app, name) for name in ("reader", "editor"))
    for act in ("accept", "decide"):
        refused = send(reader, f"/proposals/1/{act}", "/proposals/1", state="declined", answer="x")
        assert refused.status_code == HTTPStatus.FORBIDDEN
    declined = {"state": "declined", "answer": "x"}
    refused = send(editor, "/proposals/1/decide", "/proposals/1", **declined)
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert send(reader, f"{PROPOSALS}/audience", PROPOSALS, audience="nobody").status_code == 403
    assert services_of(people_app).proposals.table.get(1).state == State.OPEN


def test_pages_lead_to_the_form(people_app: Flask) -> None:
    client = people_app.test_client()
    assert f'href="{NEW}?kind=label' in client.get(f"/resource?iri={WATER}", headers=HTML).text
    found = client.get("/search?q=qqqq&vocabulary=water", headers=HTML).text
    assert f'href="{NEW}?label=qqqq"' in found
    everywhere = client.get("/search?q=qqqq", headers=HTML).text
    assert 'href="/proposals/new?label=qqqq"' in everywhere
    assert f'href="{NEW}?label=qqqq"' in client.get("/proposals/new?label=qqqq", headers=HTML).text
    curator = signed_in(people_app, "curator")
    assert 'value="qqqq"' in curator.get(f"{NEW}?label=qqqq", headers=HTML).text


def test_nobody_follows_with_a_made_up_address(people_app: Flask) -> None:
    made(people_app)
    for secret in ("1", "x" * 43):
        missing = people_app.test_client().get(f"/proposals/follow/{secret}", headers=HTML)
        assert missing.status_code == HTTPStatus.NOT_FOUND
