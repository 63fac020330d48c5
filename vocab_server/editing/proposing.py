"""Proposals: what may be asked, who may ask, and what somebody answers.

The acts that fulfil a proposal are in ``accepting``.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from rdflib import URIRef

from vocab_server.accounts.account import Account
from vocab_server.accounts.register import EMAIL, LONGEST_DISPLAY_NAME, LONGEST_EMAIL
from vocab_server.accounts.roles import Permission, roles_with
from vocab_server.database.proposals import Asked, Entry, Proposal, Proposals, Proposer, Title
from vocab_server.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    Phrase,
    ProposalRuleError,
    either,
)
from vocab_server.rdf.languages import Label, is_tag
from vocab_server.rdf.query import bind
from vocab_server.skos.labels import labels_of
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold

LONGEST_LABEL = 500  # characters
LONGEST_TEXT = 10_000  # characters of a definition, a reason, a comment or an answer
LONGEST_URL = 2_000  # characters
_IS_CONCEPT = "ASK { GRAPH $graph { $iri a skos:Concept } }"


class Kind(StrEnum):
    """What a proposal is about."""

    MISSING = "missing"
    """A concept that is not there."""

    LABEL = "label"
    """A better label for a concept."""

    PLACE = "place"
    """Another place for a concept."""

    OTHER = "other"
    """Anything else."""


class State(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED = "answered"


class Did(StrEnum):
    """What the story of a proposal holds besides the states that it was brought into."""

    PROPOSED = "proposed"
    COMMENTED = "commented"


class Audience(StrEnum):
    """Who may propose something for a vocabulary, from the most to the fewest."""

    EVERYBODY = "everybody"
    ACCOUNTS = "accounts"
    PUBLISHERS = "publishers"
    NOBODY = "nobody"


USUAL = Audience.ACCOUNTS  # where nothing else is set
# What those see who are not signed in, of what somebody without an account proposed: what a
# curator has looked at. Nobody puts a text on a public page alone.
LOOKED_AT = (State.ACCEPTED, State.ANSWERED)

TRANSITIONS = {
    (State.OPEN, State.ACCEPTED): Permission.EDIT_DRAFTS,
    (State.OPEN, State.ANSWERED): Permission.REVIEW_DRAFTS,
    (State.OPEN, State.DECLINED): Permission.REVIEW_DRAFTS,
    (State.ANSWERED, State.ACCEPTED): Permission.EDIT_DRAFTS,
    (State.ANSWERED, State.DECLINED): Permission.REVIEW_DRAFTS,
    (State.DECLINED, State.OPEN): Permission.REVIEW_DRAFTS,
}
# When the draft that it went into is withdrawn.
AFTER_WITHDRAWAL = {
    (State.ACCEPTED, State.ACCEPTED): Permission.EDIT_DRAFTS,
    (State.ACCEPTED, State.DECLINED): Permission.REVIEW_DRAFTS,
}


class Rule(StrEnum):
    """What a proposal must hold; the value is the rule's name for programs."""

    KIND_UNKNOWN = "kind-unknown"
    LABEL_MISSING = "label-missing"
    LABEL_LONG = "label-long"
    LANGUAGE_UNKNOWN = "language-unknown"
    CONCEPT_MISSING = "concept-missing"
    CONCEPT_UNKNOWN = "concept-unknown"
    BROADER_UNKNOWN = "broader-unknown"
    REASON_MISSING = "reason-missing"
    TEXT_MISSING = "text-missing"
    TEXT_LONG = "text-long"
    DATASET_URL = "dataset-url"
    NAME_LONG = "name-long"
    EMAIL_FORM = "email-form"


RULES = {
    Rule.KIND_UNKNOWN: ("kind", f"Say what you propose: {', '.join(Kind)}."),
    Rule.LABEL_MISSING: ("label", "Write the name that you propose."),
    Rule.LABEL_LONG: ("label", f"Use at most {LONGEST_LABEL} characters for the name."),
    Rule.LANGUAGE_UNKNOWN: (
        "label_language",
        "Say which language the name is in, with a tag such as en or sv (BCP 47).",
    ),
    Rule.CONCEPT_MISSING: ("concept", "Say which concept the proposal is about."),
    Rule.CONCEPT_UNKNOWN: ("concept", "This vocabulary has no such concept."),
    Rule.BROADER_UNKNOWN: ("broader", "This vocabulary has no such concept."),
    Rule.REASON_MISSING: ("reason", "Say what you propose, and why."),
    Rule.TEXT_MISSING: ("text", "Write what you want to say."),
    Rule.TEXT_LONG: ("reason", f"Use at most {LONGEST_TEXT} characters."),
    Rule.DATASET_URL: (
        "dataset_url",
        "Write the address of the dataset with https:// in front, or leave it empty.",
    ),
    Rule.NAME_LONG: ("name", f"Use at most {LONGEST_DISPLAY_NAME} characters."),
    Rule.EMAIL_FORM: ("email", "Write the e-mail address as in anna@example.org."),
}


def broken(rule: Rule, field: str = "") -> ProposalRuleError:
    """The error to raise where a rule does not hold, at its field unless another is named."""
    usual, message = RULES[rule]
    return ProposalRuleError(rule, field or usual, message)


@dataclass(frozen=True, slots=True)
class Proposing:
    """Where proposals are made and answered."""

    table: Proposals

    def propose(
        self, store: Reader, asked: Asked, proposer: Proposer, languages: tuple[str, ...]
    ) -> Proposal:
        """Make a proposal to what ``store`` has published; ``languages`` choose its title.

        Raises ProposalRuleError for what is missing or too long. Who may, see ``check_may``.
        """
        asked = _cleaned(asked)
        _check_shape(asked)
        _check_proposer(proposer)
        _check_concepts(store, asked)
        title = _title(store, asked, languages)
        follow = secrets.token_urlsafe(32)
        return self.table.add(asked, proposer, title, follow, State.OPEN, Did.PROPOSED)

    def comment(self, proposal: Proposal, account: str, text: str) -> Entry:
        """Say something about a proposal. Raises ProposalRuleError."""
        return self.table.say(proposal.id, Did.COMMENTED, account, _checked_text(text))

    def decide(
        self,
        proposal: Proposal,
        state: State,
        account: str,
        permissions: Collection[str],
        text: str,
        is_withdrawn: bool,
    ) -> Proposal:
        """Decline or answer a proposal, or open it again; ``text`` is for who proposed it.

        ``is_withdrawn`` says that the draft which it went into is. Raises ConflictError when
        nobody can do that now, ForbiddenError when this account may not, ProposalRuleError
        without a word.
        """
        check_transition(proposal, state, permissions, is_withdrawn)
        said = "" if state == State.OPEN and not text.strip() else _checked_text(text)
        return self.table.step(proposal, state, account, said)

    def audience(self, graph: URIRef) -> Audience:
        """Who may propose something for a vocabulary."""
        return Audience(self.table.audience(graph) or USUAL)

    def set_audience(self, graph: URIRef, audience: str) -> None:
        """Set who may propose something for a vocabulary. Raises InvalidError."""
        if audience not in set(Audience):
            raise InvalidError("Say who may propose: %(audience)s.", audience=", ".join(Audience))
        self.table.set_audience(graph, audience)


def check_transition(
    proposal: Proposal, state: State, permissions: Collection[str], is_withdrawn: bool
) -> None:
    """Pass silently when somebody with these permissions may bring a proposal into a state.

    Raises ConflictError when nobody may, ForbiddenError when it needs another permission.
    """
    needed = _transitions(is_withdrawn).get((State(proposal.state), state))
    if needed is None:
        raise ConflictError(
            "A proposal that is %(before)s cannot become %(after)s.",
            before=State(proposal.state),
            after=state,
        )
    if needed not in permissions:
        raise ForbiddenError(
            "To make a proposal %(state)s needs the role %(roles)s for its vocabulary.",
            state=state,
            roles=either(roles_with(needed)),
        )


def next_states(
    proposal: Proposal, permissions: Collection[str], is_withdrawn: bool
) -> list[State]:
    """The states that somebody with these permissions can bring a proposal into, in order."""
    return [
        after
        for (before, after), needed in _transitions(is_withdrawn).items()
        if before == proposal.state and needed in permissions
    ]


def check_may(account: Account | None, audience: Audience, vocabulary: str) -> None:
    """Pass silently when somebody, signed in or not, may propose. Raises ForbiddenError."""
    if not may_propose(account, audience, vocabulary):
        raise ForbiddenError(_REFUSALS[audience])


def may_propose(account: Account | None, audience: Audience, vocabulary: str) -> bool:
    """Whether somebody, signed in or not, may propose something for a vocabulary."""
    if account is None:
        return audience == Audience.EVERYBODY
    if not account.is_active or Permission.PROPOSE not in account.bounds:
        return False
    if audience == Audience.PUBLISHERS:
        edits = account.may(Permission.EDIT_DRAFTS, vocabulary)
        return edits or account.may_anywhere(Permission.PROPOSE)
    return audience != Audience.NOBODY


def is_shown(proposal: Proposal, account: Account | None) -> bool:
    """Whether somebody sees a proposal; see LOOKED_AT."""
    return bool(account or proposal.proposer.account or proposal.state in LOOKED_AT)


_REFUSALS = {
    Audience.EVERYBODY: Phrase("The token does not have the scope propose."),
    Audience.ACCOUNTS: Phrase(
        "Only who is signed in may propose something here; a token needs the scope propose."
    ),
    Audience.PUBLISHERS: Phrase(
        "Only publishers, editors and curators may propose something here."
    ),
    Audience.NOBODY: Phrase("This vocabulary takes no proposals."),
}


def _transitions(is_withdrawn: bool) -> dict[tuple[State, State], Permission]:
    return TRANSITIONS | (AFTER_WITHDRAWAL if is_withdrawn else {})


def _cleaned(asked: Asked) -> Asked:
    """Without white space around texts, and without what its kind has no use for."""
    unused = {
        Kind.MISSING: ("concept",),
        Kind.LABEL: ("definition", "broader"),
        Kind.PLACE: ("label", "label_language", "definition"),
        Kind.OTHER: ("label", "label_language", "definition", "broader"),
    }.get(Kind(asked.kind) if asked.kind in set(Kind) else Kind.OTHER, ())
    texts: dict[str, Any] = {
        name: "" if name in unused else str(getattr(asked, name)).replace("\r\n", "\n").strip()
        for name in Asked.__dataclass_fields__
        if name not in ("graph", "is_preferred")
    }
    texts["label"] = " ".join(texts["label"].split())
    return replace(asked, **texts)


def _check_shape(asked: Asked) -> None:
    """Raises ProposalRuleError for what is missing or not as it must be."""
    if asked.kind not in set(Kind):
        raise broken(Rule.KIND_UNKNOWN)
    if asked.kind in (Kind.MISSING, Kind.LABEL):
        _check_label(asked)
    if asked.kind in (Kind.LABEL, Kind.PLACE) and not asked.concept:
        raise broken(Rule.CONCEPT_MISSING)
    if asked.kind == Kind.OTHER and not asked.reason:
        raise broken(Rule.REASON_MISSING)
    for field in ("definition", "reason", "dataset_title"):
        if len(getattr(asked, field)) > LONGEST_TEXT:
            raise broken(Rule.TEXT_LONG, field)
    if asked.dataset_url and not _is_web_address(asked.dataset_url):
        raise broken(Rule.DATASET_URL)


def _check_label(asked: Asked) -> None:
    if not asked.label:
        raise broken(Rule.LABEL_MISSING)
    if len(asked.label) > LONGEST_LABEL:
        raise broken(Rule.LABEL_LONG)
    if not is_tag(asked.label_language):
        raise broken(Rule.LANGUAGE_UNKNOWN)


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_web and len(address) <= LONGEST_URL and can_hold(address)


def _check_proposer(proposer: Proposer) -> None:
    if len(proposer.name) > LONGEST_DISPLAY_NAME:
        raise broken(Rule.NAME_LONG)
    email = proposer.email
    if email and (len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email)):
        raise broken(Rule.EMAIL_FORM)


def _check_concepts(store: Reader, asked: Asked) -> None:
    for iri, rule in (
        (asked.concept, Rule.CONCEPT_UNKNOWN),
        (asked.broader, Rule.BROADER_UNKNOWN),
    ):
        if iri and not (len(iri) <= LONGEST_URL and can_hold(iri)):
            raise broken(rule)
        if iri and not store.ask(bind(_IS_CONCEPT, graph=asked.graph, iri=URIRef(iri))):
            raise broken(rule)


def _checked_text(text: str) -> str:
    found = text.replace("\r\n", "\n").strip()
    if not found:
        raise broken(Rule.TEXT_MISSING)
    if len(found) > LONGEST_TEXT:
        raise broken(Rule.TEXT_LONG, "text")
    return found


def _title(store: Reader, asked: Asked, languages: tuple[str, ...]) -> Title:
    """What lists call a proposal: the label, else what its concept is called, else its words."""
    if asked.kind == Kind.MISSING:
        return Title(asked.label, asked.label_language)
    if asked.concept:
        concept = URIRef(asked.concept)
        named = labels_of(store, [concept], languages, asked.graph).get(concept)
        found = named or Label(asked.concept)
        return Title(found.text, found.language)
    return Title(asked.reason.splitlines()[0][:100], "")
