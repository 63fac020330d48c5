"""The only HTTP client for other people's servers."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from vocab_server.errors import InvalidError

SECONDS = 300  # for the whole file
WAIT = 30  # seconds without a byte
SIZE = 1024 * 1024 * 1024  # bytes
BRIEF = 5  # seconds for a short answer
SHORT = 64 * 1024  # bytes of one
PIECE = 256 * 1024  # bytes
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
