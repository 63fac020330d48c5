"""Every text says its language, and nothing but the texts depends on it (WCAG 2.2, 3.1.2)."""

from functools import cache
from itertools import product

from playwright.sync_api import Page
from rdflib import Graph, Literal

from tests.browser.conftest import HERE, Open, resource

LANGUAGES = ("en", "sv", "ar", "ko", "zh-Hans", "de", "xx")  # nothing has a name in the last
PAGES = (
    "/vocabularies?",
    "/vocabularies/hard?",
    "/vocabularies/hard/index?",
    "/vocabularies/hard/deprecated?",
    resource("dog"),
    resource("hostile"),
    resource("hound"),
    resource("horse"),
    resource("by-size"),
    resource("living"),
    resource("hen"),
    "/vocabularies/hard/groups?",
    "/vocabularies/hard/orphans?",
    "/vocabularies/hard/circles?",
    "/resource?iri=https://example.org/hard",
    "/sparql?query=SELECT ?label { ?c <http://www.w3.org/2004/02/skos/core%23prefLabel>"
    ' ?label FILTER (LANG(?label) != "en" || STRLEN(?label) < 4) } LIMIT 900',
)
# The language of every text that the page shows: that of the nearest element which has one.
TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement;
        if (text && !element.closest("option, textarea, pre"))
            found.push([text, element.closest("[lang]").lang, getComputedStyle(element).direction]);
    }
    return found;
}"""
SHAPE = """rows => rows.map((row) => [row.dataset.iri, row.dataset.level, row.dataset.setsize,
    row.parentElement.closest("li")?.dataset.iri ?? ""].join(" "))"""


@cache
def literals() -> dict[str, set[str]]:
    """The texts of the hard cases, each with the tags that it has."""
    found: dict[str, set[str]] = {}
    for value in Graph().parse(HERE / "hard-cases.ttl").objects():
        if isinstance(value, Literal) and value.language:
            found.setdefault(str(value), set()).add(value.language.lower())
    return found


def test_a_text_stands_in_an_element_of_its_language(open_page: Open) -> None:
    page = open_page("/about", java_script_enabled=False, locale="sv")
    for path, language in product(PAGES, ("en", "ar", "xx")):
        page.goto(f"{path}&lang={language}")
        shown = [(text, tag) for text, tag, _ in page.evaluate(TEXTS) if text in literals()]
        wrong = [(text, tag) for text, tag in shown if tag.lower() not in literals()[text]]
        assert shown, page.url
        assert wrong == [], page.url


def test_a_text_is_written_in_its_own_direction(open_page: Open) -> None:
    page = open_page(resource("dog", lang="ar"), java_script_enabled=False)
    directions = {text: direction for text, _tag, direction in page.evaluate(TEXTS)}
    assert directions["كلب"] == "rtl"
    assert directions["An animal that guards the house."] == "ltr"
    assert directions["Broader concepts"] == "ltr"


def shape(page: Page) -> set[str]:
    """The concepts of the tree with their levels and what they stand under."""
    return set(page.locator("concept-tree li[data-iri]").evaluate_all(SHAPE))


def test_the_tree_has_the_same_shape_in_every_language(open_page: Open) -> None:
    page = open_page("/about", java_script_enabled=False)
    for path in ("/vocabularies/hard?", resource("dog"), resource("horse"), resource("long")):
        shapes = []
        for language in LANGUAGES:
            page.goto(f"{path}&lang={language}")
            shapes.append(shape(page))
        assert shapes[0]
        assert all(found == shapes[0] for found in shapes)


def test_a_name_in_another_language_than_wanted_says_so(open_page: Open) -> None:
    page = open_page(resource("dog", lang="ko"), java_script_enabled=False)
    assert page.locator("h1").inner_text() == "A.1, D-1 개"
    related = page.locator(".property", has_text="Related concept")
    assert related.locator("li").inner_text() == "cat (en)"


def test_a_language_tag_with_a_script_is_one_language(open_page: Open) -> None:
    page = open_page(resource("animal", lang="zh-Hans"), java_script_enabled=False)
    assert page.locator("h1").inner_text() == "A 动物"
    assert page.get_by_label("Show names in").input_value() == "zh-Hans"
