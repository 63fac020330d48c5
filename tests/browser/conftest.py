"""What the tests in a browser share: one Chromium, and a server over vocabularies hard to show."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

from tests.conftest import ROOT, Server, command, start_server, stop_server

HERE = Path(__file__).parent
HARD = "https://example.org/hard"
RELEASED = "high-value-dataset-category"  # has two releases
MANY = 620  # concepts under :many, more than a level of the tree shows at once
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What Chromium itself says of a page whose status is not 200.
STATUS_OF_PAGE = "Failed to load resource: the server responded with a status of"

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system; without one the tests are skipped, but not where CI=true."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        message = f"No browser: none of {', '.join(CHROMIUM)} is installed."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server over the shipped vocabularies and the hard cases; only for reading."""
    folder = tmp_path_factory.mktemp("site")
    started = start_server(folder / "data", VOCAB_SERVER_SPARQL_TIMEOUT="2")
    hard = folder / "hard.ttl"
    hard.write_text((HERE / "hard-cases.ttl").read_text() + "".join(map(_one_of_many, range(MANY))))
    edited, notes = folder / "edited.ttl", folder / "notes.txt"
    edited.write_text(shipped_but_edited())
    notes.write_text("The first edition.\nالطبعة الأولى")
    for arguments in (
        ["init"],
        ["import", "hard", hard],
        ["release", RELEASED, "2026-1", "--notes", notes],
        ["import", RELEASED, edited],
        ["release", RELEASED, "2026-2"],
        ["prepare", RELEASED, "2026-1"],
    ):
        command(started, *arguments)
    yield started
    stop_server(started)


def shipped_but_edited() -> str:
    """A shipped vocabulary as its next edition: a concept renamed, others unnamed in a language."""
    shipped = (ROOT / "vocabularies" / f"{RELEASED}.ttl").read_text()
    return shipped.replace('"Geospatial"@en', '"Where things are"@en').replace("@fi", "@ar")


def _one_of_many(number: int) -> str:
    name = f"number {number:03}"
    return f':many-{number} a skos:Concept ; skos:broader :many ; skos:prefLabel "{name}"@en .\n'


@pytest.fixture
def faults() -> list[str]:
    """What pages did in this test that they may not do; a test that made them do it clears it."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: Server, faults: list[str]) -> Iterator[Open]:
    """Opens a page of the site in a browser of its own, given a path.

    Whatever else is given is how that browser is: ``locale``, ``color_scheme``, ``viewport``,
    ``java_script_enabled``. At the end of the test nothing may have been asked of another host,
    and no script may have failed or been refused.
    """
    with visits(browser, site, faults) as opened:
        yield opened


@contextmanager
def visits(
    browser: Browser, server: Server, faults: list[str], patience: int = 10_000
) -> Iterator[Open]:
    """Opens pages of a server as ``open_page`` does; ``patience`` in milliseconds."""
    contexts = []

    def opened(path: str, **options: Any) -> Page:
        context = browser.new_context(**({"locale": "en"} | options), base_url=server.url)
        contexts.append(context)
        context.set_default_timeout(patience)
        page = context.new_page()
        watch(page, server.url, faults)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def watch(page: Page, origin: str, faults: list[str]) -> None:
    """Write down what a page may not do."""

    def on_request(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:")):
            faults.append(f"{page.url} asked for {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        said = message.text.startswith(STATUS_OF_PAGE)
        of_page = said and message.location["url"].partition("?")[0] == page.url.partition("?")[0]
        if message.type in {"error", "warning"} and not of_page:
            faults.append(f"{page.url} said {message.text}")

    def on_dialog(dialog: Dialog) -> None:
        faults.append(f"{page.url} ran a script of its data: {dialog.message}")
        dialog.dismiss()

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"{page.url} failed: {error}"))
    page.on("dialog", on_dialog)


def resource(name: str, **parameters: str) -> str:
    """The address of the page of a hard case."""
    more = "".join(f"&{key}={value}" for key, value in parameters.items())
    return f"/resource?iri={HARD}/{name}{more}"
