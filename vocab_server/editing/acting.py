"""Acts of curators in a draft: an operation becomes a change that is kept, or is only looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rdflib import URIRef

from vocab_server.database.draft_log import DraftLog
from vocab_server.database.drafts import Draft
from vocab_server.database.log import LoggedChange
from vocab_server.editing.drafts import Drafts
from vocab_server.editing.undoing import inverse
from vocab_server.errors import ConflictError
from vocab_server.rdf.change import Change, Patch
from vocab_server.rdf.namespaces import DCT
from vocab_server.rdf.ntriples import read_triple
from vocab_server.rdf.query import bind
from vocab_server.skos.acts.curation import Curation, Policy
from vocab_server.skos.acts.operations import ACTS, perform
from vocab_server.skos.sketch import Sketch
from vocab_server.store.base import Reader

Operation = Mapping[str, Any]
CHECKED = 20_000  # statements of a change that is undone under the rules, in memory

_HELD = """ASK { GRAPH ?any { { $iri ?property ?value } UNION { ?other ?property $iri } } }"""
_SAID = "ASK { GRAPH $graph { $iri ?property ?value } }"


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a draft somebody had before them when they decided to change it.

    ``number`` is that of the last change they saw, ``generation`` the draft's at that time.
    """

    generation: int
    number: int

    @classmethod
    def now(cls, drafts: Drafts, draft: Draft) -> "Seen":
        """What who looks at a draft now has seen of it."""
        return cls(draft.generation, drafts.branches.log(draft).last())


def curation_of(store: Reader, published: Reader, draft: Draft, policy: Policy) -> Curation:
    """A draft in the hands of a curator, beside what is published now.

    An address is taken when what is published mentions it; what the draft itself mentions every
    act looks for.
    """

    def is_taken(iri: URIRef) -> bool:
        return published.ask(bind(_HELD, iri=iri))

    def was_published(iri: URIRef) -> bool:
        return published.ask(bind(_SAID, graph=draft.graph, iri=iri))

    return Curation(store, draft.graph, datetime.now(UTC), policy, is_taken, was_published)


def act_in(
    drafts: Drafts,
    draft: Draft,
    operation: Operation,
    *,
    published: Reader,
    policy: Policy,
    author: str,
    message: str = "",
    seen: Seen | None = None,
    concepts: Iterable[URIRef] = (),
) -> int | None:
    """Do an operation in a draft; the position of the change, None when nothing changes.

    Raises as ``operations.perform`` does, and ConflictError for a draft that is finished, or when
    one of the ``concepts`` was changed after what was ``seen``.
    """
    log = drafts.branches.log(draft)

    def act(store: Reader) -> Change:
        if seen is not None:
            refuse_stale(log, draft, seen, concepts)
        return perform(curation_of(store, published, draft, policy), operation)

    told = message.strip() or ACTS[operation["do"]].summary if operation.get("do") in ACTS else ""
    return drafts.commit(draft.id, act, author, told, {"do": operation.get("do")})


def undo_in(
    drafts: Drafts, draft: Draft, position: int, *, published: Reader, author: str
) -> int | None:
    """Take a change of a draft back; the position of the new change.

    Raises as ``Drafts.undo`` does, and RuleBrokenError when, after what came between, a rule would
    be broken. What came last is taken back as it was, with a fault that an import may have had.
    """
    log = drafts.branches.log(draft)

    def act(store: Reader) -> Patch:
        change = log.get(draft.base + position)
        if log.last() == change.number or change.added + change.removed > CHECKED:
            return inverse(store, change)
        curation = curation_of(store, published, draft, Policy(namespace=""))
        return _undoing(curation, read_change(change))

    return drafts.commit(draft.id, act, author, "", {"kind": "undo", "change": position})


def _undoing(curation: Curation, change: Change) -> Change:
    """What undoes a change after others; when things were modified is never in the way."""
    dated = {s for s, p, _ in change.added | change.removed if p == DCT.modified}
    added, removed = (
        frozenset(triple for triple in some if triple[1] != DCT.modified)
        for some in (change.added, change.removed)
    )
    rest = Change(change.graph, added, removed)
    inverse(curation.store, rest)  # raises ConflictError
    sketch = Sketch.of(curation.store, rest.inverse())
    return curation.finish(sketch, sketch.known(dated))


def refuse_stale(log: DraftLog, draft: Draft, seen: Seen, concepts: Iterable[URIRef]) -> None:
    """Pass silently when none of the concepts was changed after what was seen.

    Raises ConflictError, with the concepts that were.
    """
    wanted = {f"<{iri}>".encode() for iri in concepts}
    if seen.generation != draft.generation:
        raise ConflictError(
            "The draft was brought up to what is published meanwhile. Look at it again."
        )
    for change in log.since(seen.number):
        touched = {iri for line in _lines(change) for iri in wanted if iri in line}
        if touched:
            found = tuple(sorted(iri[1:-1].decode() for iri in touched))
            raise ConflictError(
                f"{change.author} changed this concept while you were editing. Compare before you"
                " save.",
                concepts=found,
            )


def changes_of(log: DraftLog, seen: Seen, concept: URIRef) -> list[LoggedChange]:
    """The changes of a draft after what was seen that say something of a concept."""
    wanted = f"<{concept}>".encode()
    return [
        change
        for change in log.since(seen.number)
        if any(wanted in line for line in _lines(change))
    ]


def read_change(change: LoggedChange) -> Change:
    """A change of the log in memory; for small ones."""
    added = frozenset(read_triple(line) for b in change.added_blocks() for line in b.splitlines())
    gone = frozenset(read_triple(line) for b in change.removed_blocks() for line in b.splitlines())
    return Change(change.graph, added, gone)


def _lines(change: LoggedChange) -> Iterable[bytes]:
    for block in (*change.added_blocks(), *change.removed_blocks()):
        yield from block.splitlines()
