"""Every kind of page against the rules of axe (WCAG 2.2 AA and good practice).

In both languages, in light and dark, wide and narrow: a page in two of the eight combinations,
because what breaks in one language only, or in dark only, breaks there at any width.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import HARD, HERE, RELEASED, Open, resource

QUERY = "SELECT ?concept ?label WHERE { ?concept skos:prefLabel ?label } LIMIT 5"
PREFIX = "PREFIX skos: <http://www.w3.org/2004/02/skos/core%23> "
PAGES = {
    "home": "/",
    "vocabularies": "/vocabularies",
    "vocabulary": "/vocabularies/hard",
    "vocabulary with many languages": "/vocabularies/data-theme",
    "level of the tree": "/vocabularies/hard/tree?iri=https://example.org/hard/many&whole=1",
    "letter index": "/vocabularies/hard/index/N",
    "deprecated concepts": "/vocabularies/hard/deprecated",
    "statistics": "/vocabularies/hard/statistics",
    "statistics of many languages": "/vocabularies/data-theme/statistics",
    "picture of a vocabulary": "/vocabularies/hard/picture",
    "picture of a concept": f"/vocabularies/hard/picture?iri={HARD}/dog",
    "picture in Arabic": f"/vocabularies/hard/picture?iri={HARD}/dog&lang=ar",
    "picture of a concept without labels": f"/vocabularies/hard/picture?iri={HARD}/bare",
    "changes": "/vocabularies/data-theme/changes",
    "changes without dates": "/vocabularies/hard/changes",
    "no changes": "/vocabularies/hard/changes?since=2100-01",
    "releases": f"/vocabularies/{RELEASED}/releases",
    "no releases": "/vocabularies/hard/releases",
    "release": f"/vocabularies/{RELEASED}/releases/2026-1",
    "second release": f"/vocabularies/{RELEASED}/releases/2026-2",
    "changes between releases": f"/vocabularies/{RELEASED}/diff/2026-1..2026-2",
    "changes of one kind": f"/vocabularies/{RELEASED}/diff/2026-1..2026-2?group=relabelled&lang=ar",
    "no changes between releases": f"/vocabularies/{RELEASED}/diff/2026-2..current",
    "proposals": "/vocabularies/hard/proposals",
    "vocabularies to propose for": "/proposals/new",
    "history": f"/vocabularies/{RELEASED}/history",
    "history of a concept": f"/vocabularies/hard/history?iri={HARD}/dog",
    "history of a concept without labels": f"/vocabularies/hard/history?iri={HARD}/bare&lang=ar",
    "release as it was": f"/vocabularies/{RELEASED}/releases/2026-1/vocabularies/{RELEASED}",
    "index of a release": f"/vocabularies/{RELEASED}/releases/2026-1/index/G?lang=en",
    "search in a release": f"/vocabularies/{RELEASED}/releases/2026-1/search?q=geo&lang=en",
    "groups": "/vocabularies/hard/groups",
    "concepts outside the hierarchy": "/vocabularies/hard/orphans",
    "concepts in a circle": "/vocabularies/hard/circles",
    "no groups": "/vocabularies/data-theme/groups",
    "scheme of several": f"/vocabularies/hard?scheme={HARD}/colours",
    "concept": resource("dog"),
    "concept in Arabic": resource("dog", lang="ar"),
    "concept with many narrower": resource("many"),
    "concept without labels": resource("bare"),
    "hostile concept": resource("hostile"),
    "deprecated concept": resource("hound"),
    "collection": resource("house-animals"),
    "collection in order": resource("by-size"),
    "group of groups": resource("living"),
    "thesaurus array": resource("by-nature"),
    "concept with an array": resource("animal"),
    "concept in a circle": resource("hen"),
    "scheme": "/resource?iri=https://example.org/hard",
    "own concept": "/doc/themes/bathing-water",
    "picker and its code": "/embed?vocabulary=themes",
    "datasets": "/datasets",
    "datasets of a concept": "/datasets?format=csv&concept=http://publications.europa.eu/"
    "resource/authority/data-theme/ENVI",
    "no datasets": "/datasets?q=qqqq",
    "dataset": "/datasets/23935699e487d5f7",
    "catalogs": "/catalogs",
    "catalog": "/catalogs/ekebro",
    "coverage map": "/coverage?vocabulary=themes",
    "coverage map of a vocabulary without datasets": "/coverage?vocabulary=hard",
    "register of a catalog": "/catalogs/ekebro/register",
    "scores": "/scores",
    "score of a dataset": "/datasets/23935699e487d5f7/score",
    "score of a catalog": "/catalogs/ekebro/score",
    "datasets where a metric fails": "/catalogs/ekebro/score/resolved",
    "what is measured": "/scores/metrics",
    "round of this year": "/scores/rounds",
    "data that is asked for": "/datasets/asked",
    "search": "/search",
    "search results": "/search?q=a&in=notes&under=https://example.org/hard/animal",
    "search without results": "/search?q=qqqq",
    "SPARQL": "/sparql",
    "SPARQL with results": f"/sparql?query={PREFIX}{QUERY}",
    "SPARQL without results": "/sparql?query=SELECT * { <urn:x> <urn:y> ?z }",
    "SPARQL with an error": "/sparql?query=SELECT",
    "not found": "/nothing-here",
    "bad request": "/resource?iri=",
    "quality": "/vocabularies/hard/quality",
    "quality without faults": "/vocabularies/themes/quality",
    "findings of a check": "/vocabularies/hard/quality/LAB-9",
    "findings of a check in Arabic": "/vocabularies/hard/quality/STR-1?lang=ar",
    "finding": "/vocabularies/hard/findings/1de3a157b6d8d8c131abcf5608f76048",
    "checks": "/checks",
    "check": "/checks/INT-S14",
    "check a vocabulary": "/validate",
    "check a file of data": "/validate/data",
    "faults of data": "/checks/data",
    "about": "/about",
    "privacy": "/privacy",
    "documentation": "/docs",
    "documentation for the agency": "/docs/quality-and-releases",
    "documentation with wide tables": "/docs/settings",
    "documentation with many commands": "/docs/commands",
    "documentation with code": "/docs/interfaces",
    "documentation with indented code": "/docs/installation",
    "benchmark without figures": "/docs/benchmark",
    "accessibility": "/accessibility",
}
LOOKS = {
    "en": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "sv": {"color_scheme": "dark", "viewport": {"width": 375, "height": 800}},
}
GRAVE = ["critical", "serious"]
AXE = Axe().axe_script
# Rules of less weight are not run, what they find being left out anyway: they take half the time.
RUN = """(grave) => {
    const light = axe._audit.rules.filter((rule) => rule.impact && !grave.includes(rule.impact));
    const rules = Object.fromEntries(light.map((rule) => [rule.id, { enabled: false }]));
    const options = { resultTypes: ["violations"], rules };
    return axe.run(options).then((results) => results.violations);
}"""


@pytest.mark.parametrize("language", LOOKS)
def test_no_page_breaks_a_rule_of_accessibility(open_page: Open, language: str) -> None:
    page = open_page("/about", locale=language, **LOOKS[language])
    broken = {}
    for name, path in PAGES.items():
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        ready(page)
        if found := [*violations(page), *misfits(page)]:
            broken[name] = found
    assert broken == {}


def test_what_was_found_in_a_text_is_accessible(open_page: Open) -> None:
    page = open_page("/validate", locale="sv", viewport={"width": 375, "height": 800})
    page.fill("#text", (HERE / "hard-cases.ttl").read_text())
    page.click("main button.main")
    page.wait_for_selector("#result")
    assert [*violations(page), *misfits(page)] == []


def ready(page: Page) -> None:
    """Wait until the scripts of the page have done their work."""
    page.wait_for_load_state()  # modules have run then
    if page.locator("#sparql[data-script]").count():
        page.wait_for_selector("#yasgui .CodeMirror")
    if "query=" in page.url:
        page.wait_for_selector("#yasgui .yasr_results > :visible")
        page.evaluate("Promise.all(document.getAnimations().map((shown) => shown.finished))")


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(RUN, GRAVE)
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"][:3]
    ]


def test_what_breaks_a_rule_is_found(open_page: Open) -> None:
    page = open_page("/about")
    page.evaluate("""() => {
        const shown = '<img src="data:,"><p id="pale">pale</p><h6>deep</h6>';
        document.querySelector("main").insertAdjacentHTML("beforeend", shown);
        Object.assign(document.querySelector("#pale").style, { color: "#ddd", background: "#fff" });
    }""")
    found = {told.partition(":")[0] for told in violations(page)}
    assert found == {"image-alt", "color-contrast"}


def misfits(page: Page) -> list[str]:
    """What makes the page wider than the window or longer than its content.

    Nothing but tables may be wider (WCAG 2.2, 1.4.10 Reflow), and what is hidden from sight takes
    no room.
    """
    end = "document.querySelector('footer').getBoundingClientRect().bottom + scrollY"
    height = page.evaluate(f"document.documentElement.scrollHeight - ({end})")
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    wide = ["The page is wider than the window."] if width > 0 else []
    return wide + (["There is room below the footer."] if height >= 2 else [])


def test_the_narrowest_window_still_fits(open_page: Open) -> None:
    page = open_page("/about", viewport={"width": 320, "height": 640}, locale="sv")
    for path in (resource("long"), "/vocabularies/hard", "/vocabularies", "/sparql"):
        page.goto(path)
        assert misfits(page) == []


def test_text_of_the_page_can_be_twice_as_big(open_page: Open) -> None:
    page = open_page(resource("dog"), viewport={"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert misfits(page) == []
