"""The keyword desk: what a free keyword is, decided once for all datasets of all catalogs.

A decision makes tags in every catalog at once, and again at every later harvest. It may write the
word into a draft as a name of the concept, or propose one; undoing it takes all that back.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from rdflib import URIRef
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.database.drafts import Draft
from vocab_server.database.keywords import (
    KeywordDecision,
    KeywordDecisions,
    Verdict,
    keep_keyword,
)
from vocab_server.database.proposals import Asked, Proposer
from vocab_server.editing.proposing import Kind, State
from vocab_server.editing.workflow import State as DraftState
from vocab_server.errors import ConflictError, InvalidError, NotFoundError
from vocab_server.identity import demand
from vocab_server.rdf.change import Change
from vocab_server.reading import view
from vocab_server.retagging import usable_concepts
from vocab_server.search.dataset_find import Keyword
from vocab_server.search.text import keyword_form
from vocab_server.services import services
from vocab_server.tagging.reconciling import reconciled_tags
from vocab_server.tagging.tags import known_concepts

DRAFT = "Words of the keyword desk"  # the draft that labels go into
LABELS = ("altLabel", "hiddenLabel")  # that a word may become


def get_keyword(form: str) -> Keyword:
    """The keyword with a normal form. Raises NotFoundError."""
    found = view().datasets.keyword(form)
    if found is None:
        raise NotFoundError("No dataset here has the keyword %(form)r.", form=form)
    return found


def is_concept(form: str, concept: URIRef, label: str = "", language: str = "") -> int:
    """Decide that a keyword is a concept; how many tags that made.

    With ``label``, one of LABELS, the word becomes such a name of the concept in a draft, in a
    ``language``. Raises NotFoundError for what is not here, RuleBrokenError for what the draft may
    not have, and ForbiddenError for who does not curate the vocabulary.
    """
    keyword, chosen = get_keyword(form), usable_concepts([concept])[concept]
    graph = known_concepts(view().store, [chosen])[str(chosen)]
    account = _demand_curator(graph)
    _refuse_decided(form)
    if label and label not in LABELS:
        raise InvalidError("A word becomes one of %(labels)s.", labels=", ".join(LABELS))
    draft, act = _named(graph, chosen, keyword, label, language, account) if label else (None, None)
    decision = _decision(form, Verdict.CONCEPT, account, concept=str(chosen), draft=draft, act=act)
    try:
        return _retag(form, str(chosen), account, decision)
    except Exception:
        if draft and act:  # all of it or nothing
            _take_back_label(draft, act, account)
        raise


def is_no_topic(form: str) -> None:
    """Decide that a keyword is not what data is about."""
    account = demand(Permission.REVIEW_DRAFTS, anywhere=True)
    get_keyword(form)
    _refuse_decided(form)
    _table().keep(_decision(form, Verdict.NO_TOPIC, account))


def needs_concept(form: str, vocabulary: str, language: str, languages: tuple[str, ...]) -> int:
    """Decide that a keyword needs a concept, and propose it in a vocabulary; the proposal's number.

    Raises ProposalRuleError for what a proposal may not hold, ForbiddenError as ``is_concept``.
    """
    keyword, graph = get_keyword(form), view().vocabulary(vocabulary).graph
    account = _demand_curator(graph)
    _refuse_decided(form)
    asked = Asked(
        graph=graph,
        kind=Kind.MISSING,
        label=keyword.written.text,
        label_language=keyword.written.language or language,
        reason=f"A keyword of {keyword.count} datasets.",
    )
    proposer = Proposer(account.name, language=languages[0])
    made = services().proposals.propose(view().store, asked, proposer, languages)
    _table().keep(_decision(form, Verdict.NEEDED, account, proposal=made.id))
    return made.id


def undo(form: str) -> tuple[str, ...]:
    """Take a decision back with all that it made; what had to stay, as words for it.

    "label" when its draft is published or changed since, "proposal" when that is decided. Raises
    NotFoundError when nothing was decided.
    """
    account = demand(Permission.REVIEW_DRAFTS, anywhere=True)
    decision = _table().find(form)
    if decision is None:
        raise NotFoundError("Nothing was decided about %(form)r.", form=form)
    if decision.verdict is Verdict.CONCEPT:
        known = known_concepts(view().store, [decision.concept])
        if decision.concept in known:
            _demand_curator(known[decision.concept])
        _retag(form, None, account, None)
    stayed = []
    draft, act = decision.draft, decision.act
    if draft and act and not _take_back_label(draft, act, account):
        stayed.append("label")
    if decision.proposal and not _take_back_proposal(decision.proposal, account):
        stayed.append("proposal")
    _table().forget(form)
    return tuple(stayed)


def _demand_curator(graph: URIRef) -> Account:
    return demand(Permission.REVIEW_DRAFTS, view().vocabulary_in(graph).id)


def _refuse_decided(form: str) -> None:
    if _table().find(form) is not None:
        raise ConflictError("Somebody decided about this keyword already. Undo that first.")


def _retag(
    form: str, concept: str | None, account: Account, decision: KeywordDecision | None
) -> int:
    """Make the tags of all datasets with a keyword follow what it is; how many are new."""
    concepts = _table().concepts()
    concepts.pop(form, None)
    decided = concepts | ({form: concept} if concept else {})
    by_graph: dict[URIRef, list[URIRef]] = defaultdict(list)
    for card in view().datasets.with_keyword(form):
        for graph in card.graphs:
            by_graph[graph].append(card.iri)
    with services().writer.open() as transaction:
        changes = [
            reconciled_tags(
                transaction.store,
                catalog.graph,
                sorted(by_graph[catalog.graph]),
                lambda word: decided.get(keyword_form(word)),
                services().tag_decisions.rejected(catalog.id),
            )
            for catalog in view().catalogs
            if catalog.graph in by_graph
        ]
        message = f"Keyword {form!r} is {concept}" if concept else f"Keyword {form!r} is undecided"
        within = partial(_keep, decision) if decision else None
        number = transaction.commit(list(changes), account.name, message, within=within)
    if number is None and decision:
        _table().keep(decision)
    return sum(len(_tags(change)) for change in changes)


def _tags(change: Change) -> list[URIRef]:
    return [URIRef(str(s)) for s, p, _ in change.added if str(p).endswith("/subject")]


def _keep(decision: KeywordDecision, session: Session, _number: int) -> None:
    keep_keyword(session, decision)


def _named(
    graph: URIRef, concept: URIRef, keyword: Keyword, label: str, language: str, account: Account
) -> tuple[int | None, int | None]:
    """Give a concept the keyword as a name in a draft: the draft, and the change in it."""
    draft = _open_draft(graph, account)
    text = {"text": keyword.written.text, "lang": keyword.written.language or language}
    operation: Mapping[str, object] = {
        "do": "addLabel",
        "concept": str(concept),
        "kind": label,
        "label": text,
    }
    made = services().desk(draft).operate([operation], account.name)
    return (draft.id, made.position) if made.position else (None, None)


def _open_draft(graph: URIRef, account: Account) -> Draft:
    """The draft of a vocabulary that words of keywords go into, begun if there is none."""
    open_ = (DraftState.OPEN,)
    drafts, _ = services().drafts.table.page(
        graph=graph, states=open_, author=account.name, limit=100
    )
    found = next((draft for draft in drafts if draft.title == DRAFT), None)
    return found or services().drafts.begin(graph, DRAFT, "", account.name)


def _take_back_label(draft: int, act: int, account: Account) -> bool:
    """Whether a label could be taken out of its draft again."""
    try:
        desk = services().desk(services().drafts.table.get(draft))
        desk.undo(act, account.name)
    except (ConflictError, NotFoundError, InvalidError):
        return False
    return True


def _take_back_proposal(number: int, account: Account) -> bool:
    """Whether a proposal could be declined."""
    proposal = services().proposals.table.get(number)
    vocabulary = view().vocabulary_in(proposal.asked.graph).id
    permissions = {each for each in Permission if account.may(each, vocabulary)}
    try:
        services().proposals.decide(
            proposal, State.DECLINED, account.name, permissions, "The decision was undone.", False
        )
    except ConflictError:
        return False
    return True


def _decision(form: str, verdict: Verdict, account: Account, **more: object) -> KeywordDecision:
    return KeywordDecision(form, verdict, account.name, datetime.now(UTC), **more)  # type: ignore[arg-type]


def _table() -> KeywordDecisions:
    return KeywordDecisions(services().database)
