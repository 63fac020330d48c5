"""Acts of curation in a draft: from an operation to a change that is kept, and nothing in between.

What an act needs to know beside the draft is gathered here: what the vocabulary prescribes, which
IRIs are taken, and what was published. Pages and programs go the same way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rdflib import URIRef
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vocab_server.database.addresses import Addresses, keep_addresses
from vocab_server.database.drafts import Draft
from vocab_server.database.log import Details, LoggedChange
from vocab_server.editing.branches import Trial
from vocab_server.editing.drafts import Drafts
from vocab_server.editing.reverting import MOST, is_big
from vocab_server.editing.undoing import inverse, take_back
from vocab_server.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    RuleBrokenError,
    TooLargeError,
)
from vocab_server.rdf.change import Change, Patch
from vocab_server.rdf.composing import read_change
from vocab_server.rdf.namespaces import RDF
from vocab_server.rdf.query import bind
from vocab_server.rdf.skolem import is_skolem
from vocab_server.skos.acts.curation import Curation, Policy
from vocab_server.skos.acts.operations import ACTS, perform_all
from vocab_server.skos.rules import check, check_change
from vocab_server.skos.sketch import Sketch
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold

TRIES = 20  # to give out an address that no other draft gives out at the same moment

_DESCRIBES = "ASK { GRAPH ?any { $iri ?property ?value } }"

Operations = list[Mapping[str, Any]]
Also = Callable[[Session, tuple[URIRef, ...]], None]  # kept with a change that made these


@dataclass(frozen=True, slots=True)
class Made:
    """What was kept: its position among the draft's changes, None when nothing changed.

    ``created`` are the IRIs of what is new in the vocabulary, in order.
    """

    position: int | None
    created: tuple[URIRef, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one draft is worked on.

    ``published`` is what is published now, ``was_removed`` tells whether something was published
    under an IRI once and is gone.
    """

    drafts: Drafts
    addresses: Addresses
    draft: Draft
    policy: Policy
    published: Reader
    was_removed: Callable[[URIRef], bool]

    def operate(
        self,
        operations: Operations,
        author: str,
        message: str = "",
        before: Callable[[], None] = lambda: None,
        also: Also = lambda *_: None,
    ) -> Made:
        """Do several acts as one change, all of them or none; what ``before`` raises goes through.

        ``also`` is kept in the same transaction, if anything changes.

        Raises InvalidError for an operation that is not understood, RuleBrokenError and what else
        the acts raise, with a note on which it was, and ConflictError for a draft that is
        published or withdrawn.
        """
        names = sorted({str(found.get("do")) for found in operations if isinstance(found, Mapping)})
        details = {"kind": "acts", "acts": [name for name in names if name in ACTS]}

        def act(store: Reader) -> Change:
            before()
            return self.try_out(store, operations)

        return self._commit(act, author, message or _told(operations), details, also)

    def try_out(self, store: Reader, operations: Operations) -> Change:
        """The change that operations would make of the draft, which ``store`` has.

        Nothing is kept. Raises as ``operate`` does.
        """
        with _missing_is_a_broken_rule():
            return perform_all(self.curation(store), operations)

    def apply(self, change: Change, author: str, message: str = "") -> Made:
        """Make a change that was put together elsewhere, when it breaks no rule.

        Raises RuleBrokenError, InvalidError when it is of another graph, and ConflictError when
        something that it removes is not there or it gives out an IRI that is taken.
        """
        if change.graph != self.draft.graph:
            raise InvalidError(
                "A draft changes its own vocabulary only, %(graph)s, not %(other)s.",
                graph=self.draft.graph,
                other=change.graph,
            )

        def act(store: Reader) -> Change:
            with _missing_is_a_broken_rule():
                check_change(store, change, self.was_published)
            for iri in _new(store, change):
                self._refuse_taken(iri)
            return change

        return self._commit(act, author, message or "RDF Patch", {"kind": "patch"})

    def make(
        self, way: Callable[[Curation], Change], author: str, message: str, details: Details
    ) -> Made:
        """Make a change that is worked out from the draft as it is in its turn.

        What ``way`` raises goes through.
        """
        return self._commit(lambda store: way(self.curation(store)), author, message, details)

    def undo(self, position: int, author: str, message: str = "") -> int:
        """Take a change of the draft back; the position of the new change.

        Raises NotFoundError when there is no such change, ConflictError when later changes are in
        the way, RuleBrokenError when, after them, a rule would be broken. What came last is taken
        back as it was, with a fault that an import may have had.
        """
        log = self.drafts.branches.log(self.draft)

        def way(store: Reader, change: LoggedChange) -> Patch:
            if change.number == log.last():
                return inverse(store, change)
            if is_big(change):
                raise TooLargeError(
                    "Change %(change)s has more than %(most)s statements: it can be undone only"
                    " when those after it are. Undo them first.",
                    change=position,
                    most=MOST,
                )
            with _missing_is_a_broken_rule():
                return take_back(self.curation(store), read_change(change))

        return self.drafts.undo(self.draft.id, position, author, message, way)

    def curation(self, store: Reader) -> Curation:
        """The draft, which ``store`` has, in the hands of its curator."""
        return Curation(
            store=store,
            graph=self.draft.graph,
            at=datetime.now(UTC),
            policy=self.policy,
            is_taken=self.is_taken,
            was_published=self.was_published,
        )

    def is_taken(self, iri: URIRef) -> bool:
        """Whether an IRI was ever given to anything, published or in another draft."""
        return (
            self.was_published(iri)
            or self.was_removed(iri)
            or self.addresses.is_taken(iri, self.draft.id)
        )

    def was_published(self, iri: URIRef) -> bool:
        """Whether anybody outside may rely on an IRI."""
        return can_hold(iri) and self.published.ask(bind(_DESCRIBES, iri=iri))

    def _commit(
        self,
        act: Callable[[Reader], Change],
        author: str,
        message: str,
        details: Details,
        also: Also = lambda *_: None,
    ) -> Made:
        for _again in range(TRIES):
            try:
                return self._kept(act, author, message, details, also)
            except ConflictError as error:
                # Another draft gave out the same address at this moment: now it is seen as taken.
                if not isinstance(error.__cause__, IntegrityError):
                    raise
        return self._kept(act, author, message, details, also)

    def _kept(
        self,
        act: Callable[[Reader], Change],
        author: str,
        message: str,
        details: Details,
        also: Also,
    ) -> Made:
        created: list[URIRef] = []

        def run(store: Reader) -> Change:
            change = act(store)
            created.extend(_new(store, change))
            return change

        def keep(session: Session, _number: int) -> None:
            keep_addresses(session, created, self.draft.id)
            also(session, tuple(created))

        position = self.drafts.commit(self.draft.id, run, author, message, details, keep)
        return Made(position, tuple(created))

    def _refuse_taken(self, iri: URIRef) -> None:
        if self.is_taken(iri):
            raise ConflictError(
                "%(iri)s is in use, or was once, and is never given to anything else. Choose"
                " another.",
                concepts=(str(iri),),
                iri=iri,
            )


def check_published(trial: Trial) -> None:
    """Pass silently when what is published breaks no rule with a draft's patch.

    What a draft and the published state did each in accord with the rules may break one together:
    a circle, for example. Raises RuleBrokenError.
    """
    patch = trial.patch
    change = patch if isinstance(patch, Change) else read_change(patch)
    with _missing_is_a_broken_rule():
        check(Sketch.of(trial.published, change))


@contextmanager
def _missing_is_a_broken_rule() -> Iterator[None]:
    """What a change speaks of is not there: other than the draft itself, which may be missing."""
    try:
        yield
    except NotFoundError as error:
        broken = RuleBrokenError(
            "TYP-1", error.template, "Name something that is there.", **error.values
        )
        for note in getattr(error, "__notes__", ()):
            broken.add_note(note)
        raise broken from error


def _new(store: Reader, change: Change) -> list[URIRef]:
    """What a change makes that was not there, in order."""
    typed = {
        subject
        for subject, predicate, _ in change.added
        if predicate == RDF.type and isinstance(subject, URIRef) and not is_skolem(subject)
    }
    return sorted(URIRef(iri) for iri in typed - Sketch(store, change.graph).known(typed))


def _told(operations: Iterable[Mapping[str, Any]]) -> str:
    """What a change is called that nobody gave a name."""
    acts = [ACTS[found["do"]].summary for found in operations if _is_known(found)]
    if len(acts) == 1:
        return acts[0]
    return f"{len(acts)} acts"


def _is_known(operation: Any) -> bool:
    return (
        isinstance(operation, Mapping)
        and isinstance(operation.get("do"), str)
        and (operation["do"] in ACTS)
    )
