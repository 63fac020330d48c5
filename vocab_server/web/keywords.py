"""The keyword desk: the free keywords of all catalogs, and what somebody decides that they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from rdflib import URIRef

from vocab_server import reconciled
from vocab_server.accounts.roles import Permission
from vocab_server.database.keywords import KeywordDecision, KeywordDecisions, Verdict
from vocab_server.errors import InvalidError
from vocab_server.identity import requires
from vocab_server.rdf.languages import Label
from vocab_server.reading import (
    Link,
    Page,
    document_url,
    interface_language,
    languages,
    page_number,
    shown,
    view,
    with_language,
)
from vocab_server.search.dataset_find import Chosen, Keyword
from vocab_server.search.described import Described
from vocab_server.search.find import Wanted
from vocab_server.search.mentions import Source
from vocab_server.search.suggesting import suggest
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.store.embedded import can_hold
from vocab_server.web.datasets import rows
from vocab_server.web.error_texts import in_words
from vocab_server.web.search import results

bp = Blueprint("keywords", __name__, url_prefix="/keywords")

ROWS = 25  # keywords on a page
CANDIDATES = 3  # concepts that a list offers for each
MORE = 8  # that the page of a keyword offers
PUBLISHERS = 3  # that a list names for each
LONGEST = 200  # characters that are searched for
DATASETS = 10  # that the page of a keyword shows


@dataclass(frozen=True, slots=True)
class Row:
    """A keyword as the desk shows it, with who has it most and what it may be."""

    keyword: Keyword
    publishers: list[Label]
    candidates: list[Link]


@bp.get("")
@requires(Permission.REVIEW_DRAFTS, anywhere=True)
def index() -> ResponseReturnValue:
    """The keywords that nothing was decided about, the most frequent first."""
    number, query = page_number(), request.args.get("q", "").strip()[:LONGEST]
    found, total = view().datasets.keywords(
        limit=ROWS, offset=(number - 1) * ROWS, text=query, without=_table().forms()
    )
    page = Page(_rows(found), number, ROWS, total)
    return render_template("keywords/index.html", page=page, query=query)


@bp.get("/decided")
@requires(Permission.REVIEW_DRAFTS, anywhere=True)
def decided() -> ResponseReturnValue:
    """What was decided, the latest first."""
    number = page_number()
    found, total = _table().page(limit=ROWS, offset=(number - 1) * ROWS)
    concepts = _links(URIRef(each.concept) for each in found if each.concept)
    listed = [(each, _written(each), concepts.get(URIRef(each.concept))) for each in found]
    return render_template("keywords/decided.html", page=Page(listed, number, ROWS, total))


@bp.get("/decide")
@requires(Permission.REVIEW_DRAFTS, anywhere=True)
def show() -> ResponseReturnValue:
    """One keyword: the datasets that have it, and what it may be."""
    return _page(request.args.get("form", ""))


@bp.post("/decide")
@requires(Permission.REVIEW_DRAFTS, anywhere=True)
def decide() -> ResponseReturnValue:
    """Decide what a keyword is."""
    form = request.form.get("form", "")
    try:
        flash(_decided(form, request.form.get("verdict", "")))
    except InvalidError as error:
        return _page(form, in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/undo")
@requires(Permission.REVIEW_DRAFTS, anywhere=True)
def undo() -> ResponseReturnValue:
    """Take a decision back with all that it made."""
    stayed = reconciled.undo(request.form.get("form", ""))
    flash(_("The decision is undone."))
    if "label" in stayed:
        flash(_("The name in the draft stays: it is published, or was changed since."))
    if "proposal" in stayed:
        flash(_("The proposal stays: somebody decided about it already."))
    return redirect(url_for(".decided"), HTTPStatus.SEE_OTHER)


def _decided(form: str, verdict: str) -> str:
    """Decide, and what to say of it. Raises InvalidError for what is not a decision."""
    match verdict:
        case Verdict.CONCEPT:
            count = reconciled.is_concept(
                form, _posted_concept(), request.form.get("label", ""), interface_language()
            )
            told = ngettext(
                "Decided. %(num)s dataset has a new category.",
                "Decided. %(num)s datasets have a new category.",
                count,
            )
        case Verdict.NO_TOPIC:
            reconciled.is_no_topic(form)
            told = _("Decided: it is no topic.")
        case Verdict.NEEDED:
            chosen = request.form.get("vocabulary", "")
            reconciled.needs_concept(form, chosen, interface_language(), languages())
            told = _("Decided. A concept is proposed.")
        case _unknown:
            raise InvalidError("Choose what the keyword is.")
    return str(told)


def _posted_concept() -> URIRef:
    text = request.form.get("concept", "").strip()
    if not can_hold(text):
        raise InvalidError("Choose a category from the list.")
    return URIRef(text)


def _page(form: str, problem: str = "") -> str:
    keyword = reconciled.get_keyword(form)
    query = request.args.get("find", "").strip()[:LONGEST]
    decision = _table().find(form)
    cards, _total = view().datasets.find(Chosen(keyword=form), limit=DATASETS)
    return render_template(
        "keywords/show.html",
        keyword=keyword,
        publishers=_publishers([keyword])[form],
        rows=rows(cards),
        candidates=_candidates([keyword], MORE)[keyword.form],
        query=query,
        found=_find(query) if query else [],
        decision=decision,
        vocabularies=[(v.id, shown(v.title(languages()))) for v in view().vocabularies],
        problem=problem,
    )


def _rows(found: Sequence[Keyword]) -> list[Row]:
    publishers, candidates = _publishers(found), _candidates(found, CANDIDATES)
    return [Row(each, publishers[each.form], candidates[each.form]) for each in found]


def _publishers(found: Iterable[Keyword]) -> dict[str, list[Label]]:
    """Who has each keyword most; one look-up of names for all."""
    of = {
        keyword.form: [
            URIRef(iri) for iri, _ in view().datasets.publishers_of(keyword.form, PUBLISHERS)
        ]
        for keyword in found
    }
    wanted = {iri for iris in of.values() for iri in iris}
    names = labels_of(view().store, wanted, languages())
    return {
        form: [shown(names.get(iri) or Label(local_name(iri))) for iri in iris]
        for form, iris in of.items()
    }


def _candidates(found: Iterable[Keyword], limit: int) -> dict[str, list[Link]]:
    """The concepts that each keyword may be, best first; one look-up of names for all."""
    source = Source(view().index, view().cards, (), services().settings.languages)
    concepts = {
        keyword.form: [each.concept for each in suggest(source, _described(keyword), limit)]
        for keyword in found
    }
    links = _links({concept for some in concepts.values() for concept in some})
    return {form: [links[concept] for concept in some] for form, some in concepts.items()}


def _described(keyword: Keyword) -> Described:
    return Described(keywords=(keyword.written.text,), language=keyword.written.language or None)


def _links(concepts: Iterable[URIRef]) -> Mapping[URIRef, Link]:
    listed = list(concepts)
    names = labels_of(view().store, listed, languages())
    return {
        iri: Link(
            with_language(document_url(iri)),
            shown(names.get(iri) or Label(local_name(iri))),
            iri=iri,
        )
        for iri in listed
    }


def _find(query: str) -> list[Link]:
    graphs = tuple(vocabulary.graph for vocabulary in view().vocabularies)
    wanted = Wanted(query, graphs, stem_languages=languages(), is_unfinished=True)
    return [result.link for result in results(view().suggest(wanted, MORE))]


def _written(decision: KeywordDecision) -> Label:
    keyword = view().datasets.keyword(decision.form)
    return shown(keyword.written) if keyword else Label(decision.form)


def _table() -> KeywordDecisions:
    return KeywordDecisions(services().database)
