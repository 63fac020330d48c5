"""A new organisation in a real browser, from nothing to a dataset that is open and tagged."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import LOOKS, misfits, violations
from tests.browser.test_accounts import signed_in_at
from tests.browser.test_drafts import press
from tests.conftest import Server, command, start_server, stop_server
from tests.people import add_person
from vocab_server.accounts.roles import Grant, Role
from vocab_server.config import Settings
from vocab_server.database import open_database

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the shipped vocabularies, with an administrator and a publisher to be."""
    started = start_server(tmp_path_factory.mktemp("agency") / "data", VOCAB_SERVER_WORKERS="1")
    command(started, "init")
    database = open_database(Settings(data=started.data).database_url)
    add_person(database, "root", Grant(Role.ADMINISTRATOR))
    add_person(database, "clerk", Grant(Role.PUBLISHER, "soderby"))
    database.dispose()
    yield started
    stop_server(started)


@pytest.fixture
def enter(browser: Browser, agency: Server, faults: list[str]) -> Iterator[Open]:
    """Opens a browser in which somebody is signed in."""
    with signed_in_at(browser, agency, faults) as entered:
        yield entered


def test_a_new_organisation_opens_its_first_dataset(enter: Open) -> None:
    page = enter("clerk")
    page.goto("/")
    page.get_by_role("link", name="Make the catalog soderby").click()
    page.get_by_label("Organisation", exact=True).fill("Söderby kommun")
    page.get_by_label("Title of the catalog").fill("Data of Söderby")
    page.get_by_label("Description").fill("What the municipality knows.")
    press(page, "Make the catalog")
    expect(page.locator("li[aria-current=step]")).to_contain_text("List three things")
    page.get_by_role("link", name="List what you have").first.click()
    page.get_by_label("Names, one a line").fill("Bathing water quality\nSnow routes\nSchools")
    press(page, "Add to the register")
    expect(page.locator("li[aria-current=step]")).to_contain_text("Describe one of them")
    page.get_by_role("link", name="Bathing water quality").click()
    page.get_by_role("link", name="Add a file or an interface").click()
    page.get_by_label("Address", exact=True).fill("https://soderby.example/bathing.csv")
    page.get_by_label("Format").select_option(label="CSV, a table as text")
    press(page, "Save")
    page.locator("[name='description.en']").fill("Measurements of bathing water at beaches.")
    page.locator("[name='description.en']").blur()
    page.locator("concept-picker .offered button").first.click()
    page.locator("concept-picker .offered [aria-label]").first.click()
    expect(page.locator("concept-picker [part=message]")).to_contain_text("not suggested again")
    page.get_by_label("Open to use").check()
    press(page, "Save")
    expect(page.locator("main .badge").first).to_have_text("Open to use")
    expect(page.locator("concept-picker [part=concept]")).to_have_count(1)
    page.get_by_role("link", name="Your next steps").click()
    expect(page.locator("li[aria-current=step]")).to_contain_text("Go on with")
    expect(page.get_by_role("heading", name="Others have this")).to_be_visible()

    for language, look in LOOKS.items():
        looked = enter("root", locale=language, **look)
        broken = {}
        for path in pages_of(page):
            looked.goto(path)
            if found := [*violations(looked), *misfits(looked)]:
                broken[path] = found
        assert broken == {}


def pages_of(page: Page) -> list[str]:
    """The pages that a publisher uses, with something in each."""
    asset = page.get_by_role("link", name="Bathing water quality").get_attribute("href")
    theme = f"{page.url.partition('/catalogs')[0]}/id/themes/bathing-water"
    return [
        "/catalogs/new",
        "/catalogs/support",
        "/catalogs/soderby",
        "/catalogs/soderby/start",
        "/catalogs/soderby/choices",
        "/catalogs/soderby/register",
        "/catalogs/soderby/assets/new",
        str(asset),
        f"{asset}/files/new",
        f"/datasets/ask?concept={theme}",
        "/datasets/asked",
    ]


def test_without_scripts_a_category_is_given_by_its_address(enter: Open, agency: Server) -> None:
    page = enter("clerk", java_script_enabled=False)
    page.goto("/catalogs/soderby/start")
    page.get_by_role("link", name="Schools").click()
    field = page.get_by_label("Addresses of concepts, with spaces between")
    field.fill(f"{agency.url}/id/themes/bathing-water")
    press(page, "Save")
    page.get_by_role("link", name="See it as others do").click()
    expect(page.locator("main")).to_contain_text("Bathing water")
