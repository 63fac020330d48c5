"""Who may see and change a draft, and what its pages share."""

import re
from dataclasses import dataclass

from flask import request
from rdflib import URIRef

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.database.drafts import Draft
from vocab_server.editing.acting import Seen
from vocab_server.editing.workflow import FINISHED, State, visible_states
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.identity import demand, demand_account
from vocab_server.rdf.query import is_iri
from vocab_server.reading import read_draft, view
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary

_SEEN = re.compile(r"([0-9]{1,9})\.([0-9]{1,18})")  # as seen_now writes it


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with its vocabulary, as somebody who may work on it sees it."""

    draft: Draft
    vocabulary: Vocabulary
    account: Account

    @property
    def is_finished(self) -> bool:
        """Whether it is published or withdrawn."""
        return State(self.draft.state) in FINISHED

    @property
    def may_edit(self) -> bool:
        """Whether this person may change it."""
        return self.account.may(Permission.EDIT_DRAFTS, self.vocabulary.id)

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that this person may do in the vocabulary."""
        return frozenset(p for p in Permission if self.account.may(p, self.vocabulary.id))


def open_draft(number: int, *, to_edit: bool = False, to_read: bool = False) -> Opened:
    """A draft that who asks may work on; the request then reads it, unless it is finished.

    ``to_edit`` it must not be finished; ``to_read`` those may have it as well who may comment on
    what was handed in. Raises SignInNeededError, ForbiddenError, NotFoundError, and ConflictError.
    """
    demand_account()  # before anybody learns which drafts there are
    draft = services().drafts.table.get(number)
    vocabulary = next((v for v in view().vocabularies if v.graph == draft.graph), None)
    if vocabulary is None:
        raise NotFoundError("The vocabulary of draft %(number)s is no longer here.", number=number)
    account = demand_account()
    if not to_read or draft.state not in visible_states(account, vocabulary.id):
        account = demand(Permission.EDIT_DRAFTS, vocabulary.id)
    opened = Opened(draft, vocabulary, account)
    if to_edit or not opened.is_finished:
        read_draft(draft)
    return opened


def concept_of(iri: str) -> URIRef | None:
    """The concept that a request is about. Raises InvalidError for what is no address."""
    if not iri:
        return None
    if not is_iri(iri):
        raise InvalidError("%(iri)r is not the address of a concept.", iri=iri)
    return URIRef(iri)


def what_was_seen(opened: Opened) -> Seen:
    """What the form says was seen. Raises InvalidError when it does not say."""
    found = _SEEN.fullmatch(request.form.get("seen", ""))
    if found is None:
        raise InvalidError("The form does not say what you saw of the draft. Load the page anew.")
    generation, number = found.groups()
    base, last = opened.draft.base, services().drafts.branches.log(opened.draft).last()
    return Seen(int(generation), min(max(base, int(number)), last))


def seen_now(opened: Opened) -> str:
    """What a form says of what its reader has seen; see ``what_was_seen``."""
    seen = Seen.now(services().drafts, opened.draft)
    return f"{seen.generation}.{seen.number}"
