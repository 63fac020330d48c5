"""Duties in the background: notices and letters of what happens, mail that waits, leases."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from rdflib import URIRef
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.cataloguing import HARBOUR, make_harbour
from tests.conftest import BASE
from tests.mail_server import Inbox, mail_server, silent_server
from tests.people import HTML, TESTER, send, services_of, signed_in
from tests.web.conftest import people_app, people_data  # noqa: F401  (fixtures)
from vocab_server import background, smtp
from vocab_server.accounts.register import change_account, find_account
from vocab_server.background import DUTIES, LEASE, do_once
from vocab_server.database.notice_models import LeaseRow, MailRow
from vocab_server.database.outbox import WAITS, Outbox
from vocab_server.database.proposals import Asked, Proposal, Proposer
from vocab_server.database.quality_runs import QualityRuns
from vocab_server.database.scores import Scores
from vocab_server.editing.notifying import About
from vocab_server.editing.proposing import State
from vocab_server.editing.workflow import State as DraftState
from vocab_server.services import Services

GRAPH = URIRef(f"{BASE}/vocabularies/water")
GUEST = "guest@example.org"
ALL = frozenset(["edit-drafts", "review-drafts", "publish"])
LINK = re.compile(r"http://\S+")


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with mail_server() as opened:
        yield opened


@pytest.fixture
def app(people_app: Flask, inbox: Inbox) -> Flask:  # noqa: F811
    """A site whose curator and publisher have addresses, and mail."""
    mailing(people_app, f"smtp://127.0.0.1:{inbox.port}")
    for name in ("curator", "publisher", "editor"):
        change_account(services_of(people_app).database, TESTER, name, email=address(name))
    return people_app


def address(name: str) -> str:
    return f"{name}@example.org"


def mailing(app: Flask, url: str) -> None:
    """Let a site send its mail by another server."""
    opened = services_of(app)
    settings = replace(opened.settings, smtp=url, mail_from="vocab@example.org")
    app.extensions["vocab_server"] = replace(opened, settings=settings)


def work(app: Flask) -> None:
    """What the background does, once."""
    for name in ("publish-drafts", "tell-people", "send-mail"):
        duty = next(duty for duty in DUTIES if duty.name == name)
        assert do_once(app, duty, "test")


def made(opened: Services, proposer: Proposer, **asked: object) -> Proposal:
    filled = {"graph": GRAPH, "kind": "missing", "label": "Sjöis", "label_language": "sv"}
    store = opened.published.view().store
    return opened.proposals.propose(store, Asked(**(filled | asked)), proposer, ("en",))  # type: ignore[arg-type]


def told(app: Flask, name: str) -> list[tuple[str, str]]:
    opened = services_of(app)
    notices, _ = opened.notices.page(find_account(opened.database, name).id, limit=100)
    return [(notice.kind, notice.actor) for notice in reversed(notices)]


def publish(opened: Services, draft: int) -> None:
    opened.drafts.step(draft, DraftState.IN_REVIEW, "editor", ALL)
    opened.drafts.step(draft, DraftState.APPROVED, "curator", ALL)
    opened.publisher.publish(draft, "curator", ALL)


def test_a_guest_and_the_curators_hear_of_a_proposal_until_it_is_published(
    app: Flask, inbox: Inbox
) -> None:
    opened = services_of(app)
    proposal = made(opened, Proposer(name="Ida", email=GUEST, language="sv"))
    work(app)
    assert told(app, "curator") == [(About.PROPOSED, "")]
    (to_curator,) = inbox.to(address("curator"))
    assert to_curator["Subject"] == "Somebody without an account proposes “Sjöis”"
    assert f"{BASE}/proposals/{proposal.id}" in to_curator.get_content()
    assert inbox.to(GUEST) == []
    draft = opened.accepting.accept(proposal, None, "editor", ALL)
    work(app)
    publish(opened, draft.id)
    work(app)
    subjects = [letter["Subject"] for letter in inbox.to(GUEST)]
    assert subjects == [
        "editor har godtagit förslaget ”Sjöis”",
        "Det som föreslogs som ”Sjöis” har publicerats",
    ]
    text = inbox.to(GUEST)[0].get_content()
    assert f"{BASE}/proposals/follow/{proposal.follow}" in text
    assert inbox.to(GUEST)[0]["Content-Language"] == "sv"
    assert Outbox(opened.database).waiting() == []


def test_a_draft_is_told_of_to_who_reviews_and_who_wrote(app: Flask) -> None:
    opened = services_of(app)
    draft = opened.drafts.begin(GRAPH, "Baths", "", "editor")
    act = {"do": "addLabel", "concept": "https://example.org/a", "kind": "altLabel"}
    desk = opened.desk(draft)
    desk.operate([act | {"label": {"text": "aqua", "lang": "la"}}], "editor")
    opened.drafts.step(draft.id, DraftState.IN_REVIEW, "editor", ALL)
    opened.drafts.step(draft.id, DraftState.CHANGES_REQUESTED, "curator", ALL, "Aquae!")
    publish(opened, draft.id)
    work(app)
    assert told(app, "curator") == [(About.SUBMITTED, "editor")] * 2
    assert told(app, "editor") == [
        (About.CHANGES_REQUESTED, "curator"),
        (About.APPROVED, "curator"),
        (About.PUBLISHED, "curator"),
    ]
    assert told(app, "reader") == []
    work(app)
    assert len(told(app, "editor")) == 3  # nothing is told twice


def test_who_proposed_hears_the_answer_and_the_talk(app: Flask, inbox: Inbox) -> None:
    opened = services_of(app)
    proposal = made(opened, Proposer("publisher", language="en"))
    opened.proposals.comment(proposal, "reader", "Good")
    opened.proposals.comment(proposal, "publisher", "Thanks")
    opened.proposals.decide(proposal, State.DECLINED, "curator", ALL, "We have it", False)
    work(app)
    assert told(app, "publisher") == [
        (About.COMMENTED, "reader"),
        (About.DECLINED, "curator"),
    ]
    assert told(app, "reader") == [(About.COMMENTED, "publisher")]
    assert told(app, "curator") == [
        (About.PROPOSED, "publisher"),
        (About.COMMENTED, "publisher"),
    ]
    assert "We have it" in inbox.to(address("publisher"))[-1].get_content()


def test_each_kind_can_be_switched_off_by_page_and_by_one_click(app: Flask, inbox: Inbox) -> None:
    opened = services_of(app)
    curator = signed_in(app, "curator")
    path = "/account/notifications"
    send(curator, f"{path}/mail", path, language="sv", kind=[About.PROPOSED, About.COMMENTED])
    made(opened, Proposer("publisher"))
    work(app)
    (letter,) = inbox.to(address("curator"))
    assert letter["Subject"] == "publisher föreslår ”Sjöis”"
    way_out = letter["List-Unsubscribe"].strip("<>").removeprefix(BASE)
    assert "End these letters" in app.test_client().get(way_out, headers=HTML).text
    ended = app.test_client().post(way_out, data={"List-Unsubscribe": "One-Click"})
    assert ended.status_code == 200
    assert app.test_client().post(f"{way_out}x").status_code == 404
    made(opened, Proposer("publisher"))
    work(app)
    assert len(inbox.to(address("curator"))) == 1
    assert len(told(app, "curator")) == 2
    wish = opened.notices.preference(find_account(opened.database, "curator").id)
    assert set(About) - wish.unmailed == {About.COMMENTED}


def test_a_guest_ends_the_letters_by_one_click(app: Flask, inbox: Inbox) -> None:
    opened = services_of(app)
    proposal = made(opened, Proposer(email=GUEST, language="en"))
    opened.proposals.comment(proposal, "curator", "First")
    work(app)
    (letter,) = inbox.to(GUEST)
    app.test_client().post(letter["List-Unsubscribe"].strip("<>").removeprefix(BASE))
    opened.proposals.comment(proposal, "curator", "Second")
    work(app)
    assert len(inbox.to(GUEST)) == 1


def test_the_header_counts_what_is_unread(app: Flask) -> None:
    opened = services_of(app)
    made(opened, Proposer("publisher"), label="<b>Ice</b>")
    made(opened, Proposer("publisher"))
    work(app)
    curator = signed_in(app, "curator")
    page = curator.get("/account/notifications", headers=HTML).text
    assert '<span class="badge">2<span' in page
    assert "&lt;b&gt;Ice" in page
    first, second = sorted(map(int, re.findall(r'name="only" value="(\d+)"', page)))
    path = "/account/notifications"
    send(curator, f"{path}/read", path, only=str(first))
    assert '<span class="badge">1<span' in curator.get(path, headers=HTML).text
    made(opened, Proposer("publisher"))
    work(app)
    send(curator, f"{path}/read", path, last=str(second))
    left = curator.get(path, headers=HTML).text
    assert '<span class="badge">1<span' in left  # what came after the page was shown
    assert signed_in(app, "reader").get(path, headers=HTML).text.count('class="badge"') == 0
    assert "föreslår ”Sjöis”" in curator.get(path, headers={"Accept-Language": "sv", **HTML}).text


def test_mail_waits_for_its_server_longer_and_longer_until_it_is_given_up(
    app: Flask, inbox: Inbox
) -> None:
    opened, outbox = services_of(app), Outbox(services_of(app).database)
    made(opened, Proposer("publisher"))
    inbox.refusal = "451 Later"
    for attempt in range(1, len(WAITS) + 2):
        hurry(opened)
        work(app)
        assert outbox.waiting()[0][1] == attempt
    assert "451" in outbox.waiting()[0][2]
    inbox.refusal = ""
    hurry(opened)
    work(app)
    assert inbox.messages == []


def hurry(opened: Services) -> None:
    """As if the time had come at which what waits is tried again."""
    now = datetime.now(UTC)
    with Session(opened.database) as session, session.begin():
        session.execute(update(MailRow).where(MailRow.due.is_not(None)).values(due=now))


def test_mail_is_sent_when_the_server_is_there_again(app: Flask, inbox: Inbox) -> None:
    made(services_of(app), Proposer("publisher"))
    inbox.refusal = "421 Busy"
    work(app)
    inbox.refusal = ""
    hurry(services_of(app))
    work(app)
    assert len(inbox.to(address("curator"))) == 1
    assert Outbox(services_of(app).database).waiting() == []


def test_a_silent_mail_server_holds_up_nobody_else(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 600)
    opened = services_of(app)
    made(opened, Proposer("publisher"))
    with silent_server() as port:
        mailing(app, f"smtp://127.0.0.1:{port}")
        work_but_mail(app)
        sending = threading.Thread(target=background.send_mail, args=(services_of(app),))
        sending.start()
        made(opened, Proposer("publisher"))
        work_but_mail(app)
        assert len(told(app, "curator")) == 2
        client = signed_in(app, "curator")
        assert client.get("/account/notifications", headers=HTML).status_code == 200
        assert sending.is_alive()
    sending.join(120)  # the server is gone now
    assert not sending.is_alive()


def work_but_mail(app: Flask) -> None:
    tell = next(duty for duty in DUTIES if duty.name == "tell-people")
    assert do_once(app, tell, "test")


def test_without_a_mail_server_no_letter_is_kept(people_app: Flask) -> None:  # noqa: F811
    opened = services_of(people_app)
    change_account(opened.database, TESTER, "curator", email=address("curator"))
    made(opened, Proposer("publisher"))
    work(people_app)
    assert told(people_app, "curator") == [(About.PROPOSED, "publisher")]
    assert Outbox(opened.database).waiting() == []


def test_a_mail_is_taken_by_one_only(app: Flask) -> None:
    opened = services_of(app)
    made(opened, Proposer("publisher"))
    work_but_mail(app)
    now, outbox = datetime.now(UTC), Outbox(opened.database)
    assert outbox.take(now) is not None
    assert outbox.take(now) is None


def test_a_duty_is_done_by_one_process_until_its_lease_is_over(app: Flask) -> None:
    duty, database = DUTIES[0], services_of(app).database
    assert do_once(app, duty, "first")
    assert not do_once(app, duty, "second")
    assert do_once(app, duty, "first")
    with Session(database) as session, session.begin():
        past = datetime.now(UTC) - timedelta(seconds=LEASE)
        session.execute(update(LeaseRow).values(until=past))
    assert do_once(app, duty, "second")
    assert not do_once(app, duty, "first")


def test_what_nobody_reads_is_checked_and_scored_too(tmp_path: Path) -> None:
    """In the background there is no request, whose reader would have a language."""
    app = make_harbour(tmp_path)
    duties = [duty for duty in DUTIES if duty.name in ("score", "check-quality", "check-data")]
    assert [do_once(app, duty, "this one") for duty in duties] == [True] * 3
    database, catalog = services_of(app).database, URIRef(f"{BASE}/catalogs/harbour")
    scores = Scores(database).in_place(catalog)
    assert {score.iri for score in scores} >= {f"{HARBOUR}beaches", f"{HARBOUR}plans"}
    assert QualityRuns(database).newest(URIRef(f"{BASE}/vocabularies/topics"), 1)
    services_of(app).close()


def test_a_draft_whose_time_has_come_is_published(app: Flask, tmp_path: Path) -> None:
    opened = services_of(app)
    proposal = made(opened, Proposer("publisher"))
    draft = opened.accepting.accept(proposal, None, "editor", ALL)
    opened.drafts.step(draft.id, DraftState.IN_REVIEW, "editor", ALL)
    opened.drafts.step(draft.id, DraftState.APPROVED, "curator", ALL)
    approved = opened.drafts.table.get(draft.id)
    past = datetime.now(UTC) - timedelta(minutes=1)
    opened.drafts.table.change(approved, scheduled=past, scheduled_by="curator")
    work(app)
    assert opened.drafts.table.get(draft.id).state == DraftState.PUBLISHED
    assert told(app, "publisher")[-1] == (About.PROPOSAL_PUBLISHED, "curator")


def test_the_background_ends_with_the_server_even_when_that_is_killed(tmp_path: Path) -> None:
    starting = (
        "import sys, time; from pathlib import Path; from vocab_server import background;"
        " from vocab_server.config import Settings\n"
        "if __name__ == '__main__':\n"
        "    with background.running(Settings(data=Path(sys.argv[1]))):\n"
        "        import multiprocessing\n"
        "        print(multiprocessing.active_children()[0].pid, flush=True)\n"
        "        time.sleep(600)\n"
    )
    script = tmp_path / "starting.py"
    script.write_text(starting)
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "data")], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        background_process = int(server.stdout.readline())
        os.kill(background_process, 0)  # it is there
        server.kill()
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and is_there(background_process):
        time.sleep(0.1)
    assert not is_there(background_process)


def is_there(process: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        os.kill(process, 0)
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
