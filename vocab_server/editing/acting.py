"""Acts on pages: done only where the draft is still as the curator saw it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import URIRef

from vocab_server.database.draft_log import DraftLog
from vocab_server.database.drafts import Draft
from vocab_server.database.log import LoggedChange
from vocab_server.editing.curating import Desk, Made
from vocab_server.editing.drafts import Drafts
from vocab_server.editing.undoing import inverse
from vocab_server.errors import ConflictError
from vocab_server.rdf.change import Change, Patch
from vocab_server.rdf.composing import read_change
from vocab_server.rdf.namespaces import DCT
from vocab_server.skos.acts.curation import Curation
from vocab_server.skos.sketch import Sketch
from vocab_server.store.base import Reader

Operation = Mapping[str, Any]
CHECKED = 20_000  # statements of a change that is undone under the rules, in memory


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


def act_in(
    desk: Desk,
    operation: Operation,
    author: str,
    *,
    seen: Seen,
    concepts: Iterable[URIRef] = (),
) -> Made:
    """Do an operation in a draft, as ``Desk.operate`` does.

    Raises ConflictError, too, when one of the ``concepts`` was changed after what was ``seen``.
    """

    def check() -> None:
        refuse_stale(desk.drafts.branches.log(desk.draft), desk.draft, seen, concepts)

    return desk.operate([operation], author, before=check)


def undo_in(desk: Desk, position: int, author: str) -> int | None:
    """Take a change of a draft back; the position of the new change.

    Raises as ``Drafts.undo`` does, and RuleBrokenError when, after what came between, a rule would
    be broken. What came last is taken back as it was, with a fault that an import may have had.
    """
    drafts, draft = desk.drafts, desk.draft
    log = drafts.branches.log(draft)

    def act(store: Reader) -> Patch:
        change = log.get(draft.base + position)
        if log.last() == change.number or change.added + change.removed > CHECKED:
            return inverse(store, change)
        return _undoing(desk.curation(store), read_change(change))

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


def _lines(change: LoggedChange) -> Iterable[bytes]:
    for block in (*change.added_blocks(), *change.removed_blocks()):
        yield from block.splitlines()
