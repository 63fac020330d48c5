"""A proposal becomes an act in a draft: the change and the proposal's state are kept together."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import SKOS
from sqlalchemy.orm import Session

from vocab_server.database.drafts import Draft
from vocab_server.database.proposals import Asked, Proposal, Proposals, record_state
from vocab_server.editing.curating import Desk, Operations
from vocab_server.editing.drafts import LONGEST_TITLE, Drafts
from vocab_server.editing.proposing import Kind, State, check_transition
from vocab_server.editing.workflow import State as DraftState
from vocab_server.editing.workflow import check_editable
from vocab_server.errors import ConflictError, InvalidError, VocabServerError
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

_LABELS = """SELECT ?kind ?label WHERE { GRAPH $graph { $concept ?kind ?label }
    VALUES ?kind { skos:prefLabel skos:altLabel skos:hiddenLabel }
    FILTER (LANG(?label) = $language) }"""


@dataclass(frozen=True, slots=True)
class Accepting:
    """What it takes to accept proposals: where a draft is worked on, and how it is read."""

    table: Proposals
    drafts: Drafts
    desk: Callable[[Draft], Desk]
    read: Callable[[Draft], Reader]

    def is_withdrawn(self, proposal: Proposal) -> bool:
        """Whether a proposal went into a draft that was given up."""
        return (
            proposal.draft is not None
            and self.drafts.table.get(proposal.draft).state == DraftState.WITHDRAWN
        )

    def accept(
        self,
        proposal: Proposal,
        draft: int | None,
        account: str,
        permissions: Collection[str],
        scheme: str | None = None,
    ) -> Draft:
        """Do what a proposal asks for in a draft, or for None in a new one; the draft.

        A new concept without one above it goes into ``scheme``. Raises ConflictError when the
        proposal is decided already, the draft is finished or has what is asked for, ForbiddenError
        for who may not, and what the acts raise. Whenever it raises, nothing has changed.
        """
        check_transition(proposal, State.ACCEPTED, permissions, self.is_withdrawn(proposal))
        if draft is not None:
            chosen = self._chosen(proposal, draft)
            self._perform(proposal, chosen, account, scheme)
            return chosen
        begun = self.drafts.begin(proposal.asked.graph, name(proposal), "", account)
        try:
            self._perform(proposal, begun, account, scheme)
        except VocabServerError:
            self.drafts.step(begun.id, DraftState.WITHDRAWN, account, permissions)
            raise
        return begun

    def _chosen(self, proposal: Proposal, number: int) -> Draft:
        draft = self.drafts.table.get(number)
        if draft.graph != proposal.asked.graph:
            raise InvalidError(
                "Draft %(draft)s is of another vocabulary. Choose one of this.", draft=number
            )
        check_editable(draft.id, draft.state)
        return draft

    def _perform(self, proposal: Proposal, draft: Draft, account: str, scheme: str | None) -> None:
        def also(session: Session, made: tuple[URIRef, ...]) -> None:
            record_state(
                session,
                proposal,
                State.ACCEPTED,
                account,
                "",
                draft=draft.id,
                made=str(made[0]) if made else "",
            )

        operations = self._operations(proposal.asked, draft, scheme)
        if not operations:  # what is asked for is for a person to understand
            self.table.run(lambda session: also(session, ()))
            return
        done = self.desk(draft).operate(operations, account, name(proposal), also=also)
        if done.position is None:
            raise ConflictError(
                "Draft %(draft)s has this already. Answer the proposal instead, or choose another"
                " draft.",
                draft=draft.id,
            )

    def _operations(self, asked: Asked, draft: Draft, scheme: str | None) -> Operations:
        match Kind(asked.kind):
            case Kind.MISSING:
                return [_creating(asked, scheme)]
            case Kind.LABEL:
                return _naming(asked, _labels(self.read(draft), asked))
            case Kind.PLACE:
                return [{"do": "move", "concept": [asked.concept], "to": asked.broader or None}]
            case Kind.OTHER:
                return []


def name(proposal: Proposal) -> str:
    """What a draft or a change is called that came of a proposal."""
    return f"Proposal {proposal.id}: {proposal.title}"[:LONGEST_TITLE]


def _creating(asked: Asked, scheme: str | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "do": "create",
        "prefLabel": {asked.label_language: asked.label},
        "broader": [asked.broader] if asked.broader else [],
    }
    if not asked.broader:
        made["inScheme"] = scheme
    if asked.definition:
        made["definition"] = {asked.label_language: asked.definition}
    return made


def _naming(asked: Asked, labels: dict[URIRef, list[str]]) -> Operations:
    """A label in place of the preferred one, which is kept as an alternative; or one beside it."""
    new = {"text": asked.label, "lang": asked.label_language}
    if not asked.is_preferred:
        return [_about(asked, "addLabel", SKOS.altLabel, label=new)]
    before = [text for text in labels.get(SKOS.prefLabel, []) if text != asked.label]
    found: Operations = [
        _about(asked, "removeLabel", kind, label=new)
        for kind in (SKOS.altLabel, SKOS.hiddenLabel)
        if asked.label in labels.get(kind, [])
    ]
    if not before:
        return [*found, _about(asked, "addLabel", SKOS.prefLabel, label=new)]
    old = {"text": before[0], "lang": asked.label_language}
    return [
        *found,
        _about(asked, "changeLabel", SKOS.prefLabel, before=old, label=new),
        _about(asked, "addLabel", SKOS.altLabel, label=old),
    ]


def _about(asked: Asked, act: str, kind: URIRef, **values: Any) -> dict[str, Any]:
    return {"do": act, "concept": asked.concept, "kind": str(kind), **values}


def _labels(store: Reader, asked: Asked) -> dict[URIRef, list[str]]:
    """What the concept is called in the language of the proposed label, by kind."""
    found: dict[URIRef, list[str]] = {}
    query = bind(
        _LABELS,
        graph=asked.graph,
        concept=URIRef(asked.concept),
        language=Literal(asked.label_language.lower()),
    )
    for row in store.select(query):
        found.setdefault(URIRef(row["kind"]), []).append(str(row["label"]))
    return found
