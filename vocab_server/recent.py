"""What is new, changed and deprecated, as pages, feeds and interfaces show it: names and links."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from rdflib import URIRef

from vocab_server.errors import InvalidError
from vocab_server.rdf.dates import Span, read_date
from vocab_server.rdf.languages import Label
from vocab_server.rdf.query import bind
from vocab_server.reading import Link, document_url, shown, view, with_language
from vocab_server.search.change_lists import ALWAYS, Wanted
from vocab_server.search.changes import By, Event
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.history import Kind
from vocab_server.skos.labels import labels_of
from vocab_server.skos.vocabularies import Vocabulary

ATOM, ACTIVITIES = "application/atom+xml", "application/activity+json"

_INSTEAD = """SELECT ?graph ?concept ?instead WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { ?concept dct:isReplacedBy ?instead } FILTER (isIRI(?instead)) }"""


@dataclass(frozen=True, slots=True)
class Recent:
    """One row of a list of changes. What is removed has a link without an address."""

    event: Event
    vocabulary: Vocabulary
    link: Link

    @property
    def day(self) -> date:
        """The day of the change, in UTC."""
        return self.event.time.date()

    @property
    def month(self) -> date:
        """The first day of its month."""
        return self.day.replace(day=1)

    @property
    def replaced_by(self) -> tuple[Link, ...]:
        """What to use instead of a deprecated concept."""
        return self.link.replaced_by


def kind_name(kind: Kind) -> str:
    """What happened, in a word of the interface language."""
    names = {
        Kind.NEW: _("New"),
        Kind.CHANGED: _("Updated"),
        Kind.DEPRECATED: _("No longer used"),
        Kind.REMOVED: _("Removed"),
        Kind.IMPORTED: _("Vocabulary added"),
    }
    return str(names[kind])


def sentence(row: Recent) -> str:
    """What happened, with what there is more to say, in the interface language."""
    said = kind_name(row.event.kind)
    if row.event.kind == Kind.IMPORTED:
        came = ngettext("%(num)s concept", "%(num)s concepts", row.event.concepts)
        return f"{said}: {came}"
    if row.replaced_by:
        names = ", ".join(link.label.text for link in row.replaced_by)
        return f"{said}. {_('Use instead')}: {names}"
    return said


def asked(vocabularies: Iterable[Vocabulary], by: By = By.DATE) -> Wanted:
    """The changes that a request asks for with ``since``, ``until`` and ``kind``.

    A day, a month or a year as ``until`` counts to its end. Raises InvalidError.
    """
    graphs = tuple(vocabulary.graph for vocabulary in vocabularies)
    since, until = asked_span("since"), asked_span("until")
    within = Span((since or ALWAYS).start, (until or ALWAYS).end)
    if within.end < within.start:
        raise InvalidError("The parameter until must not be before since.")
    return Wanted(graphs, asked_kinds() or tuple(Kind), within, by)


def asked_span(name: str) -> Span | None:
    """The time that a date in the address covers, None without one. Raises InvalidError."""
    text = request.args.get(name, "").strip()
    found = read_date(text) if text else None
    if text and found is None:
        raise InvalidError(
            "The parameter %(name)s must be a day as 2026-01-31, a month as 2026-01, or a time as"
            " 2026-01-31T12:00:00Z.",
            name=name,
        )
    return found


def asked_kinds() -> tuple[Kind, ...]:
    """The kinds of change that the address names; empty for all. Raises InvalidError."""
    named = [
        name.strip()
        for value in request.args.getlist("kind")
        for name in value.split(",")
        if name.strip()
    ]
    if unknown := [name for name in named if name not in list(Kind)]:
        raise InvalidError(
            "There is no kind of change %(unknown)r. Use one of: %(kind)s.",
            unknown=unknown[0],
            kind=", ".join(Kind),
        )
    return tuple(kind for kind in Kind if kind in named)


def recent(wanted: Wanted, languages: Sequence[str], *, limit: int, offset: int = 0) -> "Found":
    """A part of the changes that are wanted, newest first, and how many there are.

    Two queries for names and replacements, however many rows.
    """
    events, total = view().changes.page(wanted, limit=limit, offset=offset)
    instead = _replacements(events)
    named = [event.concept for event in events] + [
        iri for found in instead.values() for iri in found
    ]
    labels = labels_of(view().store, named, languages)
    vocabularies = {vocabulary.graph: vocabulary for vocabulary in view().vocabularies}
    rows = []
    for event in events:
        vocabulary = vocabularies[event.graph]
        others = tuple(_link(iri, labels) for iri in instead.get((event.graph, event.concept), ()))
        rows.append(
            Recent(event, vocabulary, _row_link(event, vocabulary, labels, languages, others))
        )
    return Found(rows, total)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a list, and how many the whole list has."""

    rows: list[Recent]
    total: int


def _replacements(events: Iterable[Event]) -> dict[tuple[URIRef, URIRef], list[URIRef]]:
    """What replaces each deprecated concept, by graph and concept."""
    wanted = sorted({event.concept for event in events if event.is_deprecated})
    found: dict[tuple[URIRef, URIRef], list[URIRef]] = defaultdict(list)
    if wanted:
        for row in view().store.select(bind(_INSTEAD, concepts=wanted)):
            found[URIRef(row["graph"]), URIRef(row["concept"])].append(URIRef(row["instead"]))
    return {pair: sorted(listed) for pair, listed in found.items()}


def _row_link(
    event: Event,
    vocabulary: Vocabulary,
    labels: Mapping[URIRef, Label],
    languages: Sequence[str],
    instead: tuple[Link, ...],
) -> Link:
    if event.kind == Kind.IMPORTED:
        href = with_language(url_for("vocabularies.show", identifier=vocabulary.id))
        return Link(href, shown(vocabulary.title(languages)), iri=event.concept)
    if event.kind == Kind.REMOVED:
        return Link("", Label(local_name(event.concept)), iri=event.concept)
    return _link(event.concept, labels, deprecated=event.is_deprecated, replaced_by=instead)


def _link(
    iri: URIRef,
    labels: Mapping[URIRef, Label],
    *,
    deprecated: bool = False,
    replaced_by: tuple[Link, ...] = (),
) -> Link:
    label = labels.get(iri) or Label(local_name(iri))
    href = with_language(document_url(iri))
    return Link(href, shown(label), deprecated=deprecated, iri=iri, replaced_by=replaced_by)
