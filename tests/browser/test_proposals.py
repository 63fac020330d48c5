"""Proposals in a real browser: from a stranger's search to a published concept, with the mail."""

import time
from collections.abc import Callable, Iterator
from secrets import token_urlsafe

import pytest
from playwright.sync_api import Browser, Page
from rdflib import URIRef

from tests.browser.test_accessibility import LOOKS, misfits, violations
from tests.browser.test_accounts import signed_in_at
from tests.browser.test_drafts import follow, press
from tests.conftest import Server, command, start_server, stop_server
from tests.mail_server import Inbox, mail_server
from tests.people import TESTER, add_person
from vocab_server.accounts.register import change_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.config import Settings
from vocab_server.database import open_database
from vocab_server.database.proposals import Asked, Proposals, Proposer, Title

PEOPLE = {"carl": Role.CURATOR, "cora": Role.CURATOR, "root": Role.ADMINISTRATOR}
PROPOSALS = "/vocabularies/themes/proposals"
GUEST = "guest@example.org"
PATIENCE = 120  # seconds until what the background does must be there

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with mail_server() as opened:
        yield opened


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory, inbox: Inbox) -> Iterator[Server]:
    """A server that sends mail, over the shipped vocabularies, with two curators."""
    started = start_server(
        tmp_path_factory.mktemp("agency") / "data",
        VOCAB_SERVER_WORKERS="2",
        VOCAB_SERVER_SMTP=f"smtp://127.0.0.1:{inbox.port}",
        VOCAB_SERVER_MAIL_FROM="vocab@example.org",
    )
    command(started, "init")
    database = open_database(Settings(data=started.data).database_url)
    for name, role in PEOPLE.items():
        add_person(database, name, Grant(role))
        change_account(database, TESTER, name, email=f"{name}@example.org")
    database.dispose()
    yield started
    stop_server(started)


@pytest.fixture
def enter(browser: Browser, agency: Server, faults: list[str]) -> Iterator[Open]:
    """Opens a browser in which somebody is signed in, for "" nobody."""
    with signed_in_at(browser, agency, faults) as entered:
        yield entered


def let_everybody_propose(page: Page) -> None:
    page.goto(PROPOSALS)
    page.locator("#audience").select_option("everybody")
    press(page, "Save")


def write_slowly(page: Page, label: str) -> None:
    """Fill in the form as a person does, who is not faster than a robot."""
    if page.locator("#label").input_value() != label:
        page.locator("#label").fill(label)
    page.locator("#label_language").fill("en")
    page.locator("#definition").fill("Ice on lakes, and how thick it is.")
    page.locator("#broader").fill("bathing water")
    page.locator("#dataset_title").fill("Ice in winter")
    page.locator("#dataset_url").fill("https://example.org/ice")
    page.locator("#email").fill(GUEST)
    page.wait_for_timeout(4_500)
    press(page, "Send the proposal")


def arrived(inbox: Inbox, recipient: str, subject: str) -> str:
    """The text of a letter, when it comes."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for letter in inbox.to(recipient):
            if letter["Subject"] == subject:
                return str(letter.get_content())
        time.sleep(0.1)
    raise AssertionError([str(letter["Subject"]) for letter in inbox.to(recipient)])


def test_what_a_stranger_searches_for_in_vain_becomes_a_concept(
    enter: Open, agency: Server, inbox: Inbox
) -> None:
    let_everybody_propose(enter("root"))
    guest, carl, cora = enter(""), enter("carl"), enter("cora")
    guest.goto("/search?q=lake+ice&vocabulary=themes")
    follow(guest, "Propose it as a new concept")
    write_slowly(guest, "lake ice")
    address = guest.url
    assert "/proposals/follow/" in address
    assert "Waiting for an answer" in guest.locator("h1").inner_text()

    text = arrived(inbox, "carl@example.org", "Somebody without an account proposes “lake ice”")
    carl.goto(next(line for line in text.splitlines() if line.startswith(agency.url)))
    number = carl.url.rpartition("/")[2]
    assert "lake ice" in carl.locator(".lead").inner_text()
    assert GUEST not in carl.content()
    press(carl, "Accept into a draft")
    assert "lake ice" in carl.locator("#change-1").inner_text()
    draft = carl.url
    press(carl, "Submit for review")

    asked = f"carl asks for a review of the draft “Proposal {number}: lake ice”"
    arrived(inbox, "cora@example.org", asked)
    cora.goto("/account/notifications")
    follow(cora, "asks for a review")
    assert cora.url == draft
    press(cora, "Approve")
    press(cora, "Publish")

    guest.goto(address)
    assert "Published" in guest.locator("h1").inner_text()
    arrived(inbox, GUEST, "What was proposed as “lake ice” is published")
    follow(guest, "lake ice")
    assert guest.locator("h1").inner_text().startswith("lake ice")
    assert "Bathing water" in guest.locator(".content .paths").inner_text()
    guest.goto(f"{PROPOSALS}?state=accepted")
    assert "lake ice" in guest.locator("table").inner_text()
    query = f'SELECT * {{ ?s ?p ?o FILTER (CONTAINS(STR(?o), "{GUEST}")) }}'
    found = guest.request.get("/sparql", params={"query": query}).text()
    assert "<results></results>" in found or '"bindings":[]' in found.replace(" ", "")


@pytest.mark.parametrize("language", LOOKS)
def test_no_page_of_proposals_breaks_a_rule_of_accessibility(
    enter: Open, agency: Server, language: str
) -> None:
    let_everybody_propose(enter("root"))
    page = enter("carl", locale=language, **LOOKS[language])
    guest = enter("", locale=language, **LOOKS[language])
    broken = {}

    def look(page: Page, name: str, path: str = "") -> None:
        if path:
            page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        if found := [*violations(page), *misfits(page)]:
            broken[name] = found

    for kind in ("missing", "label", "place", "other"):
        look(guest, f"form for {kind}", f"{PROPOSALS}/new?kind={kind}&label=X")
    guest.locator("main form button.main").press("Enter")
    guest.locator("#error-summary").wait_for()
    look(guest, "refused form")
    look(page, "no proposals", f"{PROPOSALS}?state=answered")
    page.goto(f"{PROPOSALS}/new?kind=other")
    page.locator("#reason").fill("كلمة 물 ord " * 20)
    page.locator("#dataset_url").fill(f"https://example.org/{'x' * 200}")
    with page.expect_navigation():
        page.locator("main form button.main").press("Enter")
    look(page, "proposal")
    page.locator("button[name=state][value=declined]").press("Enter")
    page.locator("#error-summary").wait_for()
    look(page, "decision without a word")
    look(page, "proposals", f"{PROPOSALS}?order=votes")
    look(page, "notices", "/account/notifications")
    look(guest, "proposal of a guest", f"/proposals/follow/{guest_proposal(agency)}")
    assert broken == {}


def guest_proposal(agency: Server) -> str:
    """The secret of a proposal of somebody without an account, with an answer."""
    database = open_database(Settings(data=agency.data).database_url)
    graph = URIRef(f"{agency.url}/vocabularies/themes")
    table, asked = Proposals(database), Asked(graph=graph, kind="other", reason="Where?")
    secret = token_urlsafe()
    made = table.add(asked, Proposer(), Title("Where?", ""), secret, "open", "proposed")
    table.step(made, "answered", "carl", "Here")
    database.dispose()
    return secret


def test_a_form_needs_no_script_and_keeps_what_was_typed(enter: Open) -> None:
    let_everybody_propose(enter("root"))
    guest = enter("", java_script_enabled=False)
    guest.goto(f"{PROPOSALS}/new?kind=place")
    guest.locator("#concept").fill("water")
    guest.locator("#broader").fill("qqqq")
    guest.locator("#reason").fill("I said so")
    press(guest, "Send the proposal")
    assert guest.locator("#reason").input_value() == "I said so"
    assert guest.locator("#broader").get_attribute("aria-invalid") == "true"
    assert guest.locator("#error-summary li").count() >= 2
