"""Taking an earlier change back as a new change, when it still applies."""

from collections.abc import Iterable, Iterator

from vocab_server.errors import ConflictError
from vocab_server.rdf.change import Patch, Reversed, Triple, to_lines
from vocab_server.rdf.ntriples import read_triple
from vocab_server.store.base import Reader
from vocab_server.store.holding import held

TOLD = 5  # statements that an error message quotes


def inverse(store: Reader, change: Patch) -> Reversed:
    """What undoes a change of any size in the store.

    Raises ConflictError, with the statements, when something that the change added is no longer
    there or something that it removed is back.
    """
    gone = [*_found(store, change, change.added_blocks(), is_held=False)]
    back = [*_found(store, change, change.removed_blocks(), is_held=True)]
    if gone or back:
        raise ConflictError(_told(gone, back), statements=(*to_lines(gone), *to_lines(back)))
    return Reversed(change)


def _found(
    store: Reader, change: Patch, blocks: Iterable[bytes], *, is_held: bool
) -> Iterator[Triple]:
    for block in blocks:
        triples = frozenset(map(read_triple, block.splitlines()))
        for triple, is_there in held(store, change.graph, triples).items():
            if is_there == is_held:
                yield triple


def _told(gone: list[Triple], back: list[Triple]) -> str:
    told = ["Later changes are in the way of undoing this one."]
    for title, triples in (("No longer there:", gone), ("There again:", back)):
        if triples:
            more = f" and {len(triples) - TOLD} more" if len(triples) > TOLD else ""
            told.append(f"{title} {' '.join(to_lines(triples)[:TOLD])}{more}")
    told.append("Undo those first, or make the change by hand.")
    return " ".join(told)
