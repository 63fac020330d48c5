"""What the pages of a proposal share: the proposal in words, and its story."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from rdflib import URIRef

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.database.drafts import Draft
from vocab_server.database.proposals import Proposal
from vocab_server.editing.proposing import is_shown
from vocab_server.editing.workflow import State as DraftState
from vocab_server.errors import NotFoundError
from vocab_server.identity import current_account
from vocab_server.rdf.languages import Label
from vocab_server.reading import Link, lens_for, links, shown, view
from vocab_server.services import services
from vocab_server.skos.hierarchy import items
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.proposal_texts import DID, KINDS, progress
from vocab_server.web.vocabularies import summary

ENTRIES = 200  # of the story of a proposal that its page shows


@dataclass(frozen=True, slots=True)
class Opened:
    """A proposal with its vocabulary and the draft that it went into, as somebody sees it."""

    proposal: Proposal
    vocabulary: Vocabulary
    draft: Draft | None
    account: Account | None

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that this person may do in the vocabulary."""
        account = self.account
        if account is None:
            return frozenset()
        return frozenset(p for p in Permission if account.may(p, self.vocabulary.id))

    @property
    def is_withdrawn(self) -> bool:
        """Whether the draft that it went into was given up."""
        return self.draft is not None and self.draft.state == DraftState.WITHDRAWN


def open_proposal(number: int) -> Opened:
    """A proposal that who asks may see.

    Raises NotFoundError, also for one that is not for them: nobody can tell the two apart.
    """
    proposal, account = services().proposals.table.get(number), current_account()
    if not is_shown(proposal, account):
        raise NotFoundError("There is no proposal %(proposal)s.", proposal=number)
    return opened(proposal, account)


def opened(proposal: Proposal, account: Account | None) -> Opened:
    """A proposal with what belongs to it. Raises NotFoundError without its vocabulary."""
    vocabulary = view().vocabulary_in(proposal.asked.graph)
    into = proposal.draft
    draft = services().drafts.table.get(into) if into is not None else None
    return Opened(proposal, vocabulary, draft, account)


def private(response: Response) -> Response:
    """Not for caches, which know nothing of what is in the database, nor for search engines."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def shown_parts(proposal: Proposal) -> dict[str, Any]:
    """What the templates of a proposal's pages need."""
    found = opened(proposal, current_account())
    entries, said = services().proposals.table.entries(proposal.id, limit=ENTRIES)
    named = _named(proposal)
    asked, made = proposal.asked, proposal.made
    draft = found.draft
    is_published = draft is not None and draft.state == DraftState.PUBLISHED
    return {
        "vocabulary": summary(found.vocabulary),
        "proposal": proposal,
        "asked": asked,
        "called": shown(Label(proposal.title, proposal.title_language)),
        "label": shown(Label(asked.label, asked.label_language)),
        "definition": shown(Label(asked.definition, asked.label_language)),
        "concept": named.get(asked.concept),
        "broader": named.get(asked.broader),
        "result": named.get(made or asked.concept) if is_published else None,
        "progress": progress(proposal.state, draft.state if draft else None),
        "entries": entries,
        "entry_count": said,
        "did": DID,
        "kinds": KINDS,
    }


def _named(proposal: Proposal) -> dict[str, Link]:
    """The concepts of a proposal as links, those that are published; one look for all."""
    graph = proposal.asked.graph
    wanted = {proposal.asked.concept, proposal.asked.broader, proposal.made} - {""}
    known = sorted(view().cards.find(graph, map(URIRef, wanted)))
    return {str(found.iri): found for found in links(items(lens_for(graph), known))}
