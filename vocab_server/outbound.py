"""The only HTTP client for other people's servers."""

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar, cast
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import requests
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress

from vocab_server.errors import InvalidError, Phrase, TooLargeError

T = TypeVar("T")

SECONDS = 300  # for the whole file
WAIT = 30  # seconds without a byte
SIZE = 1024 * 1024 * 1024  # bytes
BRIEF = 5  # seconds for a short answer
SHORT = 64 * 1024  # bytes of one
PIECE = 256 * 1024  # bytes
ANSWER = 20  # seconds for the answer to a query
ANSWER_SIZE = 2 * 1024 * 1024  # bytes of it
REDIRECTS = 5
AGENT = "vocab-server"
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
                        raise InvalidError("%(url)s: the answer is too long or too slow.", url=url)
    except requests.RequestException as error:
        raise InvalidError("%(url)s cannot be fetched: %(error)s", url=url, error=error) from error
    return target


def ask_endpoint(url: str, query: str, *, internal: Collection[str] = ()) -> bytes:
    """The answer of a SPARQL endpoint that a signed-in person named, as SPARQL JSON results.

    Addresses of private networks are refused after the name is resolved, and again at each
    redirect; ``internal`` are the hosts that are asked nevertheless. Raises InvalidError when the
    address is refused, the server does not answer within ANSWER seconds, answers with an error or
    sends more than ANSWER_SIZE bytes.
    """
    parts = _parts(url, Phrase("a SPARQL endpoint"))
    with _guarded(parts, internal) as session:
        return _bounded(session, url, query)


@contextmanager
def _guarded(parts: SplitResult, internal: Collection[str]) -> Iterator[requests.Session]:
    """A session that reaches no private network, unless its host is an internal one.

    What goes wrong in it is raised as InvalidError, in words.
    """
    config = Config(
        ip_filter_enable=parts.netloc not in internal,
        ip_filter_allow_loopback_ips=False,
        never_redirect=parts.netloc in internal,
        default_timeout=(WAIT, WAIT),
    )
    with Manager(config).get_session() as session:
        session.trust_env = False  # no proxy, no passwords of this machine
        try:
            yield session
        except InvalidIPAddress as error:
            raise InvalidError(
                "%(hostname)s is in a private network and is not asked. An administrator can allow"
                " it (VOCAB_SERVER_INTERNAL_HOSTS).",
                hostname=parts.hostname,
            ) from error
        except (requests.RequestException, ValueError) as error:  # a redirect to no address
            reason = str(error) if isinstance(error, requests.HTTPError) else type(error).__name__
            raise InvalidError(
                "%(url)s does not answer as it should: %(reason)s.",
                url=parts.geturl(),
                reason=reason,
            ) from error


def demand_address(url: str) -> None:
    """Pass silently for what may be the address of a page. Raises InvalidError."""
    _parts(url, Phrase("a page on the web"))


def _parts(url: str, wanted: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise InvalidError(
            "%(url)r is not the address of %(wanted)s. Begin with https://.", url=url, wanted=wanted
        )
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
                raise InvalidError("%(url)s: the answer is too long or too slow.", url=url)
    return received


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server says of the state of a page (RFC 9110, 8.8); "" for what it does not."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """The conditions for another request: only if it changed (RFC 9110, 13.1)."""
        stated = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in stated.items() if value}


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that was fetched from ``url`` at last; ``file`` is None when it did not change."""

    url: str
    file: Path | None
    media_type: str
    validators: Validators


def fetch_guarded(
    url: str,
    target: Path,
    *,
    accept: str,
    validators: Validators = NO_VALIDATORS,
    internal: Collection[str] = (),
    size: int = SIZE,
    seconds: float = SECONDS,
) -> Fetched:
    """Fetch a page that somebody named who may not see what this machine sees.

    Private networks as in ``ask_endpoint``. ``size`` bounds the bytes after unpacking, ``seconds``
    everything, however slowly the server speaks. Raises InvalidError when it is refused or fails,
    TooLargeError past a bound.
    """
    return _within(
        seconds,
        url,
        lambda: _followed(url, target, accept, validators, internal, size, seconds),
    )


def _within(seconds: float, url: str, ask: Callable[[], T]) -> T:
    """What a question to a server gives or raises. Raises TooLargeError after so many seconds."""
    answers: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((ask(), None))
        except Exception as error:  # it is raised where somebody waits
            answers.put((None, error))

    # A thread that is left behind: no time limit of the library covers a server that sends its
    # headers one letter at a time.
    Thread(target=run, daemon=True).start()
    try:
        found, failure = answers.get(timeout=seconds)
    except Empty:
        raise TooLargeError(
            "%(url)s: The server takes more than %(seconds)s seconds.",
            url=url,
            seconds=f"{seconds:.3g}",
        ) from None
    if failure is not None:
        raise failure
    return cast(T, found)


def _followed(
    url: str,
    target: Path,
    accept: str,
    validators: Validators,
    internal: Collection[str],
    size: int,
    seconds: float,
) -> Fetched:
    """The page at the end of redirects."""
    until = time.monotonic() + seconds
    headers = {"Accept": accept, **validators.headers()}
    with _opened("GET", url, headers, internal) as (answer, last):
        answer.raise_for_status()
        return _received(answer, last, target, size, until)


@contextmanager
def _opened(
    method: str, url: str, headers: Mapping[str, str], internal: Collection[str]
) -> Iterator[tuple[requests.Response, str]]:
    """The answer at the end of redirects, of which each is looked at as the first address is."""
    for _ in range(REDIRECTS + 1):
        parts = _parts(url, Phrase("a page on the web"))
        with (
            _guarded(parts, internal) as session,
            session.request(
                method,
                url,
                headers={"User-Agent": AGENT, **headers},
                stream=True,
                timeout=WAIT,
                allow_redirects=False,
            ) as answer,
        ):
            if "Location" in answer.headers and answer.is_redirect:
                url = urljoin(url, answer.headers["Location"])
                continue
            yield answer, url
            return
    raise TooManyRedirectsError(
        "%(url)s: The server leads on more than %(redirects)s times.", url=url, redirects=REDIRECTS
    )


class TooManyRedirectsError(InvalidError):
    """A server that leads in circles."""


class Trouble(StrEnum):
    """Why there is no answer, or no question was asked."""

    NONE = ""
    CERTIFICATE = "certificate"
    CIRCLE = "circle"
    PRIVATE = "private"
    ROBOTS = "robots"
    SLOW = "slow"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Probed:
    """What a server says of an address, without the page.

    ``status`` is that of the answer at the end of redirects, 0 when there is none because of a
    ``trouble``. ``retry`` are the seconds after which the server wants to be asked again, 0 when it
    does not say.
    """

    status: int
    trouble: Trouble = Trouble.NONE
    media_type: str = ""
    last_modified: str = ""
    retry: float = 0


def probe(url: str, *, internal: Collection[str] = (), seconds: float = ANSWER) -> Probed:
    """Ask whether an address is there: by HEAD, and where that fails for the first byte by GET.

    Private networks as in ``ask_endpoint``. What goes wrong is a trouble in the answer.
    """
    try:
        return _within(seconds, url, lambda: _probed(url, internal))
    except TooLargeError:
        return Probed(0, Trouble.SLOW)
    except TooManyRedirectsError:
        return Probed(0, Trouble.CIRCLE)
    except InvalidError as error:
        return Probed(0, _trouble(error.__cause__))


def _trouble(cause: BaseException | None) -> Trouble:
    if isinstance(cause, InvalidIPAddress):
        return Trouble.PRIVATE
    if isinstance(cause, requests.exceptions.SSLError):
        return Trouble.CERTIFICATE
    return Trouble.SLOW if isinstance(cause, requests.Timeout) else Trouble.UNREACHABLE


def _probed(url: str, internal: Collection[str]) -> Probed:
    with _opened("HEAD", url, {"Accept": "*/*"}, internal) as (answer, _):
        found = _head_of(answer)
    if found.status < HTTPStatus.BAD_REQUEST or found.retry:
        return found
    # Many interfaces refuse HEAD, or answer it wrongly.
    with _opened("GET", url, {"Accept": "*/*", "Range": "bytes=0-0"}, internal) as (answer, _):
        return _head_of(answer)


def _head_of(answer: requests.Response) -> Probed:
    retry = answer.headers.get("Retry-After", "")
    wants_time = answer.status_code in (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    status = answer.status_code
    return Probed(
        HTTPStatus.OK if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE else status,
        Trouble.NONE,
        answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        answer.headers.get("Last-Modified", ""),
        float(retry) if wants_time and retry.isdecimal() else 0,
    )


def _received(
    answer: requests.Response, url: str, target: Path, size: int, until: float
) -> Fetched:
    found = Fetched(
        url,
        None if answer.status_code == HTTPStatus.NOT_MODIFIED else target,
        answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        Validators(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")),
    )
    if found.file is None:
        return found
    if answer.status_code != HTTPStatus.OK:
        raise InvalidError(
            "%(url)s: The server answers %(status)s and not 200.",
            url=url,
            status=answer.status_code,
        )
    done = 0
    with target.open("wb") as file:
        for piece in answer.iter_content(SHORT):
            done += file.write(piece)
            if done > size or time.monotonic() > until:
                raise TooLargeError("%(url)s: The answer is too long or too slow.", url=url)
    return found


def ask(url: str) -> dict[str, Any]:
    """The short JSON object that a server answers, {} when it answers anything else.

    Raises InvalidError when nobody answers in time, or not with success.
    """
    try:
        with requests.get(url, stream=True, timeout=BRIEF, allow_redirects=False) as answer:
            answer.raise_for_status()
            found = json.loads(answer.raw.read(SHORT, decode_content=True))
    except requests.RequestException as error:
        raise InvalidError(
            "%(url)s cannot be reached: %(error)s", url=url, error=_reason(error)
        ) from error
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _reason(error: requests.RequestException) -> str:
    """The end of a chain of causes: what a person understands."""
    if isinstance(error, requests.ConnectionError):
        return Phrase("nobody answers there, or the name is unknown.")
    return str(error)
