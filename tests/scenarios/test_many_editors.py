"""Many editors at once, each in a draft of one vocabulary, over a real server: nothing is lost."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.conftest import Server, command, start_server, stop_server
from tests.people import TESTER, add_person
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.database import open_database

EDITORS = int(os.environ.get("VOCAB_SERVER_TEST_EDITORS", "6"))  # the whole story has 20
ACTS = int(os.environ.get("VOCAB_SERVER_TEST_ACTS", "5"))  # of each; the whole story has 25
VOCABULARY = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/v> a skos:ConceptScheme .
<https://example.org/v/top> a skos:Concept ; skos:prefLabel "Top"@en ;
    skos:inScheme <https://example.org/v> ; skos:topConceptOf <https://example.org/v> ."""
TOP = "https://example.org/v/top"
CALM = {201, 409}  # done, or a conflict that is told as one


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("editors")
    (folder / "v.ttl").write_text(VOCABULARY)
    started = start_server(folder / "data", VOCAB_SERVER_WORKERS="2")
    command(started, "import", "v", folder / "v.ttl")
    yield started
    stop_server(started)


def token_of_an_editor(server: Server) -> str:
    database = open_database(f"sqlite:///{server.data / 'vocab-server.sqlite'}")
    edith = add_person(database, "edith", Grant(Role.EDITOR))
    text, _ = create_token(database, TESTER, edith, scopes=("write",))
    database.dispose()
    return text


def test_no_act_of_many_editors_is_lost(server: Server) -> None:
    token = token_of_an_editor(server)
    with ThreadPoolExecutor(EDITORS) as pool:
        stories = list(pool.map(lambda number: edit(server.url, token, number), range(EDITORS)))
    assert Counter(status for _, found in stories for status in found).keys() <= CALM
    for number, (draft, statuses) in enumerate(stories):
        changes = call(server.url, token, "get", f"/drafts/{draft}/changes?limit=50").json()
        assert changes["total"] == statuses.count(201)
        names = {
            str(value)
            for change in changes["items"]
            for told in change["told"]
            for value in (*told["after"], *told.get("texts", ()))
        }
        wanted = {f"E{number} act {act}." for act, status in enumerate(statuses) if status == 201}
        assert all(any(name in value for value in names) for name in wanted)
    everything = [status for _, found in stories for status in found]
    assert everything.count(201) == EDITORS * ACTS  # each has a draft of their own: no conflict


def edit(url: str, token: str, number: int) -> tuple[int, list[int]]:
    """The draft that an editor starts, and what became of each of their acts."""
    started = call(url, token, "post", "/vocabularies/v/drafts", {"title": f"Draft {number}"})
    assert started.status_code == 201, started.text
    draft = started.json()["id"]
    return draft, [one_act(url, token, draft, f"E{number} act {act}.") for act in range(ACTS)]


def one_act(url: str, token: str, draft: int, name: str) -> int:
    """The same address is wanted by every editor, as each gives words that no other does."""
    label = {"kind": "http://www.w3.org/2004/02/skos/core#altLabel"}
    operations = [
        {"do": "create", "prefLabel": {"en": "Same name"}, "broader": [TOP]},
        {"do": "addLabel", "concept": TOP, **label, "label": {"text": name, "lang": "en"}},
    ]
    return call(url, token, "post", f"/drafts/{draft}/changes", operations).status_code


def call(url: str, token: str, method: str, path: str, content: object = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(
        method, f"{url}/api/v1{path}", json=content, headers=headers, timeout=120
    )
