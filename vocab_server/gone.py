"""What was withdrawn answers so everywhere, and is told nowhere any more."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from rdflib import URIRef
from werkzeug.urls import iri_to_uri, uri_to_iri

from vocab_server.database.harvests import Harvests
from vocab_server.errors import GoneError
from vocab_server.rdf.change import Change, Patch
from vocab_server.services import services
from vocab_server.skos.telling import Told


def refuse_withdrawn(iri: str) -> None:
    """Pass silently for what was not withdrawn. Raises GoneError (RFC 9110, 15.5.11)."""
    for spelling in dict.fromkeys((iri, iri_to_uri(iri), uri_to_iri(iri))):
        if found := services().withdrawn.find(spelling):
            raise GoneError(
                "%(iri)s was withdrawn on %(time)s and is never used again. %(reason)s",
                iri=found.iri,
                time=found.time.date(),
                reason=found.reason,
            )


def refuse_vanished(dataset: str) -> None:
    """Pass silently unless a dataset, by IRI or identifier, is one that its publisher took away.

    Raises GoneError that tells when and from which catalog.
    """
    if found := Harvests(services().database).gone(dataset):
        catalog, known = found
        when = known.gone.date() if known.gone else ""
        raise GoneError(
            "“%(dataset)s” was a dataset of the catalog %(catalog)s. Its publisher has it no more;"
            " it was taken out here on %(when)s.",
            dataset=known.title or dataset,
            catalog=catalog,
            when=when,
        )


def without_withdrawn(change: Change, gone: Collection[str]) -> Change:
    """A change without what it says of anything that was withdrawn, which is ``gone``."""
    if not gone:
        return change
    added, removed = (
        frozenset(t for t in some if t[0] not in gone and t[2] not in gone)
        for some in (change.added, change.removed)
    )
    return Change(change.graph, added, removed)


def told_without(graph: URIRef, items: Iterable[Told]) -> list[Told]:
    """What was told of a graph but for what it tells of anything that was withdrawn."""
    gone = services().withdrawn.of(graph)
    return [
        item for item in items if not gone.intersection((item.concept, *item.before, *item.after))
    ]


def mask_of(graph: URIRef) -> Callable[[Patch], Patch]:
    """What takes the lines on anything that was withdrawn from a graph out of a patch of any size.

    It may be called when the request is over.
    """
    names = tuple(f"<{iri}>".encode() for iri in sorted(services().withdrawn.of(graph)))
    return (lambda patch: _Masked(patch, names)) if names else (lambda patch: patch)


@dataclass(frozen=True, slots=True)
class _Masked:
    patch: Patch
    names: tuple[bytes, ...]

    @property
    def graph(self) -> URIRef:
        return self.patch.graph

    def added_blocks(self) -> Iterator[bytes]:
        return map(self._kept, self.patch.added_blocks())

    def removed_blocks(self) -> Iterator[bytes]:
        return map(self._kept, self.patch.removed_blocks())

    def _kept(self, block: bytes) -> bytes:
        lines = block.splitlines(keepends=True)
        return b"".join(line for line in lines if not any(name in line for name in self.names))
