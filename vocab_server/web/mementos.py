"""The past of an address (RFC 7089, Memento): time gates, time maps and mementos.

The mementos of a concept are its states after each change that spoke of it; those of a vocabulary
are its releases. An identifier that we minted is its own time gate (RFC 7089, 4.1.1); for others
``/resource?iri=`` is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import Literal, URIRef
from rdflib.term import Identifier
from werkzeug.http import http_date, parse_date

from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.gone import refuse_withdrawn
from vocab_server.past import get_change, named_resource, state_at
from vocab_server.rdf.change import Triple, to_lines
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, content_type
from vocab_server.rdf.languages import display_tag
from vocab_server.rdf.query import is_iri
from vocab_server.reading import Link, lens_for, link, page_number, shown_language, view
from vocab_server.services import services
from vocab_server.skos.description import describe
from vocab_server.skos.hierarchy import items, local_name
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.projection import to_update
from vocab_server.web import releases, resources, vocabularies
from vocab_server.web.concept_page import Value
from vocab_server.web.releases import FOR_EVER, HTML, JSON, release_url, releases_of, wanted_form
from vocab_server.web.signposting import written_iri
from vocab_server.web.vocabularies import summary

bp = Blueprint("mementos", __name__)

LINK_FORMAT = "application/link-format"
MAPPED = 1_000  # mementos on a page of a time map
VALUES = 500  # values of a property that the page of a state shows
RDF = tuple(form.media_type for form in DESCRIPTION_FORMATS)
DONE = (HTTPStatus.OK, HTTPStatus.SEE_OTHER, HTTPStatus.NOT_MODIFIED)


@dataclass(frozen=True, slots=True)
class Memento:
    """One state of an original resource: where it is, and since when it was so."""

    url: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Original:
    """A resource with a past, in a vocabulary; of the vocabulary itself the releases count."""

    iri: URIRef
    vocabulary: Vocabulary

    @property
    def is_vocabulary(self) -> bool:
        """Whether it is the vocabulary itself."""
        return self.iri == self.vocabulary.graph

    @property
    def timegate(self) -> str:
        """Where a client asks for a time."""
        base = services().settings.base
        if str(self.iri).startswith((f"{base}/id/", f"{base}/vocabularies/")):
            return written_iri(self.iri)
        return f"{base}/resource?{urlencode({'iri': self.iri})}"

    @property
    def timemap(self) -> str:
        """Where all mementos are listed."""
        return f"{services().settings.base}/timemap?{urlencode({'iri': self.iri})}"

    def links(self) -> list[str]:
        """The Link headers that lead around in time (RFC 7089, 2.2)."""
        return [
            f'<{written_iri(self.iri)}>; rel="original"',
            f'<{self.timegate}>; rel="timegate"',
            f'<{self.timemap}>; rel="timemap"; type="{LINK_FORMAT}"',
        ]

    def at(self, time: datetime) -> Memento | None:
        """The memento that was the state at a time, else the first one; None when there is none."""
        if self.is_vocabulary:
            known = _of_releases(self.vocabulary)
            return next((one for one in known if one.time <= time), known[-1] if known else None)
        graph, histories = self.vocabulary.graph, view().histories
        then = services().log.number_at(time.replace(microsecond=999_999))
        numbers, _ = histories.page(graph, self.iri, limit=1, until=then) if then else ([], 0)
        first = histories.first(graph, self.iri)
        chosen = numbers or ([first] if first else [])
        return next(iter(self.states(chosen)), None)

    def page(self, number: int) -> tuple[list[Memento], int]:
        """A page of the mementos, oldest last, and how many there are."""
        start = (number - 1) * MAPPED
        if self.is_vocabulary:
            known = _of_releases(self.vocabulary)
            return known[start : start + MAPPED], len(known)
        graph = self.vocabulary.graph
        numbers, total = view().histories.page(graph, self.iri, limit=MAPPED, offset=start)
        return self.states(numbers), total

    def states(self, numbers: Sequence[int]) -> list[Memento]:
        """The mementos after changes of these numbers."""
        found = services().log.numbered(numbers)
        return [
            Memento(_state_url(self.vocabulary, number, self.iri), found[number].time)
            for number in numbers
        ]


def _public(endpoint: str, **values: object) -> str:
    return services().settings.base + url_for(endpoint, **values)  # type: ignore[arg-type]  # of url_for


def _state_url(vocabulary: Vocabulary, number: int, iri: URIRef) -> str:
    return _public("mementos.state", identifier=vocabulary.id, number=number, iri=iri)


def _of_releases(vocabulary: Vocabulary) -> list[Memento]:
    """The releases of a vocabulary, newest first."""
    base = services().settings.base
    return [
        Memento(base + release_url(vocabulary, one), one.issued) for one in releases_of(vocabulary)
    ]


def _negotiate_time(response: Response) -> Response:
    """Say where the past of what was asked for is; lead who asks for a time there (RFC 7089, 4)."""
    original = _asked_original() if response.status_code in DONE else None
    if original is None:
        return response
    if "release" in g:  # which is a memento itself
        _dated(response, original, g.release.issued)
        return response
    wanted = request.headers.get("Accept-Datetime")
    if wanted is not None:
        response = _to_memento(original, wanted)
    for header in original.links():
        response.headers.add("Link", header)
    response.vary.add("accept-datetime")
    return response


def _to_memento(original: Original, wanted: str) -> Response:
    time = parse_date(wanted)
    if time is None:
        return _refused()
    found = original.at(time)
    if found is None:
        raise NotFoundError("No past state of %(original)s is known.", original=original.iri)
    response = redirect(found.url, HTTPStatus.FOUND)
    memento = f'<{found.url}>; rel="memento"; datetime="{http_date(found.time)}"'
    response.headers.add("Link", memento)
    return response  # type: ignore[return-value]  # of werkzeug's base class


def _refused() -> Response:
    """What is no time is a mistake of the client (RFC 7089, 4.5.3)."""
    return Response(
        "Accept-Datetime must be a time as Thu, 31 May 2007 20:35:00 GMT (RFC 7089, 2.1.1).\n",
        HTTPStatus.BAD_REQUEST,
        content_type="text/plain; charset=utf-8",
    )


def _asked_original() -> Original | None:
    if request.blueprint == "vocabularies":
        return _whole(str((request.view_args or {}).get("identifier")))
    iri, graphs = g.get("held", (None, ()))
    found = next((v for v in view().vocabularies if v.graph in graphs), None)
    return Original(iri, found) if iri and found else None


def _whole(identifier: str) -> Original | None:
    if request.endpoint != "vocabularies.show":
        return None
    vocabulary = view().vocabulary(identifier)
    has_past = "release" in g or releases_of(vocabulary)
    return Original(vocabulary.graph, vocabulary) if has_past else None


def _date_release(response: Response) -> Response:
    """Say that a release is a memento of its vocabulary."""
    release = g.get("release_shown")
    if release is not None and response.status_code in DONE:
        vocabulary = view().vocabulary_in(release.graph)
        _dated(response, Original(release.graph, vocabulary), release.issued)
    return response


def _dated(response: Response, original: Original, time: datetime) -> None:
    response.headers["Memento-Datetime"] = http_date(time)
    for header in original.links():
        response.headers.add("Link", header)


resources.bp.after_request(_negotiate_time)
vocabularies.bp.after_request(_negotiate_time)
releases.bp.after_request(_date_release)


@bp.get("/timemap")
def timemap() -> Response:
    """All mementos of the resource that ``?iri=`` names, oldest first (RFC 7089, 5)."""
    iri = request.args.get("iri", "").strip()
    if not iri or not is_iri(iri):
        raise InvalidError("Give the address of a concept or vocabulary as ?iri=.")
    refuse_withdrawn(iri)
    original, number = _original(URIRef(iri)), page_number()
    found, total = original.page(number)
    if not found:
        raise NotFoundError(
            "There is no page %(number)s of the past of %(iri)s.", number=number, iri=iri
        )
    lines = [*_around(original, number, total), *_listed(found, number, total)]
    return Response(",\n".join(lines) + "\n", content_type=LINK_FORMAT)


def _original(iri: URIRef) -> Original:
    """The resource of this name. Raises NotFoundError when it has no past here."""
    for vocabulary in view().vocabularies:
        if vocabulary.graph == iri or view().histories.first(vocabulary.graph, iri) is not None:
            return Original(iri, vocabulary)
    raise NotFoundError("Nothing here is or was named %(iri)s.", iri=iri)


def _around(original: Original, number: int, total: int) -> Iterator[str]:
    yield f'<{written_iri(original.iri)}>; rel="original"'
    yield f'<{original.timegate}>; rel="timegate"'
    more = f"&page={number}" if number > 1 else ""
    yield f'<{original.timemap}{more}>; rel="self"; type="{LINK_FORMAT}"'
    if number * MAPPED < total:
        earlier = f"{original.timemap}&page={number + 1}"
        yield f'<{earlier}>; rel="timemap"; type="{LINK_FORMAT}"'


def _listed(found: Sequence[Memento], number: int, total: int) -> Iterator[str]:
    """The mementos of a page, which holds the newest first, oldest first."""
    ends = {0: "last"} if number == 1 else {}
    if number * MAPPED >= total:
        ends[len(found) - 1] = "first last" if ends and len(found) == 1 else "first"
    for place in reversed(range(len(found))):
        names = f"{ends.get(place, '')} memento".strip()
        one = found[place]
        yield f'<{one.url}>; rel="{names}"; datetime="{http_date(one.time)}"'


@bp.get("/vocabularies/<identifier>/history/<int:number>/state")
def state(identifier: str, number: int) -> ResponseReturnValue:
    """What a vocabulary said of the concept ``?iri=`` after a change, as a page or as RDF."""
    vocabulary = view().vocabulary(identifier)
    logged, resource = get_change(vocabulary.graph, number), named_resource(vocabulary.graph)
    if resource is None:
        raise InvalidError("Give the address of a concept as ?iri=.")
    said = state_at(vocabulary.graph, resource, number)
    if not said:
        raise NotFoundError(
            "After change %(number)s nothing was said of %(resource)s.",
            number=number,
            resource=resource,
        )
    media_type = wanted_form((HTML, JSON, *RDF))
    if media_type == HTML:
        page = _state_page(vocabulary, resource, said, logged.time)
        response = Response(page, content_type="text/html; charset=utf-8")
    else:
        response = _state_rdf(vocabulary.graph, resource, said, media_type)
        response.headers["Cache-Control"] = FOR_EVER
    _dated(response, Original(resource, vocabulary), logged.time)
    response.vary.add("Accept")
    return response


def _state_rdf(
    graph: URIRef, resource: URIRef, said: frozenset[Triple], media_type: str
) -> Response:
    store = EmbeddedStore.in_memory()
    lines = "".join(f"{line}\n" for line in to_lines(said)).encode()
    store.update(to_update(graph, [lines], [], 1))
    written = "application/ld+json" if media_type == JSON else media_type
    described = describe(store, [graph], resource, written)
    return Response(described, content_type=content_type(media_type))


def _state_page(
    vocabulary: Vocabulary, resource: URIRef, said: frozenset[Triple], time: datetime
) -> str:
    lens = lens_for(vocabulary.graph)
    own = sorted(triple for triple in said if triple[0] == resource)
    named = {o for _, _, o in own if isinstance(o, URIRef)}
    links = {item.iri: link(item) for item in items(lens, sorted({resource, *named}))}
    properties: dict[Identifier, list[Value]] = {}
    for _, predicate, value in own:
        properties.setdefault(predicate, []).append(_value(value, links))
    return render_template(
        "history/state.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        concept=links[resource],
        time=time,
        properties=[
            (local_name(URIRef(str(name))), str(name), values[:VALUES])
            for name, values in properties.items()
        ],
    )


def _value(value: Identifier, links: dict[URIRef, Link]) -> Value:
    if isinstance(value, Literal):
        return Value(str(value), display_tag(value.language) if value.language else "")
    found = links[URIRef(str(value))]
    return Value(found.label.text, found.label.language, found.href)
