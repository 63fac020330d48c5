"""A draft on what is published now: what goes together, what does not, and another base."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import URIRef
from sqlalchemy.orm import Session

from vocab_server.database.drafts import Draft, change_row, record_step
from vocab_server.database.log import ChangeLog
from vocab_server.editing.conflicts import Choice, Comparison, compare, resolution
from vocab_server.editing.drafts import UNSCHEDULED, Check, Drafts
from vocab_server.editing.places import Owners, written
from vocab_server.editing.workflow import State, check_editable
from vocab_server.errors import ConflictError, Phrase
from vocab_server.rdf.change import Change, FileChange, Patch
from vocab_server.rdf.composing import Without, compose, odd, read_change, stream
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.snapshots import number_of

ASKED = 500  # nodes that one query looks up
TOLD = 5  # concepts that an error message names
SMALL = 2_000_000  # bytes of a net patch that is kept in memory

_OWNERS = """SELECT ?node ?owner ?property WHERE { GRAPH $graph { VALUES ?node { $nodes }
    ?owner ?property ?node FILTER (isIRI(?owner)) } } ORDER BY DESC(?owner) DESC(?property)"""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A draft and what was published since its base, in the graph of its vocabulary.

    ``ours`` and ``theirs`` are the net patch of each, ``number`` is that of the last published
    change, whose ``snapshot`` is held.
    """

    draft: Draft
    ours: FileChange
    theirs: FileChange
    snapshot: Path
    number: int
    comparison: Comparison
    work: Path

    def patch(self, choices: Mapping[URIRef, Choice]) -> Patch:
        """What the draft changes in what is published now.

        As files when nothing was published since its base: then that is known to be no more than
        the difference. Raises ConflictError when a conflict has no choice.
        """
        if not _has_lines(self.theirs) and _has_lines(self.ours):
            return self.ours
        refuse_unresolved(self.comparison, choices)
        solved = resolution(self.draft.graph, self.comparison, choices)
        read = partial(self._blocks, solved)
        return in_memory_if_small(compose(self.draft.graph, read, self.work, "patch"))

    def _blocks(self, solved: Change) -> Iterator[tuple[bool, bytes]]:
        yield from stream(Without(self.ours, odd(stream(self.theirs))))
        yield from stream(solved)


def shorteners(ours: Patch, theirs: Patch) -> Callable[[Patch], Patch]:
    """What gives what is left of each change of a draft on what is published now, in order.

    From the net patches of both. What was published as well is left out; and what the draft did
    and took back, when the same was published, so that its net patch stays what it is.
    """
    mine, others = odd(stream(ours)), odd(stream(theirs))
    first, always = mine & others, frozenset(others - mine)
    return lambda change: Without(change, first, always)


@contextmanager
def meeting(drafts: Drafts, log: ChangeLog, draft: Draft) -> Iterator[Meeting]:
    """How a draft and what is published now go together. The caller holds the draft's turn."""
    snapshot, lease = drafts.branches.hold()
    with lease, TemporaryDirectory(prefix="vocab-server-") as directory:
        work, number = Path(directory), number_of(snapshot)
        ours = net_change(drafts, draft, work)
        since = partial(log.stream, draft.base, until=number, graph=draft.graph)
        theirs = compose(draft.graph, since, work, "theirs")
        find = partial(_find_owners, drafts, draft, snapshot)
        compared = compare(ours, theirs, find) if _has_lines(theirs) else Comparison()
        yield Meeting(draft, ours, theirs, snapshot, number, compared, work)


def find_conflicts(drafts: Drafts, log: ChangeLog, identifier: int) -> tuple[Comparison, int]:
    """Where a draft and what was published since its base meet, and up to which change.

    Raises NotFoundError, and ConflictError for a draft that is published or withdrawn.
    """
    with drafts.turn(identifier) as draft:
        check_editable(draft.id, draft.state)
        with meeting(drafts, log, draft) as met:
            return met.comparison, met.number


def net_change(drafts: Drafts, draft: Draft, work: Path) -> FileChange:
    """All that a draft does to what it started from, as files in the directory ``work``.

    See ``in_memory_if_small`` for it as a value.
    """
    own = drafts.branches.log(draft)
    return compose(draft.graph, partial(own.stream, draft.base), work, "ours")


def rebase(
    drafts: Drafts,
    log: ChangeLog,
    identifier: int,
    account: str,
    *,
    choices: Mapping[URIRef, Choice] | None = None,
    seen: int | None = None,
    check: Check | None = None,
) -> Draft:
    """Make a draft start from what is published now; its changes stay as they are told.

    A conflict is decided by the choice for its concept, as one more change, which takes an
    approval back. ``seen`` is the number that came with the conflicts that were chosen about.
    Raises ConflictError, with the concepts, when a choice is missing, and when more was published
    since ``seen``; what ``check`` raises goes through, and nothing is changed then.
    """
    with drafts.turn(identifier) as draft:
        check_editable(draft.id, draft.state)
        with meeting(drafts, log, draft) as met:
            if met.number == draft.base:
                return draft
            if seen is not None and log.since(seen, until=met.number, graph=draft.graph):
                raise ConflictError("More was published since you chose. Look at it and try again.")
            decided = dict(choices or {})
            run_check(drafts, met, met.patch(decided), check)
            moved = _move(drafts, met, decided, account)
            drafts.branches.make(moved, met.snapshot)
        with drafts.branches.writer(moved).open():
            pass  # takes the changes in, and shows them
    drafts.sweep()
    return moved


def run_check(drafts: Drafts, met: Meeting, patch: Patch, check: Check | None) -> None:
    """Let ``check`` look at what is published with a patch. What it raises goes through."""
    if check is not None:
        with drafts.branches.trial(met.draft, met.snapshot, patch) as trial:
            check(trial)


def refuse_unresolved(comparison: Comparison, choices: Mapping[URIRef, Choice]) -> None:
    """Raises ConflictError, with the concepts, when a conflict has no choice."""
    open_ones = [c.concept for c in comparison.conflicts if c.concept not in choices]
    if open_ones:
        more = (
            Phrase(" and %(number)s more", number=len(open_ones) - TOLD)
            if len(open_ones) > TOLD
            else ""
        )
        raise ConflictError(
            "What was published since this draft began does not go together with it in:"
            " %(listed)s%(more)s. Choose for each what to keep.",
            concepts=tuple(open_ones),
            listed=", ".join(open_ones[:TOLD]),
            more=more,
        )


def in_memory_if_small(patch: FileChange) -> Patch:
    """The patch as a value when it is not too big."""
    size = patch.added.stat().st_size + patch.removed.stat().st_size
    return read_change(patch) if size < SMALL else patch


def _move(drafts: Drafts, met: Meeting, choices: Mapping[URIRef, Choice], account: str) -> Draft:
    """Write the draft's log anew, for the new base."""
    draft = met.draft
    moved = replace(draft, base=met.number, generation=draft.generation + 1)
    solved = resolution(draft.graph, met.comparison, choices)
    columns = {"base": moved.base, "generation": moved.generation}
    details = {"kind": "rebase", "choices": {str(iri): str(choices[iri]) for iri in choices}}

    def note(session: Session, _number: int) -> None:
        if solved and draft.state == State.APPROVED:
            record_step(session, draft, State.IN_REVIEW, account, "", **UNSCHEDULED, **columns)
        else:
            change_row(session, draft, **columns)

    drafts.branches.log(moved).begin(
        drafts.branches.log(draft).since(draft.base),
        shorteners(met.ours, met.theirs),
        (solved, account, "Settle conflicts with what was published", details) if solved else None,
        note,
    )
    return drafts.table.get(draft.id)


def _has_lines(patch: FileChange) -> bool:
    return bool(patch.added.stat().st_size or patch.removed.stat().st_size)


def _find_owners(drafts: Drafts, draft: Draft, snapshot: Path, nodes: list[URIRef]) -> Owners:
    """What nodes belong to, as the draft says, or else as is published."""
    owners: dict[bytes, tuple[bytes, bytes]] = {}
    with closing(EmbeddedStore.read_only(snapshot / "store")) as published:
        owners.update(_asked(published, draft.graph, nodes))
    with drafts.branches.writer(draft).open() as transaction:
        owners.update(_asked(transaction.store, draft.graph, nodes))
    return owners


def _asked(store: Reader, graph: URIRef, nodes: list[URIRef]) -> Owners:
    return {
        written(str(row["node"])): (written(str(row["owner"])), written(str(row["property"])))
        for start in range(0, len(nodes), ASKED)
        for row in store.select(bind(_OWNERS, graph=graph, nodes=nodes[start : start + ASKED]))
    }
