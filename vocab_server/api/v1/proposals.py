"""REST API: proposals for vocabularies: made, talked about, wanted, accepted, answered."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.accounts.throttle import count_proposal
from vocab_server.api.bodies import object_body, text_field
from vocab_server.api.parameters import choice, window
from vocab_server.api.v1.draft_shapes import keep_private
from vocab_server.api.v1.drafts import LARGEST
from vocab_server.api.v1.shapes import answer, listed
from vocab_server.database.proposals import ORDERS, Asked, Entry, Proposal, Proposer
from vocab_server.editing.proposing import TRANSITIONS, Kind, State, check_may
from vocab_server.errors import ForbiddenError, InvalidError
from vocab_server.identity import demand, demand_account
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.vocabularies import catalog_of

bp = Blueprint("api_proposals", __name__, url_prefix="/api/v1")

PROPOSAL = f"/proposals/<int(max={LARGEST}):identifier>"
DECISIONS = {"answer": State.ANSWERED, "decline": State.DECLINED, "reopen": State.OPEN}
LABELS = ("prefLabel", "altLabel")
_PLAIN = ("kind", "concept", "broader", "reason")


@bp.get("/proposals")
def index() -> ResponseReturnValue:
    """The proposals, of one vocabulary or of all, newest or most wanted first."""
    demand_account()
    wanted, part = request.args.getlist("state"), window()
    for state in wanted:
        if state not in set(State):
            raise InvalidError(f"The parameter state must be one of: {', '.join(State)}.")
    vocabulary = request.args.get("vocabulary")
    found, total = services().proposals.table.page(
        graph=view().vocabulary(vocabulary).graph if vocabulary is not None else None,
        states=wanted,
        order=choice("order", tuple(ORDERS), "newest"),
        limit=part.limit,
        offset=part.offset,
    )
    return keep_private(listed(map(proposal_item, found), total))


@bp.post("/proposals")
def create() -> ResponseReturnValue:
    """Propose something for a vocabulary."""
    account = demand_account()
    content = object_body("vocabulary", *_PLAIN, *LABELS, "definition", "dataset")
    vocabulary = view().vocabulary(text_field(content, "vocabulary"))
    audience = services().proposals.audience(vocabulary.graph)
    check_may(account, audience, vocabulary.id)
    asked = _asked(content, vocabulary.graph)
    _count(account)
    made = services().proposals.propose(
        view().store, asked, Proposer(account.name), services().settings.languages
    )
    response = _answer(made, HTTPStatus.CREATED)
    response.headers["Location"] = proposal_item(made)["url"]
    return response


@bp.get(PROPOSAL)
def show(identifier: int) -> ResponseReturnValue:
    """One proposal."""
    demand_account()
    return _answer(services().proposals.table.get(identifier))


@bp.get(f"{PROPOSAL}/comments")
def comments(identifier: int) -> ResponseReturnValue:
    """What was done with a proposal and said about it, oldest first."""
    demand_account()
    part, table = window(), services().proposals.table
    proposal = table.get(identifier)
    found, total = table.entries(proposal.id, limit=part.limit, offset=part.offset)
    return keep_private(listed(map(_entry_item, found), total))


@bp.post(f"{PROPOSAL}/comments")
def add_comment(identifier: int) -> ResponseReturnValue:
    """Say something about a proposal."""
    account = _writer()
    proposal = services().proposals.table.get(identifier)
    text = text_field(object_body("text"), "text")
    _count(account)
    response = answer(_entry_item(services().proposals.comment(proposal, account.name, text)))
    response.status_code = HTTPStatus.CREATED
    return keep_private(response)


@bp.put(f"{PROPOSAL}/vote")
def vote(identifier: int) -> ResponseReturnValue:
    """Want a proposal too; once for each account."""
    return _voted(identifier, wants=True)


@bp.delete(f"{PROPOSAL}/vote")
def unvote(identifier: int) -> ResponseReturnValue:
    """Want a proposal no longer."""
    return _voted(identifier, wants=False)


@bp.post(f"{PROPOSAL}/accept")
def accept(identifier: int) -> ResponseReturnValue:
    """Do what is proposed in a draft, or without ``draft`` in a new one."""
    proposal, account = _to_decide(identifier, State.ACCEPTED)
    draft = object_body("draft").get("draft")
    if draft is not None and (type(draft) is not int or not 0 <= draft <= LARGEST):
        raise InvalidError("The field draft must be the number of a draft.")
    schemes = view().vocabulary_in(proposal.asked.graph).schemes
    services().accepting.accept(
        proposal,
        draft,
        account.name,
        _permissions(account, proposal),
        str(schemes[0].iri) if schemes else None,
    )
    return _answer(services().proposals.table.get(identifier))


def decide(identifier: int, state: State) -> ResponseReturnValue:
    """Answer or decline a proposal, or open it again, with a word to who proposed it."""
    proposal, account = _to_decide(identifier, state)
    text = text_field(object_body("text"), "text")
    is_withdrawn = services().accepting.is_withdrawn(proposal)
    permissions = _permissions(account, proposal)
    return _answer(
        services().proposals.decide(proposal, state, account.name, permissions, text, is_withdrawn)
    )


for _name, _state in DECISIONS.items():
    bp.add_url_rule(
        f"{PROPOSAL}/{_name}",
        endpoint=_name,
        view_func=decide,
        defaults={"state": _state},
        methods=["POST"],
    )


def proposal_item(proposal: Proposal) -> dict[str, Any]:
    """A proposal, without the name and the address of somebody who has no account."""
    asked = proposal.asked
    found: dict[str, Any] = {
        "id": proposal.id,
        "url": services().settings.base + url_for("api_proposals.show", identifier=proposal.id),
        "vocabulary": _vocabulary_of(proposal),
        "kind": asked.kind,
        "state": proposal.state,
        "title": proposal.title,
        "author": proposal.proposer.account or None,
        "created": proposal.created.isoformat(),
        "votes": proposal.votes,
        "draft": proposal.draft,
    }
    texts = {"concept": asked.concept, "broader": asked.broader, "reason": asked.reason}
    texts["createdConcept"] = proposal.made
    found |= {name: text for name, text in texts.items() if text}
    if asked.label:
        name = LABELS[0] if asked.is_preferred else LABELS[1]
        found[name] = {asked.label_language: [asked.label]}
    if asked.definition:
        found["definition"] = {asked.label_language: [asked.definition]}
    if asked.dataset_title or asked.dataset_url:
        found["dataset"] = {"title": asked.dataset_title, "url": asked.dataset_url}
    return found


def _answer(proposal: Proposal, status: int = HTTPStatus.OK) -> Response:
    response = answer(proposal_item(proposal))
    response.status_code = status
    return keep_private(response)


def _entry_item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "author": entry.account or None,
        "time": entry.time.isoformat(),
        "text": entry.text,
    }


def _asked(content: dict[str, Any], graph: URIRef) -> Asked:
    given = [name for name in LABELS if name in content]
    if len(given) > 1:
        raise InvalidError("Propose one label at a time: prefLabel or altLabel.")
    language, label = _one_text(content, given[0]) if given else ("", "")
    defined_in, definition = (
        _one_text(content, "definition") if "definition" in content else ("", "")
    )
    if definition and defined_in != language:
        raise InvalidError("The definition must be in the language of the label.")
    plain = {name: text_field(content, name) for name in _PLAIN}
    return Asked(
        **plain | {"kind": plain["kind"] or Kind.MISSING},
        graph=graph,
        label=label,
        label_language=language,
        is_preferred=given != ["altLabel"],
        definition=definition,
        **_dataset(content.get("dataset", {})),
    )


def _one_text(content: dict[str, Any], name: str) -> tuple[str, str]:
    """The only text of a language map: its language, and itself. Raises InvalidError."""
    given = content[name]
    if not isinstance(given, dict) or len(given) != 1:
        raise InvalidError(f'The field {name} must be one text by its language: {{"en": "..."}}.')
    (language, listed_texts), *_ = given.items()
    texts = listed_texts if isinstance(listed_texts, list) else [listed_texts]
    if len(texts) != 1:
        raise InvalidError(f"The field {name} must have one text.")
    return text_field({name: language}, name), text_field({name: texts[0]}, name)


def _dataset(given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or set(given) - {"title", "url"}:
        raise InvalidError("The field dataset must be an object with title and url.")
    return {f"dataset_{name}": text_field(given, name) for name in ("title", "url")}


def _writer() -> Account:
    """Who asks, with a token that lets proposals through. Raises ForbiddenError."""
    account = demand_account()
    if Permission.PROPOSE not in account.bounds:
        raise ForbiddenError("The token does not have the scope propose.")
    return account


def _count(account: Account) -> None:
    count_proposal(services().database, account.name, request.remote_addr or "")


def _voted(identifier: int, *, wants: bool) -> Response:
    table = services().proposals.table
    table.vote(identifier, _writer().name, wants=wants)
    return _answer(table.get(identifier))


def _to_decide(identifier: int, state: State) -> tuple[Proposal, Account]:
    """A proposal and who may decide on it. Raises ForbiddenError with the role that it needs."""
    demand_account()
    proposal = services().proposals.table.get(identifier)
    needed = TRANSITIONS.get((State(proposal.state), state), Permission.EDIT_DRAFTS)
    return proposal, demand(needed, _vocabulary_of(proposal))


def _permissions(account: Account, proposal: Proposal) -> frozenset[Permission]:
    vocabulary = _vocabulary_of(proposal)
    return frozenset(found for found in Permission if account.may(found, vocabulary))


def _vocabulary_of(proposal: Proposal) -> str:
    return str(proposal.asked.graph).removeprefix(f"{catalog_of(services().settings.base)}/")
