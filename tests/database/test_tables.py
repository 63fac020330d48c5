"""What the tables keep comes back the same from SQLite and from PostgreSQL."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from rdflib import URIRef
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vocab_server.accounts.account import By
from vocab_server.accounts.audit import Act, note
from vocab_server.accounts.throttle import OF_PAIR, count_attempt, forget_attempts
from vocab_server.database.addresses import Addresses, keep_addresses
from vocab_server.database.assets import AssetNote, Assets, DataRequest, DataRequests
from vocab_server.database.comments import Comments
from vocab_server.database.drafts import DraftTable
from vocab_server.database.harvests import Harvests, Known, Outcome, Run, Source
from vocab_server.database.keywords import KeywordDecision, KeywordDecisions, Verdict
from vocab_server.database.leases import end_lease, take_lease
from vocab_server.database.notice_models import MailRow
from vocab_server.database.outbox import Outbox
from vocab_server.database.policies import Policies
from vocab_server.database.proposals import Asked, Proposals, Proposer, Title
from vocab_server.database.quality import QualityTable
from vocab_server.database.tags import Decision, Status, TagDecisions
from vocab_server.database.uploads import Uploads
from vocab_server.errors import ConflictError, TooManyAttemptsError

GRAPH = URIRef("https://example.org/vocabularies/animals")
DOG = URIRef("https://example.org/animals/hund-åäö-개")
NOW = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)  # before the clocks of Europe change
SEOUL = timezone(timedelta(hours=9))


def test_a_lease_is_for_one_holder_until_it_is_over(database: Engine) -> None:
    assert take_lease(database, "send-mail", "one", 60)
    assert take_lease(database, "send-mail", "one", 60)
    assert not take_lease(database, "send-mail", "two", 60)
    assert take_lease(database, "harvest", "two", -1)
    assert take_lease(database, "harvest", "one", 60)
    end_lease(database, "send-mail", "two")
    assert not take_lease(database, "send-mail", "two", 60)
    end_lease(database, "send-mail", "one")
    assert take_lease(database, "send-mail", "two", 60)


def test_what_comes_from_outside_may_be_long(database: Engine) -> None:
    long = "가" * 300
    assert take_lease(database, f"harvest:{long}", "one", 60)
    KeywordDecisions(database).keep(KeywordDecision(long, Verdict.NO_TOPIC, "anna", NOW))
    tag = Decision("urn:d", "urn:c", "x", Status.CONFIRMED, "picked", "a", NOW, language=long)
    TagDecisions(database).keep(tag)
    Harvests(database).record(
        Run("x", NOW, NOW, "anna", Outcome.CHANGED), {"urn:d": Known(long, "", long)}
    )
    with Session(database) as session, session.begin():
        note(session, By("anna", long), Act.SIGNED_IN, long)
    assert KeywordDecisions(database).forms() == {long}
    assert Harvests(database).known("x")["urn:d"].identifier == long


def test_attempts_are_counted_and_forgotten(database: Engine) -> None:
    for _ in range(OF_PAIR.attempts):
        count_attempt(database, "anna", "192.0.2.1")
    with pytest.raises(TooManyAttemptsError):
        count_attempt(database, "anna", "192.0.2.1")
    count_attempt(database, "anna", "192.0.2.2")
    forget_attempts(database, "anna", "192.0.2.1")
    count_attempt(database, "anna", "192.0.2.1")


def test_a_draft_is_found_by_what_it_is(database: Engine) -> None:
    table = DraftTable(database)
    draft = table.create(GRAPH, "Hundar 개", "", "anna", 0, "open")
    table.create(GRAPH, "Other", "", "bo", 0, "open")
    later = table.change(draft, scheduled=NOW.astimezone(SEOUL), scheduled_by="eva")
    assert later.scheduled == NOW
    assert table.due("open", NOW) == [draft.id]
    assert table.due("open", NOW - timedelta(microseconds=1)) == []
    assert table.page(author="anna", states=["open"], limit=5) == ([later], 1)
    assert [d.title for d in table.page(graph=GRAPH, limit=1, offset=1)[0]] == ["Other"]
    stepped = table.step(later, "in-review", "anna", "Please")
    assert (stepped.state, table.reviews(draft.id)[0].text) == ("in-review", "Please")
    with pytest.raises(ConflictError, match="somebody else"):
        table.change(later, title="Too late")
    table.allow_own_approval(GRAPH, True)
    assert table.allows_own_approval(GRAPH)
    said = Comments(database).add(draft.id, "bo", "Why?", DOG)
    assert Comments(database).page(draft.id, concept=DOG, limit=5) == ([said], 1)
    assert Comments(database).resolve(draft.id, said.id).is_resolved


def test_an_address_is_given_out_once(database: Engine) -> None:
    for title in ("One", "Two"):
        DraftTable(database).create(GRAPH, title, "", "anna", 0, "open")
    with Session(database) as session, session.begin():
        keep_addresses(session, [DOG], 1)
    with Session(database) as session, session.begin():
        keep_addresses(session, [DOG], 1)
    with pytest.raises(IntegrityError), Session(database) as session, session.begin():
        keep_addresses(session, [DOG], 2)
    assert Addresses(database).is_taken(DOG, 2)
    assert not Addresses(database).is_taken(DOG, 1)


def test_a_proposal_is_voted_on_by_each_once(database: Engine) -> None:
    table = Proposals(database)
    asked = Asked(graph=GRAPH, kind="concept", label="Lake ice", reason="Skating")
    for number in (1, 2):
        follow, title = f"secret-{number}", Title("Lake ice", "en")
        table.add(asked, Proposer("anna"), title, follow, "open", "proposed")
    for account, wants in (("anna", True), ("bo", True), ("bo", True), ("anna", False)):
        votes = table.vote(2, account, wants=wants)
    assert votes == 1
    found, total = table.page(graph=GRAPH, order="votes", limit=5)
    assert ([one.id for one in found], total) == ([2, 1], 2)
    assert table.followed("secret-1").asked == asked
    table.say(1, "comment", "bo", "Yes\n한국어")
    assert [entry.text for entry in table.entries(1, limit=5)[0]] == ["", "Yes\n한국어"]
    table.set_audience(GRAPH, "nobody")
    table.set_audience(GRAPH, "everybody")
    assert table.audience(GRAPH) == "everybody"


def test_a_harvest_is_recorded_with_all_its_datasets(database: Engine) -> None:
    table = Harvests(database)
    source = Source("harbour", "dcat", "https://harbour.example/", every=24, due=NOW)
    table.set(source)
    assert (table.get("harbour"), table.due(NOW)) == (source, ["harbour"])
    known = Known("b", "0" * 32, "Baths", missing_since=NOW.astimezone(SEOUL), missing_runs=2)
    run = Run("harbour", NOW, NOW, "anna", Outcome.CHANGED, added=1, problems=("One", "två"))
    for _ in range(2):
        number = table.record(run, {str(DOG): known}, etag='"1"')
    assert number == 2
    assert table.known("harbour") == {str(DOG): known}
    assert table.missing("harbour", 5) == [(str(DOG), known)]
    found, total = table.runs("harbour", limit=1)
    assert (found[0].problems, found[0].started, total) == (("One", "två"), NOW, 2)
    assert table.latest(["harbour", "nowhere"])["harbour"].id == 2
    assert table.due(NOW + timedelta(hours=23)) == []


def test_decisions_about_tags_and_keywords_replace_earlier_ones(database: Engine) -> None:
    tags, words = TagDecisions(database), KeywordDecisions(database)
    for status in (Status.CONFIRMED, Status.REJECTED):
        last = Decision(
            "urn:d", str(DOG), "harbour", status, "picked", "anna", NOW, confidence=0.25
        )
        tags.keep(last)
    assert tags.of(["urn:d"]) == [last]
    assert tags.rejected("harbour") == {("urn:d", str(DOG))}
    for verdict in (Verdict.NEEDED, Verdict.CONCEPT):
        decided = KeywordDecision("hund", verdict, "anna", NOW, concept=str(DOG))
        words.keep(decided)
    assert words.page(limit=5) == ([decided], 1)
    assert words.concepts() == {"hund": str(DOG)}
    forms = [f"word {number}" for number in range(1_200)]
    assert words.verdicts_of([*forms, "hund"]) == words.verdicts() == {"hund": Verdict.CONCEPT}
    assert words.verdicts_of(forms) == {}
    words.forget("hund")
    assert words.forms() == set()


def test_what_a_vocabulary_asks_for_and_accepts_is_kept(database: Engine) -> None:
    table = QualityTable(database)
    table.change(GRAPH, {"LAB-1": "off"}, ["sv"])
    table.change(GRAPH, {"LAB-1": "warning"}, ["sv", "en"])
    assert table.settings(GRAPH).levels == {"LAB-1": "warning"}
    assert table.settings(GRAPH).languages == ("en", "sv")
    day = datetime.now(UTC).date()
    table.accept(GRAPH, "LAB-1", "", "", "For now", "anna", expires=day)
    assert [one.reason for one in table.exceptions(GRAPH)] == ["For now"]
    assert table.exceptions(GRAPH, day + timedelta(days=1)) == []
    assert Policies(database).get(GRAPH).digits >= 1


def test_notes_on_assets_requests_and_uploads_come_back(database: Engine) -> None:
    assets, asked = Assets(database), DataRequests(database)
    notes = [AssetNote(f"urn:{n}", "harbour", "anna", NOW, "yes", ("a",)) for n in "ba"]
    assets.keep(*notes)
    assert assets.hidden("harbour", 5) == notes[::-1]
    assert (assets.count_hidden(), assets.last_changes()) == ({"harbour": 2}, {"harbour": NOW})
    for concept in (DOG, DOG, GRAPH):
        asked.add(DataRequest(concept, "Where?", "", NOW))
    assert asked.counts(5) == [(str(DOG), 2), (str(GRAPH), 1)]
    assert asked.under([DOG], 1)[0].time == NOW
    uploads = Uploads(database)
    key = uploads.keep(GRAPH, "anna", {"rows": ["å", None, 1.5]})
    assert uploads.get(key, GRAPH, "anna") == {"rows": ["å", None, 1.5]}


def test_a_mail_is_taken_once_and_tried_later(database: Engine) -> None:
    outbox, now = Outbox(database), datetime.now(UTC)
    with Session(database) as session, session.begin():
        about = {"recipient": "a@b", "language": "en", "subject": "s", "text": "t"}
        session.add(MailRow(**about, unsubscribe="", created=now, due=now, attempts=0, problem=""))
    mail = outbox.take(now)
    assert mail is not None
    assert outbox.take(now) is None
    assert outbox.failed(mail, "No answer", is_final=False)
    assert outbox.waiting() == [("a@b", 1, "No answer")]
