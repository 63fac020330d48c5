"""What somebody else saved while a form was open: it is told, and nothing is overwritten unseen."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from rdflib import URIRef

from vocab_server.catalog.entering import triples_of
from vocab_server.listing.assets import owned_by
from vocab_server.listing.keepers import Asset
from vocab_server.rdf.change import to_lines
from vocab_server.rdf.namespaces import DCAT
from vocab_server.web.entry_fields import Field

MARK = 32  # characters of a mark


def mark_of(asset: Asset, concepts: Iterable[str]) -> str:
    """A mark of what the form of a dataset shows, files left out; another one when any changed.

    ``concepts`` are those that it is tagged with.
    """
    described = asset.dataset.described
    said = [
        triple
        for iri in owned_by(asset.dataset.iri)
        for triple in triples_of(iri, described.get(iri, {}))
        if triple[1] != DCAT.distribution
    ]
    return _mark([*sorted(to_lines(said)), *sorted(map(str, concepts)), *sorted(asset.checks)])


def mark_of_part(asset: Asset, part: URIRef) -> str:
    """A mark of what the form of a file shows; that of a file to come is "" until it is there."""
    said = triples_of(part, asset.dataset.described.get(part, {}))
    lines = sorted(to_lines(said))
    return _mark(lines) if lines else ""


def _mark(lines: Iterable[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()[:MARK]


def differing(saved: Sequence[Field], typed: Sequence[Field]) -> Iterator[tuple[str, list[str]]]:
    """The fields in which what is saved differs from what was typed, with what is saved."""
    by_name = {field.name: _values(field) for field in typed}
    for field in saved:
        values = _values(field)
        if values != by_name.get(field.name, []):
            yield field.label, values


def _values(field: Field) -> list[str]:
    """What is in a field, in words."""
    chosen = [choice.name.text for choice in field.choices if choice.is_chosen]
    return chosen or [text for box in field.boxes if (text := box.value.strip())]
