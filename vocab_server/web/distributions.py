"""The forms in which a dataset is had, as pages show them: each with what its links answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from vocab_server.catalog.resources import Dataset, Distribution, part_key
from vocab_server.database.links import Link, Links
from vocab_server.outbound import Trouble
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.licences import licence_name
from vocab_server.reading import languages, shown
from vocab_server.services import services
from vocab_server.web.signposting import external_url

TROUBLES = {
    Trouble.CERTIFICATE: lazy_gettext("its certificate is not valid"),
    Trouble.CIRCLE: lazy_gettext("it leads in circles"),
    Trouble.PRIVATE: lazy_gettext("it is in a private network"),
    Trouble.SLOW: lazy_gettext("it takes too long to answer"),
    Trouble.UNREACHABLE: lazy_gettext("nobody answers there"),
}


@dataclass(frozen=True, slots=True)
class LinkState:
    """An address, in words: whether it is there, and when that was looked at."""

    text: str
    is_bad: bool = False
    checked: datetime | None = None


def link_state(link: Link | None) -> LinkState:
    """What is known of an address."""
    if link is None or link.checked is None:
        return LinkState(_("Not checked yet"))
    answer = link.answer
    if answer.is_good:
        return LinkState(_("It answers"), checked=link.checked)
    if answer.trouble is Trouble.ROBOTS:
        return LinkState(_("Not checked: its server does not want programs there"))
    if answer.trouble:
        told = _("Does not work: %(reason)s", reason=TROUBLES[answer.trouble])
    else:
        told = _("Does not work: the server answers %(status)s", status=answer.status)
    return LinkState(told, is_bad=True, checked=link.checked)


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which a dataset is had; each address with its link and what it answers.

    ``check`` is the page of its data check.
    """

    title: Label | None
    description: Label | None
    formats: tuple[str, ...]
    licences: list[tuple[str, str]]
    addresses: list[tuple[str, str, LinkState]]
    check: str


def forms_of(identifier: str, dataset: Dataset) -> list[Form]:
    """The forms of a dataset; one query for what is known of all their addresses."""
    addresses = [url for part in dataset.distributions for url in part.addresses]
    links = Links(services().database).find(addresses)
    return [form_of(identifier, part, links) for part in dataset.distributions]


def form_of(identifier: str, part: Distribution, links: Mapping[str, Link]) -> Form:
    """One distribution of a dataset, with what is known of its addresses."""
    return Form(
        title=_text(part.titles),
        description=_text(part.descriptions),
        formats=part.formats,
        licences=[(licence_name(v), external_url(v)) for v in part.licences],
        addresses=[(v, external_url(v), link_state(links.get(v))) for v in part.addresses],
        check=url_for("data_checks.show", identifier=identifier, key=part_key(part.iri)),
    )


def _text(texts: Sequence[Label]) -> Label | None:
    found = resolve(texts, languages())
    return shown(found) if found else None
