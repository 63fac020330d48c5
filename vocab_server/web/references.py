"""Tables of the documentation, made of the tables that the program itself goes by.

So nothing is written twice, and nothing can be out of date.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from vocab_server.accounts import passwords, sessions, throttle, tokens
from vocab_server.accounts.roles import GRANTS, REACH, Permission, Role
from vocab_server.catalog.profiles import PROFILES
from vocab_server.config import MIB, PREFIX, Settings
from vocab_server.quality import uploads
from vocab_server.quality.checks import CHECKS
from vocab_server.rdf.formats import FORMATS, RESULTS, Format
from vocab_server.store import query_text
from vocab_server.store.crew import MAX_WAITING
from vocab_server.store.sandbox import MAX_TEXT
from vocab_server.web import evidence
from vocab_server.web.account_texts import ABOUT_ROLES, PERMISSIONS, ROLES
from vocab_server.web.quality_texts import LEVELS, SEVERITIES
from vocab_server.web.tables import Cell, Table, code


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is part of the program above the pages: its name, its use, what it does."""

    name: str
    use: str
    text: str


@dataclass(frozen=True, slots=True)
class Above:
    """What the pages tell of and cannot know by themselves: the commands and the duties."""

    commands: Sequence[Told] = ()
    duties: Sequence[Told] = ()


def _settings(_language: str) -> Table:
    rows = [
        (
            code(PREFIX + spec.name.upper()),
            code(_default(spec.default)),
            Cell(spec.metadata["meaning"]),
        )
        for spec in fields(Settings)
    ]
    return Table(_("Settings"), (_("Variable"), _("Default"), _("Meaning")), tuple(rows))


def _default(value: object) -> str:
    """A default as one would write it; the number of cores is not the same everywhere."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if not value and isinstance(value, str) else str(value)


def _commands(_language: str) -> Table:
    above: Above = current_app.extensions["vocab_server.above"]
    rows = tuple((code(told.use), Cell(told.text)) for told in above.commands)
    return Table(_("Commands"), (_("Command"), _("Meaning")), rows)


def _duties(_language: str) -> Table:
    above: Above = current_app.extensions["vocab_server.above"]
    rows = tuple((code(told.name), Cell(told.use), Cell(told.text)) for told in above.duties)
    return Table(_("What runs by itself"), (_("Name"), _("How often"), _("Meaning")), rows)


def _checks(language: str) -> Table:
    rows = tuple(
        (
            code(check.id, url_for("quality.about", check=check.id)),
            Cell(check.title.said(language)),
            Cell(str(SEVERITIES[check.severity])),
            Cell(str(LEVELS[check.level])),
        )
        for check in CHECKS
    )
    headings = (_("Check"), _("Meaning"), _("Severity"), _("What it stops"))
    return Table(_("Checks"), headings, rows)


def _roles(_language: str) -> Table:
    rows = tuple(
        (
            Cell(str(ROLES[role])),
            code(role.value),
            code(REACH[role].value),
            Cell(str(ABOUT_ROLES[role])),
        )
        for role in Role
    )
    headings = (_("Role"), _("Name"), _("Can be narrowed to"), _("May"))
    return Table(_("Roles"), headings, rows)


def _permissions(_language: str) -> Table:
    rows = tuple(
        (
            Cell(str(PERMISSIONS[permission])),
            code(permission.value),
            Cell(", ".join(str(ROLES[role]) for role in Role if permission in GRANTS[role])),
        )
        for permission in Permission
    )
    return Table(_("Permissions"), (_("Permission"), _("Name"), _("Roles")), rows)


def _formats(_language: str) -> Table:
    headings = (_("Format"), _("Media type"), _("Ending"), _("Also accepted"))
    return Table(_("Formats of RDF"), headings, tuple(map(_format_row, FORMATS)))


def _results(_language: str) -> Table:
    headings = (_("Format"), _("Media type"), _("Ending"), _("Also accepted"))
    return Table(_("Formats of results"), headings, tuple(map(_format_row, RESULTS)))


def _format_row(form: Format) -> tuple[Cell, ...]:
    also = ", ".join(form.aliases)
    return Cell(form.title), code(form.media_type), code(form.extension), code(also)


def _profiles(_language: str) -> Table:
    rows = tuple(
        (Cell(profile.title), code(profile.id), code(str(profile.iri)))
        for profile in PROFILES.values()
    )
    return Table(_("Profiles"), (_("Profile"), _("Name"), _("Address")), rows)


def _limits(_language: str) -> Table:
    rows = tuple((Cell(text), Cell(f"{value:,} {unit}".strip())) for text, value, unit in _bounds())
    return Table(_("Limits"), (_("What"), _("At most")), rows)


def _bounds() -> Iterator[tuple[str, int, str]]:
    """Limits that no setting changes: what, how much, of what."""
    yield "Body of a request", current_app.config["MAX_CONTENT_LENGTH"] // MIB, "MiB"
    yield "Form without files", current_app.config["MAX_FORM_MEMORY_SIZE"] // MIB, "MiB"
    yield "File or text to check at /validate", uploads.LARGEST // MIB, "MiB"
    yield "SPARQL query", MAX_TEXT // 1024, "KiB"
    yield "Brackets within brackets in a query", query_text.MAX_DEPTH, ""
    yield "OPTIONAL in a query", query_text.MAX_OPTIONAL, ""
    yield "Triple patterns in one group of a query", query_text.MAX_PATTERNS, ""
    yield "Queries that wait for a query process", MAX_WAITING, ""
    yield "Password (at least)", passwords.SHORTEST, "characters"
    yield "Password", passwords.LONGEST, "characters"
    for limit in throttle.LIMITS:
        whom = " and ".join(_counted(limit))
        yield f"Attempts to sign in for one {whom}", limit.attempts, f"in {_minutes()} minutes"
    yield "Session without a click", int(sessions.IDLE.total_seconds()) // 3600, "hours"
    yield "Session", sessions.LONGEST.days, "days"
    yield "Life of a token", tokens.MOST_DAYS, "days"


def _counted(limit: throttle.Limit) -> Iterator[str]:
    if limit.by_account:
        yield "account"
    if limit.by_address:
        yield "address"


def _minutes() -> int:
    return int(throttle.PERIOD.total_seconds()) // 60


TABLES: dict[str, Callable[[str], Table]] = {
    "asvs": evidence.asvs,
    "benchmark": evidence.benchmark,
    "checks": _checks,
    "commands": _commands,
    "duties": _duties,
    "formats": _formats,
    "limits": _limits,
    "machine": evidence.machine,
    "permissions": _permissions,
    "profiles": _profiles,
    "results": _results,
    "roles": _roles,
    "settings": _settings,
}


def table_of(name: str, language: str) -> Markup:
    """A table as HTML, in the reader's language. Raises KeyError when there is none."""
    return Markup(  # noqa: S704  (a template of ours, which escapes)
        render_template("documentation/_table.html", table=TABLES[name](language), name=name)
    )
