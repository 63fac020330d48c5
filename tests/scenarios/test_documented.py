"""What the documentation says to type works: every command and request, on a real server.

The pages are read from the first to the last, as a newcomer reads them, in one folder.
"""

import json
from collections.abc import Iterator

import pytest

from tests.conftest import BASE, ROOT, environment, start_server, stop_server
from tests.documented import Shell, blocks, demand_curl, shell
from vocab_server.web import manual

PAGES = [page for page in manual.PAGES if blocks(manual.source_of(page, "en"))]


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shell, str]]:
    """A shell of somebody whose server has the vocabularies that come with it."""
    demand_curl()
    folder = tmp_path_factory.mktemp("documented")
    server = start_server(folder / "data", VOCAB_SERVER_WORKERS="1")
    try:
        with shell(folder / "typed", environment(folder / "data", server.url)) as opened:
            opened.run("vocab-server init")
            yield opened, server.url
    finally:
        stop_server(server)


def test_what_the_documentation_says_to_type_works(typed: tuple[Shell, str]) -> None:
    failures = {page.slug: list(_failures(page, *typed)) for page in PAGES}
    told = [f"docs/{slug}.md, {each}" for slug, found in failures.items() for each in found]
    assert not told, "\n\n".join(told)


def _failures(page: manual.Page, opened: Shell, url: str) -> Iterator[str]:
    """What of a page failed, or said something else than the page has."""
    for block in blocks(manual.source_of(page, "en")):
        try:
            said = opened.run(block.text.replace(BASE, url))
        except AssertionError as error:
            yield f"line {block.line} failed: {error}"
        else:
            missing = [line for line in block.said if line.replace(BASE, url) not in said]
            yield from (f"line {block.line} did not say {line}, but {said}" for line in missing)


def test_both_languages_say_to_type_the_same() -> None:
    for page in PAGES:
        pages = [blocks(manual.source_of(page, tag)) for tag in page.languages]
        assert all([b.text for b in one] == [b.text for b in pages[0]] for one in pages), page.slug


def test_the_notebook_works(typed: tuple[Shell, str]) -> None:
    notebook = json.loads((ROOT / "docs" / "vocab-server.ipynb").read_text())
    names: dict[str, object] = {}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
    for cell in cells:
        exec("".join(cell["source"]).replace(BASE, typed[1]), names)  # noqa: S102  (ours)
    assert len(names["top"]) == 13
    assert names["below"]["concepts"].sum() > 100
    assert names["tagged"]["prefLabel"].iloc[0] == "Badvatten"
