"""The only HTTP client for other people's servers."""

import json
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import requests
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress

from vocab_server.errors import InvalidError

SECONDS = 300  # for the whole file
WAIT = 30  # seconds without a byte
SIZE = 1024 * 1024 * 1024  # bytes
BRIEF = 5  # seconds for a short answer
SHORT = 64 * 1024  # bytes of one
PIECE = 256 * 1024  # bytes
ANSWER = 20  # seconds for the answer to a query
ANSWER_SIZE = 2 * 1024 * 1024  # bytes of it
ACCEPT = (
    "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.9,"
    " application/ld+json;q=0.8, application/trig;q=0.8, application/n-quads;q=0.8, */*;q=0.1"
)


def fetch(
    url: str,
    folder: Path,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Path:
    """Fetch a file that an operator named, into a folder; its path.

    Follows redirects as a browser does. Raises InvalidError when the server refuses, is silent
    for WAIT seconds, takes more than SECONDS or sends more than SIZE bytes.
    """
    target = folder / (Path(unquote(urlsplit(url).path)).name or "download")
    started = time.monotonic()
    try:
        with requests.get(url, headers={"Accept": ACCEPT}, stream=True, timeout=WAIT) as answer:
            answer.raise_for_status()
            total, done = int(answer.headers.get("Content-Length") or 0), 0
            with target.open("wb") as file:
                for piece in answer.iter_content(PIECE):
                    done += file.write(piece)
                    progress(done, total)
                    if done > SIZE or time.monotonic() - started > SECONDS:
                        raise InvalidError(f"{url}: the answer is too long or too slow.")
    except requests.RequestException as error:
        raise InvalidError(f"{url} cannot be fetched: {error}") from error
    return target


def ask_endpoint(url: str, query: str, *, internal: Collection[str] = ()) -> bytes:
    """The answer of a SPARQL endpoint that a signed-in person named, as SPARQL JSON results.

    Addresses of private networks are refused after the name is resolved, and again at each
    redirect; ``internal`` are the hosts that are asked nevertheless. Raises InvalidError when the
    address is refused, the server does not answer within ANSWER seconds, answers with an error or
    sends more than ANSWER_SIZE bytes.
    """
    parts = _parts(url)
    config = Config(
        ip_filter_enable=parts.netloc not in internal,
        ip_filter_allow_loopback_ips=False,
        never_redirect=parts.netloc in internal,
        default_timeout=(WAIT, WAIT),
    )
    with Manager(config).get_session() as session:
        session.trust_env = False  # no proxy, no passwords of this machine
        try:
            return _bounded(session, url, query)
        except InvalidIPAddress as error:
            raise InvalidError(
                f"{parts.hostname} is in a private network and is not asked. An administrator can"
                " allow it (VOCAB_SERVER_INTERNAL_HOSTS)."
            ) from error
        except (requests.RequestException, UnicodeError) as error:
            reason = str(error) if isinstance(error, requests.HTTPError) else type(error).__name__
            raise InvalidError(f"{url} does not answer as an endpoint does: {reason}.") from error


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise InvalidError(f"{url!r} is not the address of a SPARQL endpoint. Begin with https://.")
    return parts


def _bounded(session: requests.Session, url: str, query: str) -> bytes:
    """The body of an answer, which may neither be long nor come in drops."""
    started, received = time.monotonic(), b""
    headers = {"Accept": "application/sparql-results+json"}
    with session.get(
        url, params={"query": query}, headers=headers, stream=True, timeout=ANSWER
    ) as answer:
        answer.raise_for_status()
        for piece in answer.iter_content(8_192):
            received += piece
            if len(received) > ANSWER_SIZE or time.monotonic() - started > ANSWER:
                raise InvalidError(f"{url}: the answer is too long or too slow.")
    return received


def ask(url: str) -> dict[str, Any]:
    """The short JSON object that a server answers, {} when it answers anything else.

    Raises InvalidError when nobody answers in time, or not with success.
    """
    try:
        with requests.get(url, stream=True, timeout=BRIEF, allow_redirects=False) as answer:
            answer.raise_for_status()
            found = json.loads(answer.raw.read(SHORT, decode_content=True))
    except requests.RequestException as error:
        raise InvalidError(f"{url} cannot be reached: {_reason(error)}") from error
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _reason(error: requests.RequestException) -> str:
    """The end of a chain of causes: what a person understands."""
    if isinstance(error, requests.ConnectionError):
        return "nobody answers there, or the name is unknown."
    return str(error)
