"""Asking addresses in catalogs and vocabularies whether they are there: politely, and seldom.

One server is asked one question at a time, with pauses as long as its robots.txt wants and never
shorter than the setting ``link_delay``. What robots.txt forbids is not asked (RFC 9309).
"""

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from vocab_server.catalog.profiles import DATA_THEMES
from vocab_server.config import Settings
from vocab_server.database.links import SOON, Answer, Links, host_of
from vocab_server.errors import InvalidError
from vocab_server.outbound import AGENT, Trouble, fetch_guarded, probe
from vocab_server.quality.checks.mappings import LINKING
from vocab_server.rdf.query import bind
from vocab_server.services import Services

PASS = 8  # addresses that are asked at the same time, each of another server
SECONDS = 15.0  # that one address has to answer
ROBOTS_SIZE = 512 * 1024  # bytes of robots.txt that count (RFC 9309, 2.5)
ROBOTS_SECONDS = 24 * 3600.0  # that robots.txt holds (RFC 9309, 2.4)
MOST_ROBOTS = 2_000  # servers whose robots.txt is remembered
LONGEST_PAUSE = 60.0  # seconds that a server may ask us to wait between two questions
LONGEST_WAIT = 24 * 3600.0  # seconds that a server may send us away for
SAMPLE = 200  # addresses of a vocabulary that are asked: some have a million
REST = 300.0  # seconds between two looks for new addresses
# The parser stops at numbers such as ², and reads others that no time is as long as.
_NO_DELAY = re.compile(
    r"\s*(?:crawl-delay|request-rate)\s*:(?!\s*[0-9]{1,6}\s*(?:#|$))", re.IGNORECASE
)
_log = logging.getLogger(__name__)

_LINKS = f"""SELECT DISTINCT ?url WHERE {{ GRAPH $graph {{
    VALUES ?property {{ {" ".join(path.n3() for path in LINKING)} }} ?concept ?property ?url }}
    FILTER (isIRI(?url) && !STRSTARTS(STR(?url), "{DATA_THEMES}/"))
    FILTER NOT EXISTS {{ GRAPH ?any {{ ?url a ?class }} }} }} LIMIT {SAMPLE}"""
_ADDRESSES = """SELECT DISTINCT ?url WHERE { GRAPH $graph {
    VALUES ?property { dcat:accessURL dcat:downloadURL } ?distribution ?property ?url } }"""


@dataclass(slots=True)
class LinkChecking:
    """The duty: what it remembers is only there to ask less."""

    _taken: str = ""
    _looked: float = 0.0
    _robots: dict[str, tuple[float, RobotFileParser]] = field(default_factory=dict)

    def run(self, services: Services) -> None:
        """Ask the addresses whose time has come, at most PASS of them."""
        if not services.settings.check_links:
            return
        links = Links(services.database)
        self._take_in(services, links)
        # Not a pool, whose threads a process waits for before it ends.
        asking = [
            Thread(target=self._try, args=(links, services.settings, url), daemon=True)
            for url in links.due(datetime.now(UTC), PASS)
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()

    def _try(self, links: Links, settings: Settings, url: str) -> None:
        try:
            self.check(links, settings, url)
        except Exception:  # the others go on, those of its server too
            _log.exception("The link %s was not checked.", url)
            links.put_off(url, datetime.now(UTC) + SOON)

    def check(self, links: Links, settings: Settings, url: str) -> None:
        """Ask one address, keep what it answers, and leave its server alone for a while."""
        robots = self._robots_of(url, settings)
        pause = max(settings.link_delay, min(_delay(robots), LONGEST_PAUSE))
        links.hold(url, datetime.now(UTC) + timedelta(seconds=SECONDS + pause))
        if not robots.can_fetch(AGENT, url):
            links.record(url, Answer(None, Trouble.ROBOTS), datetime.now(UTC))
        else:
            _ask(links, settings, url)
        links.hold(url, datetime.now(UTC) + timedelta(seconds=pause))

    def _take_in(self, services: Services, links: Links) -> None:
        """Learn of new addresses, when something was published and the last look is a while ago."""
        view, now = services.published.view(), time.monotonic()
        if view.name == self._taken or (self._taken and now - self._looked < REST):
            return
        links.take_in(_addresses(services), datetime.now(UTC))
        self._taken, self._looked = view.name, now

    def _robots_of(self, url: str, settings: Settings) -> RobotFileParser:
        host, now = host_of(url), time.monotonic()
        known = self._robots.get(host)
        if known and now - known[0] < ROBOTS_SECONDS:
            return known[1]
        if len(self._robots) >= MOST_ROBOTS:
            self._robots.clear()
        found = read_robots(url, settings)
        self._robots[host] = now, found
        return found


def _ask(links: Links, settings: Settings, url: str) -> None:
    found = probe(url, internal=settings.internal_hosts, seconds=SECONDS)
    now = datetime.now(UTC)
    if found.retry:
        links.put_off(url, now + timedelta(seconds=min(found.retry, LONGEST_WAIT)))
        return
    answer = Answer(found.status, found.trouble, found.media_type, found.last_modified)
    links.record(url, answer, now)


def _addresses(services: Services) -> Iterator[str]:
    """All addresses in catalogs and SAMPLE of each vocabulary that begin as those on the web do."""
    view = services.published.view()
    asked = [(_ADDRESSES, catalog.graph) for catalog in view.catalogs]
    asked += [(_LINKS, vocabulary.graph) for vocabulary in view.vocabularies]
    for query, graph in asked:
        for row in view.store.select(bind(query, graph=graph)):
            if str(row["url"]).startswith(("http://", "https://")) and host_of(str(row["url"])):
                yield str(row["url"])


def read_robots(url: str, settings: Settings) -> RobotFileParser:
    """What the robots.txt of a server says; one that is not there forbids nothing."""
    found = RobotFileParser()
    with TemporaryDirectory(prefix="vocab-server-") as work:
        target = Path(work) / "robots.txt"
        try:
            fetch_guarded(
                urljoin(url, "/robots.txt"),
                target,
                accept="text/plain",
                internal=settings.internal_hosts,
                size=ROBOTS_SIZE,
                seconds=SECONDS,
            )
            text = target.read_text("utf-8", "replace")
        except InvalidError:  # whether the server answers at all the address itself will tell
            text = ""
    found.parse(line for line in text.splitlines() if not _NO_DELAY.match(line))
    return found


def _delay(robots: RobotFileParser) -> float:
    delay = robots.crawl_delay(AGENT)
    return float(delay) if delay else 0.0
