"""Accounts in a real browser: axe, keyboard alone, two people, both languages, no scripts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import visits
from tests.browser.test_accessibility import LOOKS, misfits, violations
from tests.browser.test_keyboard import FOCUSED, focused, walk
from tests.conftest import Server, command, start_server, stop_server
from tests.people import PASSWORD

PAGES = {
    "own account": "/account",
    "password": "/account/password",
    "tokens": "/account/tokens",
    "accounts": "/administration/accounts",
    "no account found": "/administration/accounts?q=nobody-at-all",
    "new account": "/administration/accounts/new",
    "account": "/administration/accounts/root",
    "role": "/administration/accounts/root/role",
    "taking a role": "/administration/accounts/root/role/take?role=administrator",
    "new password": "/administration/accounts/root/password",
    "audit trail": "/administration/audit",
    "empty audit trail": "/administration/audit?name=nobody-at-all",
}

PATIENCE = 20_000  # milliseconds

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an administrator, over the shipped vocabularies."""
    started = start_server(tmp_path_factory.mktemp("desk") / "data", VOCAB_SERVER_WORKERS="1")
    for arguments, given in (
        (["init"], ""),
        (["user", "add", "root", "--role", "administrator", "--password-stdin"], PASSWORD),
    ):
        command(started, *arguments, given=given)
    yield started
    stop_server(started)


@pytest.fixture
def somebody(browser: Browser, desk: Server, faults: list[str]) -> Iterator[Open]:
    """Opens the sign-in page in a browser of its own."""
    with visits(browser, desk, faults, PATIENCE) as opened:
        yield lambda **options: opened("/sign-in", **options)


@contextmanager
def signed_in_at(browser: Browser, server: Server, faults: list[str]) -> Iterator[Open]:
    """Signs somebody in, each in a browser of their own, given a name; for "" nobody."""
    with visits(browser, server, faults, PATIENCE) as opened:

        def entered(name: str, **options: Any) -> Page:
            page = opened("/sign-in", **options)
            if name:
                come_in(page, name)
            return page

        yield entered


def come_in(page: Page, name: str = "root", password: str = PASSWORD) -> None:
    """Sign in by keyboard alone."""
    page.locator("#name").focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("language", LOOKS)
def test_no_page_of_accounts_breaks_a_rule_of_accessibility(somebody: Open, language: str) -> None:
    page = somebody(locale=language, **LOOKS[language])
    broken = {}
    if found := [*violations(page), *misfits(page)]:
        broken["sign in"] = found
    come_in(page, "root", "wrong")
    assert page.locator("#error-summary").is_visible()
    if found := [*violations(page), *misfits(page)]:
        broken["sign in, refused"] = found
    come_in(page, "", PASSWORD)
    for name, path in PAGES.items():
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        assert page.url.endswith(path)
        if found := [*violations(page), *misfits(page)]:
            broken[name] = found
    page.goto("/account/tokens")
    page.locator("#label").fill("x")
    with page.expect_navigation():
        page.locator("#label").press("Enter")
    assert page.locator(".secret").is_visible()
    if found := [*violations(page), *misfits(page)]:
        broken["token made"] = found
    assert broken == {}


def test_the_narrowest_window_still_fits(somebody: Open) -> None:
    page = somebody(locale="sv", viewport={"width": 320, "height": 640})
    come_in(page)
    for path in PAGES.values():
        page.goto(path)
        assert misfits(page) == [], path


def test_the_keyboard_reaches_everything_and_is_seen(somebody: Open) -> None:
    page = somebody()
    come_in(page)
    for path, wanted in (
        ("/account", {"root", "Sign out", "Change the password", "Personal tokens"}),
        ("/administration/accounts", {"Add an account", "Find", "Audit trail", "Administration"}),
        ("/administration/accounts/root", {"Save", "Give a role", "Make a new password"}),
    ):
        page.goto(path)
        reached = set()
        for name in walk(page):
            reached.add(name)
            assert page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle") != "none", name
        assert wanted <= reached


def test_what_is_wrong_is_read_first_and_leads_to_its_field(somebody: Open) -> None:
    page = somebody()
    with page.expect_navigation():
        page.locator("#name").press("Enter")
    assert page.title().startswith("Error: ")
    page.locator("#error-summary a").first.press("Enter")
    assert focused(page, "id") == "name"
    assert page.locator("#name").get_attribute("aria-describedby") == "name-error"


def test_two_people_an_account_from_its_making_to_its_end(somebody: Open) -> None:
    root, anna = somebody(), somebody(java_script_enabled=False, locale="sv")
    come_in(root)
    root.goto("/administration/accounts/new")
    root.get_by_label("Name", exact=True).fill("anna")
    root.get_by_label("Role").select_option("editor")
    root.get_by_label("Vocabulary or catalog").fill("themes")
    with root.expect_navigation():
        root.get_by_role("button", name="Add the account").press("Enter")
    come_in(anna, "anna", root.locator(".secret").inner_text())
    anna.goto("/account/password")
    for name, text in (
        ("current", root.locator(".secret").inner_text()),
        ("password", "flera helt andra ord"),
        ("repeated", "flera helt andra ord"),
    ):
        anna.locator(f"#{name}").fill(text)
    with anna.expect_navigation():
        anna.locator("main button").press("Enter")
    assert "Lösenordet är bytt" in anna.locator("[role=status]").inner_text()
    assert "Skribent: themes" in anna.locator("main").inner_text()
    root.goto("/administration/accounts/anna")
    root.get_by_label("May sign in").uncheck()
    with root.expect_navigation():
        root.get_by_role("button", name="Save").press("Enter")
    anna.goto("/account")
    assert "/sign-in" in anna.url
    root.goto("/administration/audit?name=anna")
    assert "account deactivated" in root.locator("table").inner_text()


def test_signing_out_by_keyboard_ends_it(somebody: Open) -> None:
    page = somebody()
    come_in(page)
    page.get_by_role("button", name="Sign out").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "You are signed out." in page.locator("main").inner_text()
    assert page.context.cookies() == [], "a reader again"
    page.goto("/account")
    assert "/sign-in" in page.url
