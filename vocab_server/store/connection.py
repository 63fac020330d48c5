"""HTTP to a SPARQL engine: connections that are kept, credentials, and errors in words.

An error may be shown to anybody, so it has no address of the engine; the log has.

Why not SPARQLWrapper: it opens a connection for each query and reads an answer of any length.
"""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from vocab_server.errors import InvalidError, QueryStoppedError, StoreUnavailableError

WAIT = 5.0  # seconds until a connection stands
TOLD = 500  # characters of what an engine says of an error

_log = logging.getLogger(__name__)
_REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.UNPROCESSABLE_ENTITY)
_DENIED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Address:
    """One address of an engine. ``text`` has no password and is fit for messages."""

    text: str
    url: str = field(repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, setting: str) -> "Address":
        """The address in a setting, as https://user:password@host/path."""
        parts = urlsplit(setting)
        bare = parts._replace(netloc=_host(parts), fragment="")
        shown = bare._replace(query="").geturl()  # some engines take keys in the query
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(shown, bare.geturl(), user, password)


def without_password(setting: str) -> str:
    """An address of a setting as it may be shown."""
    return Address.of(setting).text if "://" in setting else setting


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


class Connection:
    """Sends requests; each thread keeps its own connections. Passwords are in no error."""

    def __init__(self) -> None:
        self._local = threading.local()

    @contextmanager
    def post(
        self, address: Address, body: Any, headers: dict[str, str], seconds: float
    ) -> Iterator[requests.Response]:
        """The beginning of a successful answer to a form, or to bytes.

        Asked twice when the connection breaks: a kept one may be that of an engine that is gone,
        so requests must be such that repeating them does no harm. Raises InvalidError for what the
        engine refuses, QueryStoppedError when it is silent for so many seconds and
        StoreUnavailableError when it does not answer, or does not let us in.
        """
        try:
            try:
                answer = self._post(address, body, headers, seconds)
            except requests.ConnectionError:
                answer = self._post(address, body, headers, seconds)
            with answer:
                _demand_success(answer)
                yield answer
        except requests.Timeout as error:
            raise QueryStoppedError(
                "The SPARQL engine did not answer within %(seconds)s seconds.",
                seconds=f"{seconds:g}",
            ) from error
        except requests.RequestException as error:
            _log.warning("%s does not answer: %s", address.text, type(error).__name__)
            raise StoreUnavailableError("The SPARQL engine does not answer.") from error

    def close(self) -> None:
        """Give up the connections of this thread; those of others go when they end."""
        session = self._local.__dict__.pop("session", None)
        if session is not None:
            session.close()

    def _post(
        self, address: Address, body: Any, headers: dict[str, str], seconds: float
    ) -> requests.Response:
        session = self._session()
        ways = self._local.ways
        auth = ways.setdefault(address, _basic(address))
        answer = session.post(
            address.url,
            data=body,
            auth=auth,
            headers=headers,
            timeout=(WAIT, seconds),
            stream=True,
            allow_redirects=False,  # a password must not go where it was not meant to go
        )
        if answer.status_code != HTTPStatus.UNAUTHORIZED or not isinstance(auth, HTTPBasicAuth):
            return answer
        if "basic" in answer.headers.get("WWW-Authenticate", "").lower():
            return answer  # Virtuoso, which takes Digest only, asks for nothing by then
        answer.close()
        ways[address] = HTTPDigestAuth(address.user, address.password)
        return self._post(address, body, headers, seconds)

    def _session(self) -> requests.Session:
        found: requests.Session | None = getattr(self._local, "session", None)
        if found is None:
            found = self._local.session = requests.Session()
            found.trust_env = False  # no proxy, no passwords of this machine
            found.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
            self._local.ways = {}
        return found


def _basic(address: Address) -> AuthBase | None:
    return HTTPBasicAuth(address.user.encode(), address.password.encode()) if address.user else None


def _demand_success(answer: requests.Response) -> None:
    if answer.ok and not answer.is_redirect:
        return
    if answer.status_code in _DENIED:
        raise StoreUnavailableError(
            "The SPARQL engine does not let us in: user or password are wrong, or may not do that."
        )
    said = _said(answer)
    if answer.status_code in _REFUSED:
        raise InvalidError("The SPARQL engine refuses this: %(said)s", said=said)
    raise StoreUnavailableError(
        "The SPARQL engine answers %(status_code)s: %(said)s",
        status_code=answer.status_code,
        said=said,
    )


def _said(answer: requests.Response) -> str:
    """The beginning of what an engine says, on one line."""
    data = next(answer.iter_content(4 * TOLD), b"")
    text = " ".join(data.decode(errors="replace").split())[:TOLD]
    return "".join(sign for sign in text if sign.isprintable()) or "nothing more"
