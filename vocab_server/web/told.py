"""Changes told in words on pages: sentences with links, what was beside what is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.database.log import LoggedChange
from vocab_server.rdf.change import Change, to_lines
from vocab_server.rdf.composing import read_change
from vocab_server.rdf.languages import Label, resolve
from vocab_server.reading import Link, lens_for, link, shown
from vocab_server.skos.hierarchy import Lens, items, local_name
from vocab_server.skos.labels import to_label
from vocab_server.skos.telling import Kind, Told, named_in, tell
from vocab_server.web.draft_texts import NEW, PROPERTIES, SENTENCES

MOST = 2_000  # statements of a change that is told in words
LINES = 200  # statements that are shown as they are

_WITH_VALUES = {kind for kind in Kind if kind.partition("-")[0] in ("label", "note", "notation")}
_WITH_VALUES |= {Kind.MAPPED, Kind.REMAPPED, Kind.UNMAPPED, Kind.REORDERED}
_WITH_VALUES |= {kind for kind in Kind if kind.partition("-")[0] in ("member", "statement")}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that a change does; ``before`` and ``after`` hold labels or links.

    ``what`` is the property whose value changed; ``has_values`` says to show them side by side.
    """

    text: object
    concept: Link
    before: tuple[Label | Link, ...]
    after: tuple[Label | Link, ...]
    what: object
    texts: tuple[Label, ...]
    has_values: bool


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change of a draft on its page; ``size`` statements, of which some are in the lines."""

    position: int
    author: str
    time: datetime
    message: str
    sentences: list[Sentence]
    added: list[str]
    removed: list[str]
    size: int
    undoes: int | None


def sentences(changes: Sequence[Change]) -> list[list[Sentence]]:
    """What each of several changes of one vocabulary does; the names in one look-up."""
    return sentences_of(changes[0].graph, [tell(change) for change in changes]) if changes else []


def sentences_of(graph: URIRef, told: Sequence[Sequence[Told]]) -> list[list[Sentence]]:
    """What was told of several changes of one vocabulary; the names in one look-up."""
    named = {iri for found in told for iri in named_in(found)}
    if not named:
        return [[] for _ in told]
    lens = lens_for(graph)
    known: dict[Identifier, Link] = {item.iri: link(item) for item in items(lens, sorted(named))}
    known |= _not_there_yet((item for found in told for item in found), known, lens)
    return [[_sentence(item, known) for item in found] for found in told]


def _not_there_yet(
    told: Iterable[Told], known: dict[Identifier, Link], lens: Lens
) -> dict[Identifier, Link]:
    """What a change would create, by the name that it gets; there is no page of it before."""
    found: dict[Identifier, Link] = {}
    for item in told:
        texts = [to_label(text) for text in item.texts if isinstance(text, Literal)]
        name, there = resolve(texts, lens.languages), known.get(item.concept)
        if item.kind is Kind.CREATED and name and (there is None or _is_unnamed(there)):
            found[item.concept] = Link("", shown(name), iri=str(item.concept))
    return found


def _is_unnamed(there: Link) -> bool:
    return not there.label.language and there.label.text == local_name(there.iri)


def tell_logged(changes: Sequence[LoggedChange], base: int) -> list[ToldChange]:
    """The changes of a draft as its page shows them; big ones by their size alone."""
    small = [change for change in changes if change.added + change.removed <= MOST]
    read = {change.number: read_change(change) for change in small}
    told = dict(zip(read, sentences(list(read.values())), strict=True))
    return [
        ToldChange(
            position=change.number - base,
            author=change.author,
            time=change.time,
            message=change.message,
            sentences=told.get(change.number, []),
            added=_lines(read, change.number, "added"),
            removed=_lines(read, change.number, "removed"),
            size=change.added + change.removed,
            undoes=change.details.get("change") if change.details.get("kind") == "undo" else None,
        )
        for change in changes
    ]


def _lines(read: dict[int, Change], number: int, name: str) -> list[str]:
    return to_lines(getattr(read[number], name))[:LINES] if number in read else []


def _sentence(item: Told, known: dict[Identifier, Link]) -> Sentence:
    concept = _named(item, known)
    texts = [shown(to_label(text)) for text in item.texts if isinstance(text, Literal)]
    return Sentence(
        text=_text(item),
        concept=concept,
        before=tuple(_value(value, known) for value in item.before),
        after=tuple(_value(value, known) for value in item.after),
        what=_property(item),
        texts=tuple(text for text in texts if text != concept.label),
        has_values=item.kind in _WITH_VALUES,
    )


def _text(item: Told) -> object:
    if item.kind is Kind.CREATED and item.property in NEW:
        return NEW[URIRef(str(item.property))]
    return SENTENCES[item.kind]


def _named(item: Told, known: dict[Identifier, Link]) -> Link:
    """The concept as a link; one that is gone by the name that it had."""
    found = known.get(item.concept) or Link("", Label(local_name(str(item.concept))))
    names = [shown(to_label(text)) for text in item.texts if isinstance(text, Literal)]
    if item.kind is Kind.REMOVED and names:
        return Link("", names[0])
    return found


def _value(value: Identifier, known: dict[Identifier, Link]) -> Label | Link:
    if isinstance(value, URIRef):
        return known.get(value) or Link(str(value), Label(str(value)))
    return shown(to_label(value))


def _property(item: Told) -> object:
    prop = item.property
    if prop is None or item.kind in (Kind.CREATED, Kind.REMOVED):
        return ""
    return PROPERTIES.get(URIRef(str(prop)), local_name(str(prop)))
