"""Pages of the yearly round: catalogs among their peers, and the certificate of each."""

from datetime import UTC, date, datetime
from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.catalog.codes import CODES
from vocab_server.catalog.peers import kinds_of
from vocab_server.catalog.profiles import PUBLISHER_TYPES
from vocab_server.database.scores import Kind, Scores
from vocab_server.errors import NotFoundError
from vocab_server.quality.rounds import (
    LEAST_MQA,
    LEAST_TAGS,
    Certificate,
    Entry,
    Group,
    hold_round,
    last_day,
)
from vocab_server.rdf.languages import resolve
from vocab_server.reading import interface_language, languages, view, with_language
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.web.quality import unkept
from vocab_server.web.score_places import catalog_place
from vocab_server.web.scores import HTML, as_rdf, negotiated, score_values, wanted_type

bp = Blueprint("score_rounds", __name__)


@bp.get("/scores/rounds")
def index() -> ResponseReturnValue:
    """The round of this year."""
    address = with_language(url_for(".show", year=_today().year))
    return redirect(address, HTTPStatus.SEE_OTHER)


@bp.get("/scores/rounds/<int:year>")
def show(year: int) -> ResponseReturnValue:
    """The round of a year: each catalog among its peers, with the means of the group."""
    years = _years()
    if year not in years:
        raise NotFoundError("There was no round in %(year)s.", year=year)
    page = render_template(
        "scores/round.html",
        year=year,
        years=years,
        groups=[(_group_name(group), group) for group in _round(year)],
        catalogs={catalog.graph: catalog for catalog in view().catalogs},
        is_held=last_day(year) <= _today(),
        least=(LEAST_MQA, LEAST_TAGS),
        **score_values(),
    )
    return unkept(make_response(page))


@bp.get("/catalogs/<identifier>/certificate/<int:year>")
def certificate(identifier: str, year: int) -> ResponseReturnValue:
    """What the round of a year gave to a catalog, as page and linked data."""
    place, found = catalog_place(identifier), find_certificate(identifier, year)
    if found is None:
        raise NotFoundError(
            "The round of %(year)s gave no certificate to %(identifier)r.",
            year=year,
            identifier=identifier,
        )
    if wanted_type() != HTML:
        here = URIRef(f"{services().settings.base}{request.path}#certificate")
        return as_rdf(found.triples(here))
    page = render_template(
        "scores/certificate.html",
        place=place,
        certificate=found,
        is_valid=found.is_valid(_today()),
        **score_values(),
    )
    return negotiated(page)


def find_certificate(identifier: str, year: int) -> Certificate | None:
    """The certificate that a catalog got, or None: also before the round is held."""
    if year not in _years() or last_day(year) > _today():
        return None
    graph = catalog_place(identifier).iri
    entries = (entry for group in _round(year) for entry in group.entries)
    own = next((entry for entry in entries if entry.catalog == graph), None)
    return Certificate(own, year) if own and own.is_certified else None


def _round(year: int) -> list[Group]:
    graphs = [catalog.graph for catalog in view().catalogs]
    kinds = kinds_of(view().store, graphs)
    scores = Scores(services().database).summaries(Kind.CATALOG, last_day(year))
    return hold_round(
        Entry(
            catalog=URIRef(each.place),
            group=min(kinds.get(URIRef(each.place), {""})),
            datasets=each.datasets,
            mqa=each.mqa,
            tags=each.tags,
        )
        for each in scores
        if URIRef(each.place) in graphs
    )


def _group_name(group: Group) -> str:
    if not group.kind:
        return str(_("Other organisations"))
    code = next((c for c in CODES[PUBLISHER_TYPES] if _same(c.iri, group.kind)), None)
    name = resolve(code.names, (interface_language(), *languages())) if code else None
    return name.text if name else local_name(URIRef(group.kind))


def _same(iri: URIRef, other: str) -> bool:
    """Whether two IRIs name one kind, with or without the number of the list's version."""
    return local_name(iri) == local_name(URIRef(other))


def _years() -> list[int]:
    """The years that had a round, this one too, newest first."""
    first = Scores(services().database).first_day()
    today = _today().year
    return list(range(today, (first.year if first else today) - 1, -1))


def _today() -> date:
    return datetime.now(UTC).date()
