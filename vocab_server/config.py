"""The settings: environment variables, a TOML file, defaults, in that order.

Each field of Settings is one setting; its environment variable is
``VOCAB_SERVER_`` and the field's name in capitals.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from vocab_server.errors import InvalidError

PREFIX = "VOCAB_SERVER_"
MIB = 1024 * 1024  # bytes
SMTP_PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
DATABASES = ("postgresql+psycopg://", "sqlite:///")
ACCESSIBILITY = frozenset({"full", "partial", "none"})
EMBEDDED = "embedded"  # the store that needs no server
LOG_FORMATS = frozenset({"json", "text"})
SHORTEST_KEY = 32  # characters of a key that an operator chooses
SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _meaning(text: str) -> dict[str, str]:
    return {"meaning": text}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can choose; ``data`` holds all that is kept."""

    data: Path = field(default=Path("data"), metadata=_meaning("data directory"))
    base_url: str = field(
        default="http://127.0.0.1:8000",
        metadata=_meaning("public address; the IRIs that we mint start with it"),
    )
    database: str = field(
        default="",
        metadata=_meaning(
            "SQLAlchemy URL, as postgresql+psycopg://user:password@host/name, of a database that"
            " several nodes can share; a SQLite file in the data directory when empty"
        ),
    )
    store: str = field(
        default=EMBEDDED,
        metadata=_meaning(
            "the RDF store: embedded, or the address where a SPARQL 1.1 server answers queries, as"
            " https://user:password@host/path"
        ),
    )
    store_update: str = field(
        default="", metadata=_meaning("the address where that server takes updates")
    )
    secret_key: str = field(
        default="", metadata=_meaning("session signing; made once, kept in the data directory")
    )
    proxies: int = field(
        default=0,
        metadata=_meaning(
            "proxies in front of us; so many entries of X-Forwarded-For are believed"
        ),
    )
    openid_issuer: str = field(
        default="", metadata=_meaning("address of an OpenID Connect provider to sign in with")
    )
    openid_client_id: str = field(default="", metadata=_meaning("what the provider knows us as"))
    openid_client_secret: str = field(
        default="", metadata=_meaning("what we show the provider; none for a public client")
    )
    openid_name: str = field(
        default="OpenID Connect", metadata=_meaning("what the provider is called on our pages")
    )
    openid_new_accounts: bool = field(
        default=False,
        metadata=_meaning("whether everybody whom the provider knows gets an account, as a reader"),
    )
    smtp: str = field(
        default="",
        metadata=_meaning(
            "mail server, as smtp://host, starttls://user:password@host or smtps://...; without"
            " one no mail is sent"
        ),
    )
    mail_from: str = field(default="", metadata=_meaning("whom our mail is from"))
    internal_hosts: tuple[str, ...] = field(
        default=(),
        metadata=_meaning(
            "hosts, as host or host:port, of private networks whose SPARQL endpoints curators may"
            " look for concepts in"
        ),
    )
    check_links: bool = field(
        default=True,
        metadata=_meaning(
            "whether links in catalogs and vocabularies are asked whether they are there, and files"
            " of data are looked into by themselves"
        ),
    )
    link_delay: float = field(
        default=2.0,
        metadata=_meaning("seconds between two questions to one server, when links are checked"),
    )
    data_size: int = field(
        default=100, metadata=_meaning("MiB that a file of data may have to be looked into")
    )
    data_timeout: float = field(
        default=60.0,
        metadata=_meaning("seconds for fetching a file of data, and again for looking into it"),
    )
    data_memory: int = field(
        default=1024, metadata=_meaning("MiB of memory for looking into a file of data")
    )
    workers: int = field(default=CORES, metadata=_meaning("server processes"))
    sparql_timeout: float = field(
        default=10.0, metadata=_meaning("seconds that a public query may run")
    )
    sparql_memory: int = field(
        default=1024, metadata=_meaning("MiB of memory that a public query may use")
    )
    sparql_result_limit: int = field(
        default=100, metadata=_meaning("MiB that the answer to a public query may have")
    )
    sparql_processes: int = field(
        default=CORES,
        metadata=_meaning("short public queries that run at once, and again as many long ones"),
    )
    budget: float = field(
        default=120.0,
        metadata=_meaning("seconds of work that one address or token may cause in a minute"),
    )
    security_contact: str = field(
        default="",
        metadata=_meaning("whom to tell of a hole: an address that starts with https: or mailto:"),
    )
    agency: str = field(
        default="", metadata=_meaning("name of the public body that answers for the site")
    )
    contact: str = field(
        default="",
        metadata=_meaning(
            "where people report what is not accessible and ask about their data: an address that"
            " starts with https: or mailto:"
        ),
    )
    accessibility: str = field(
        default="",
        metadata=_meaning(
            "how far the agency found the site to fulfil the law: full, partial or none; empty"
            " while nobody has assessed it"
        ),
    )
    accessibility_assessed: str = field(
        default="", metadata=_meaning("day of that assessment, such as 2026-11-25")
    )
    metrics: bool = field(
        default=False, metadata=_meaning("whether /metrics shows figures for Prometheus")
    )
    log_format: str = field(
        default="text", metadata=_meaning("how log lines are written: text or json")
    )
    log_requests: bool = field(
        default=False, metadata=_meaning("whether each request leaves a line in the log")
    )
    languages: tuple[str, ...] = field(
        default=("en", "sv"), metadata=_meaning("fallback chain for labels")
    )

    @property
    def has_engine(self) -> bool:
        """Whether the RDF store is a remote engine."""
        return self.store != EMBEDDED

    @property
    def base(self) -> str:
        """The public address without a slash at the end."""
        return self.base_url.rstrip("/")

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database that holds the change log."""
        return self.database or f"sqlite:///{(self.data / 'vocab-server.sqlite').absolute()}"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings as environment and configuration file give them.

    Raises InvalidError that tells every mistake at once.
    """
    return explain(environ)[0]


def explain(environ: Mapping[str, str] = os.environ) -> tuple[Settings, dict[str, str]]:
    """The settings, and for each field where its value comes from.

    The origin is "environment", the path of the configuration file, or "default".
    Raises InvalidError that tells every mistake at once.
    """
    file = environ.get(f"{PREFIX}CONFIG")
    from_file = _read(Path(file)) if file else {}
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    mistakes = [
        f"{file}: there is no setting {name!r}." for name in from_file if name not in _names()
    ]
    for spec in fields(Settings):
        variable = PREFIX + spec.name.upper()
        raw = environ.get(variable, from_file.get(spec.name))
        origins[spec.name] = _origin(variable in environ, spec.name in from_file, file)
        if raw is None:
            continue
        try:
            values[spec.name] = _converted(spec.name, raw, spec.default)
        except ValueError as error:
            mistakes.append(f"{variable}={raw!r}: {error}")
    settings = Settings(**values)
    mistakes += _contradictions(settings)
    if mistakes:
        raise InvalidError("\n".join(mistakes))
    return settings, origins


def _contradictions(settings: Settings) -> list[str]:
    """What is wrong with settings that are right each on its own."""
    found = []
    if settings.database and not _is_database(settings.database):
        found.append(
            f"{PREFIX}DATABASE: Give postgresql+psycopg://user:password@host/name, or for a SQLite"
            " file sqlite:////path/to/file."
        )
    if settings.secret_key and len(settings.secret_key) < SHORTEST_KEY:
        found.append(f"{PREFIX}SECRET_KEY needs at least {SHORTEST_KEY} characters.")
    if settings.log_format not in LOG_FORMATS:
        found.append(f"{PREFIX}LOG_FORMAT={settings.log_format!r}: Give text or json.")
    if not urlsplit(settings.base_url).netloc:
        found.append(f"{PREFIX}BASE_URL={settings.base_url!r}: There is no host in the address.")
    found += [*_wrong_contacts(settings), *_wrong_statement(settings)]
    return [*found, *_wrong_store(settings), *_wrong_mail(settings), *_wrong_provider(settings)]


def _is_database(address: str) -> bool:
    try:
        make_url(address)
    except (ArgumentError, ValueError):  # a port that is none
        return False
    return address.startswith(DATABASES)


def _wrong_store(settings: Settings) -> list[str]:
    """Mistakes in how a remote engine is reached; they do not show the addresses' passwords."""
    if not settings.has_engine:
        unused = f"{PREFIX}STORE_UPDATE needs {PREFIX}STORE, where the same server answers queries."
        return [unused] if settings.store_update else []
    if not settings.store_update:
        return [
            f"{PREFIX}STORE needs {PREFIX}STORE_UPDATE, where that server takes updates. It may be"
            " the same address. For the store that comes with us give: embedded"
        ]
    found = [
        (f"{PREFIX}STORE", _wrong_engine(settings.store)),
        (f"{PREFIX}STORE_UPDATE", _wrong_engine(settings.store_update)),
    ]
    return [f"{variable}: {mistake}" for variable, mistake in found if mistake]


def _wrong_engine(address: str) -> str:
    """What is wrong with the address of an engine, "" when nothing is."""
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is none
        is_address = False
    if not is_address:
        return "Give embedded, or an address such as https://user:password@sparql.example/query."
    if parts.password and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return "A password must not go in plain. Use an address with https."
    return ""


def _wrong_contacts(settings: Settings) -> list[str]:
    contacts = (("SECURITY_CONTACT", settings.security_contact), ("CONTACT", settings.contact))
    return [
        f"{PREFIX}{name}={contact!r}: Start it with https: or mailto:."
        for name, contact in contacts
        if contact and not (contact.startswith(("https:", "mailto:")) and contact.isprintable())
    ]


def _wrong_statement(settings: Settings) -> list[str]:
    """What the law asks for beside the claim (Directive (EU) 2016/2102, 7)."""
    if not settings.accessibility:
        return []
    if settings.accessibility not in ACCESSIBILITY:
        given = f"{PREFIX}ACCESSIBILITY={settings.accessibility!r}"
        return [f"{given}: Give full, partial or none."]
    if not (settings.agency and settings.contact):
        return [f"{PREFIX}ACCESSIBILITY needs {PREFIX}AGENCY and {PREFIX}CONTACT."]
    try:
        date.fromisoformat(settings.accessibility_assessed)
    except ValueError:
        return [f"{PREFIX}ACCESSIBILITY_ASSESSED: Give a day, such as 2026-11-25."]
    return []


def _wrong_mail(settings: Settings) -> list[str]:
    if not settings.smtp:
        return []
    try:
        server = urlsplit(settings.smtp)
        is_server = server.scheme in SMTP_PORTS and bool(server.hostname) and server.port != 0
    except ValueError:  # a port that is none
        is_server = False
    if not is_server:
        return [f"{PREFIX}SMTP: Give an address such as starttls://user:password@mail.example:587."]
    if not _ADDRESS.fullmatch(settings.mail_from):
        return [f"{PREFIX}SMTP needs {PREFIX}MAIL_FROM, an address such as vocab@example.org."]
    if server.scheme == "smtp" and server.password and server.hostname not in LOOPBACK:
        return [f"{PREFIX}SMTP: A password must not go in plain. Use starttls:// or smtps://."]
    return []


def _wrong_provider(settings: Settings) -> list[str]:
    issuer = urlsplit(settings.openid_issuer)
    if not settings.openid_issuer:
        return []
    if not settings.openid_client_id:
        return [f"{PREFIX}OPENID_ISSUER needs {PREFIX}OPENID_CLIENT_ID."]
    if issuer.scheme == "https" or (issuer.scheme == "http" and issuer.hostname in LOOPBACK):
        return []
    return [f"{PREFIX}OPENID_ISSUER={settings.openid_issuer!r}: Give an address with https."]


def _names() -> set[str]:
    return {spec.name for spec in fields(Settings)}


def _origin(in_environment: bool, in_file: bool, file: str | None) -> str:
    if in_environment:
        return "environment"
    return str(file) if in_file else "default"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidError(f"{PREFIX}CONFIG: {path} cannot be read: {error}") from error


def _converted(name: str, raw: Any, default: Any) -> Any:
    """A value of the type that the default has. Raises ValueError that says what is wrong."""
    if isinstance(default, tuple):
        parts = raw if isinstance(raw, list) else str(raw).split(",")
        return tuple(part.strip() for part in parts if part.strip())
    if isinstance(default, Path):
        return Path(str(raw)).expanduser()
    if isinstance(default, bool):
        return _switch(raw)
    if isinstance(default, int | float):
        return _number(raw, type(default), least_zero=default == 0)
    if name == "base_url" and urlsplit(str(raw)).scheme not in {"http", "https"}:
        raise ValueError("Give an address that starts with http:// or https://.")
    return str(raw)


def _switch(raw: Any) -> bool:
    try:
        return SWITCH[str(raw).strip().lower()]
    except KeyError:
        raise ValueError("Give true or false.") from None


def _number(raw: Any, kind: type[int] | type[float], *, least_zero: bool) -> int | float:
    try:
        number = kind(raw)
    except (TypeError, ValueError):
        raise ValueError("Give a number.") from None
    if number < 0 or (number == 0 and not least_zero):
        raise ValueError("Give a number greater than zero.")
    return number
