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
from vocab_server.errors import ConflictError

Operation = Mapping[str, Any]


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
                "%(author)s changed this concept while you were editing. Compare before you save.",
                concepts=found,
                author=change.author,
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
