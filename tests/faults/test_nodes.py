"""Three servers on one PostgreSQL: each answers for all, also when one or the database is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import pytest
import requests

from tests.cataloguing import HARBOUR, TOPIC, make_harbour
from tests.conftest import BASE, environment, free_port
from tests.editing.processes import dumped, replayed
from tests.people import PASSWORD, PROOF, TESTER, add_person, services_of
from tests.postgresql import Cluster, Wire
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.catalog.resources import dataset_id
from vocab_server.database import open_database
from vocab_server.database.log import ChangeLog
from vocab_server.operation.positions import COOKIE, HEADER
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.snapshots import Snapshots, number_of

pytestmark = pytest.mark.faults
PATIENCE = 90  # seconds; a loaded machine is slow
KEY = "a key of the tests that is long enough"
DATASETS = ("beaches", "berths", "plans")
BATHING = f"{TOPIC}bathing"
NO_DATABASE = "The database cannot be used"


class Node:
    """A server with a data directory of its own, and the way that it has to the database."""

    def __init__(self, data: Path, cluster: Cluster, name: str) -> None:
        self.data = data
        self.wire = Wire(cluster.port)
        self._database = cluster.url(name, self.wire.port)
        self.url = ""

    def start(self) -> None:
        """Start the server; it need not answer yet."""
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vocab_server", "serve", "--port", str(port)],
            env=environment(
                self.data,
                BASE,
                VOCAB_SERVER_DATABASE=self._database,
                VOCAB_SERVER_SECRET_KEY=KEY,
                VOCAB_SERVER_WORKERS="1",
                VOCAB_SERVER_SPARQL_PROCESSES="1",
            ),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """End all of its processes as ``kill -9`` does."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        """End it as an operator does; it need not have ended yet."""
        self._process.terminate()

    def close(self) -> None:
        """Wait until it has ended."""
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        self.wire.close()

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers=headers, timeout=30)

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz").ok
        except requests.RequestException:
            return False

    def position(self) -> int:
        """The last change that readers of this node see."""
        current = Snapshots(self.data / "snapshots").current()
        return number_of(current) if current else 0

    def tags(self, dataset: str, **headers: str) -> set[str]:
        """The concepts that a dataset is tagged with, as this node has it."""
        answer = self.get(f"/api/v1/datasets/{identifier(dataset)}", **headers)
        assert answer.ok, answer.text
        return {tag["iri"] for tag in answer.json()["tags"]}


class Nodes:
    """All three, and the token of somebody who may tag."""

    def __init__(self, cluster: Cluster, name: str, token: str, folder: Path) -> None:
        self.cluster = cluster
        self.name = name
        self.headers = {"Authorization": f"Bearer {token}"}
        self.all = [Node(folder / place, cluster, name) for place in ("data", "second", "third")]

    def tag(self, node: Node, dataset: str, wanted: bool) -> requests.Response:
        """Tag a dataset with bathing at a node, or take the tag away."""
        address = f"{node.url}/api/v1/datasets/{identifier(dataset)}/tags?concept={quote(BATHING)}"
        act = requests.put if wanted else requests.delete
        return act(address, headers=self.headers, timeout=30)

    def wait(self, *some: Node) -> None:
        """Until nodes are ready and have come as far as the log."""
        until(lambda: all(node.is_ready() for node in some))
        until(lambda: {node.position() for node in some} == {self.log_end()})

    def log_end(self) -> int:
        with self.cluster.connected(self.name) as connection:
            row = connection.execute("SELECT max(number) FROM change").fetchone()
        return int(row[0]) if row else 0


def identifier(dataset: str) -> str:
    return dataset_id(BASE, HARBOUR + dataset)


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.05)


@pytest.fixture(scope="module")
def nodes(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """One node that has the harbour, and two that build themselves from the log."""
    folder = tmp_path_factory.mktemp("nodes")
    url = cluster.with_tables()
    app = make_harbour(folder, database=url)
    database = services_of(app).database
    add_person(database, "eva", Grant(Role.ADMINISTRATOR))
    owner = find_account(database, "harbourer")
    token, _ = create_token(database, TESTER, owner, scopes=("write",))
    services_of(app).close()
    made = Nodes(cluster, url.rpartition("/")[2], token, folder)
    for node in made.all:
        node.start()
    try:
        made.wait(*made.all)
        yield made
    finally:
        for node in made.all:
            node.end()
        for node in made.all:
            node.close()


def test_what_is_written_at_a_node_is_read_at_once_at_every_other(nodes: Nodes) -> None:
    for place, node in enumerate(nodes.all):
        others = [other for other in nodes.all if other is not node]
        for wanted in (True, False):
            answer = nodes.tag(node, DATASETS[place], wanted)
            assert answer.ok, answer.text
            position = answer.headers[HEADER]
            assert int(position) >= nodes.log_end()
            for told in ({HEADER: position}, {"Cookie": f"{COOKIE}={position}"}):
                for other in others:
                    assert (BATHING in other.tags(DATASETS[place], **told)) == wanted


def test_other_nodes_hear_of_a_write_without_being_asked(nodes: Nodes) -> None:
    first, *others = nodes.all
    number = int(nodes.tag(first, "berths", True).headers[HEADER])
    until(lambda: all(node.position() >= number for node in others))
    assert all(BATHING in node.tags("berths") for node in others)
    assert nodes.tag(first, "berths", False).ok


def test_a_position_that_cannot_be_is_not_waited_for(nodes: Nodes) -> None:
    for told in ("999999999999", "-1", "x", "9" * 400, "²"):
        answer = nodes.all[0].get("/api/v1/vocabularies", **{HEADER: told.encode()})  # type: ignore[arg-type]
        assert answer.ok
        assert answer.elapsed.total_seconds() < PATIENCE / 3


def test_who_signs_in_at_one_node_is_signed_in_at_all(nodes: Nodes) -> None:
    browser = requests.Session()  # its cookies are for the host, whatever the port
    browser.headers["Accept"] = "text/html"
    first, second, third = (node.url for node in nodes.all)
    form = {"name": "eva", "password": PASSWORD}
    found = PROOF.search(browser.get(f"{first}/sign-in", timeout=30).text)
    assert found
    sent = browser.post(f"{second}/sign-in", {"csrf_token": found[1], **form}, timeout=30)
    assert sent.ok, sent.text
    assert int(browser.cookies[COOKIE]) == nodes.log_end()
    for url in (first, second, third):
        assert "eva" in browser.get(f"{url}/account", timeout=30).text
    assert browser.get(f"{third}/administration/accounts", timeout=30).ok


def test_a_draft_is_curated_at_all_nodes(nodes: Nodes, eva: dict[str, str]) -> None:
    first, second, third = (f"{node.url}/api/v1" for node in nodes.all)
    made = requests.post(
        f"{first}/vocabularies/topics/drafts", json={"title": "Ice"}, headers=eva, timeout=30
    )
    assert made.status_code == 201, made.text
    draft = f"drafts/{made.json()['id']}"
    for node, name in ((second, "Ice"), (third, "Snow"), (first, "Fog")):
        created = requests.post(
            f"{node}/{draft}/changes",
            json={"do": "create", "prefLabel": {"en": name}},
            headers=eva,
            timeout=30,
        )
        assert created.ok, created.text
    listed = requests.get(f"{second}/{draft}/changes", headers=eva, timeout=30).json()
    assert listed["total"] == 3


@pytest.fixture
def eva(nodes: Nodes) -> dict[str, str]:
    """The token of an administrator."""
    database = open_database(nodes.cluster.url(nodes.name))
    token, _ = create_token(database, TESTER, find_account(database, "eva"), scopes=("write",))
    database.dispose()
    return {"Authorization": f"Bearer {token}"}


class Load:
    """Somebody at each node who tags and untags a dataset; what was acknowledged is kept."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._stop = Event()
        self.acknowledged: dict[str, list[bool]] = {dataset: [] for dataset in DATASETS}
        self.refusals: list[str] = []
        self._threads = [
            Thread(target=self._write, args=(place, dataset))
            for place, dataset in enumerate(DATASETS)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def more(self, places: tuple[int, ...] = (0, 1, 2), times: int = 2) -> None:
        """Until at some nodes more was acknowledged."""
        done = [self.acknowledged[DATASETS[place]] for place in places]
        wanted = [len(each) + times for each in done]
        until(lambda: all(len(a) >= b for a, b in zip(done, wanted, strict=True)))

    def _write(self, place: int, dataset: str) -> None:
        """Go on with the next only when one is acknowledged, and end so."""
        wanted = True
        while not self._stop.is_set():
            try:
                answer = self._nodes.tag(self._nodes.all[place], dataset, wanted)
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if answer.ok:
                self.acknowledged[dataset].append(wanted)
                wanted = not wanted
            else:
                self.refusals.append(f"{answer.status_code} {answer.text}")
                time.sleep(0.1)


def test_nothing_acknowledged_is_lost_when_a_node_or_the_database_dies(
    nodes: Nodes, full: bool
) -> None:
    for _ in range(5 if full else 1):
        with Load(nodes) as load:
            load.more()
            kill_a_node(nodes, load)
            cut_a_node_off(nodes, load)
            kill_the_database(nodes, load, seconds=20 if full else 1)
            load.more()
        assert all(text[:3] in ("409", "503") for text in load.refusals), load.refusals
        nodes.wait(*nodes.all)
        for dataset, acknowledged in load.acknowledged.items():
            for node in nodes.all:
                assert (BATHING in node.tags(dataset)) == acknowledged[-1], dataset
        check_contents(nodes)


def kill_a_node(nodes: Nodes, load: Load) -> None:
    """The others go on; it comes back, and has what they wrote."""
    *others, killed = nodes.all
    killed.kill()
    load.more(places=(0, 1))
    killed.start()
    until(killed.is_ready)
    load.more(places=(2,))
    assert all(node.get("/healthz").ok for node in others)


def cut_a_node_off(nodes: Nodes, load: Load) -> None:
    """It goes on reading and says what it cannot do; the others go on; then it catches up."""
    lonely = nodes.all[1]
    before = lonely.position()
    lonely.wire.cut()
    until(lambda: not lonely.is_ready())
    load.more(places=(0, 2))
    told = lonely.get("/readyz").json()["missing"]
    assert any("The database does not answer" in sentence for sentence in told), told
    check_reading(lonely)
    assert before <= nodes.log_end()
    lonely.wire.mend()
    until(lonely.is_ready)
    load.more(places=(1,))


def kill_the_database(nodes: Nodes, load: Load, seconds: float) -> None:
    """All go on reading and refuse to write, and go on by themselves when it is there again."""
    nodes.cluster.stop("immediate")
    try:
        for node in nodes.all:
            check_reading(node)
            answer = nodes.tag(node, "catches", True)
            assert answer.status_code == 503, answer.text
            assert NO_DATABASE in answer.json()["detail"]
        time.sleep(seconds)
    finally:
        nodes.cluster.start()
    until(lambda: all(node.is_ready() for node in nodes.all))


def check_reading(node: Node) -> None:
    """What everybody may read is read, page and data, with and without a session."""
    page = {"Accept": "text/html", "Accept-Language": "en"}
    for path in ("/", "/vocabularies/topics", "/search?q=water", "/datasets", "/catalogs"):
        assert node.get(path, **page).ok, path
    iri = quote(BATHING, safe="")
    assert node.get(f"/resource?iri={iri}", **page).ok
    assert "bathing" in node.get(f"/resource?iri={iri}", Accept="text/turtle").text
    assert node.get("/sparql?query=ASK%7B%7D").ok


def check_contents(nodes: Nodes) -> None:
    """Every node holds what the log says, and nothing else."""
    database = open_database(nodes.cluster.url(nodes.name))
    expected = replayed(ChangeLog(database))
    database.dispose()
    for node in nodes.all:
        found = Snapshots(node.data / "snapshots").open()
        assert found is not None
        path, lease = found
        with lease:
            store = EmbeddedStore.read_only(path / "store")
            assert dumped(store, list(expected)) == expected
            store.close()
