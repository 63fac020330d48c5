"""A table of concepts by languages, to write many labels or definitions at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from rdflib import URIRef

from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.languages import display_tag, is_tag, language_name
from vocab_server.rdf.namespaces import SKOS
from vocab_server.reading import Link, Page, lens_for, links, page_number, shown_language, view
from vocab_server.search.lists import list_lacking
from vocab_server.services import services
from vocab_server.skos.below import Relation
from vocab_server.skos.cells import Cell, changed, read_cells, stale_cells, writing
from vocab_server.skos.hierarchy import items
from vocab_server.web.draft_access import Opened, concept_of, open_draft
from vocab_server.web.draft_forms import Asked
from vocab_server.web.error_texts import in_words
from vocab_server.web.vocabularies import summary

bp = Blueprint("draft_grid", __name__, url_prefix="/drafts/<int:number>/grid")
ROWS = 25  # concepts on a page
COLUMNS = 6  # languages
KINDS = {"label": SKOS.prefLabel, "definition": SKOS.definition}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the table shows: texts of a kind in some languages, of which concepts."""

    kind: str
    languages: list[str]
    missing: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A table that was sent and not saved: what was typed, and what was changed meanwhile."""

    typed: dict[Cell, str] = field(default_factory=dict)
    stale: tuple[Cell, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A cell on the page: what it holds, what was typed there, how many more texts there are."""

    language: str
    text: str
    typed: str
    more: int
    is_stale: bool


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """The table of a page of concepts."""
    opened = open_draft(number, to_edit=True)
    return _page(opened, Sent(), HTTPStatus.OK)


@bp.post("")
def save(number: int) -> ResponseReturnValue:
    """Save the cells that were changed, as one change, unless one was changed meanwhile."""
    opened = open_draft(number, to_edit=True)
    kind = KINDS[_choice(opened).kind]
    seen, typed = _sent()
    wanted = changed(seen, typed.items())
    concepts = {cell.concept for cell in wanted}
    now = read_cells(view().store, opened.draft.graph, sorted(concepts), kind)
    if stale := stale_cells(now, {cell: seen[cell] for cell in wanted}):
        return _page(opened, Sent(wanted, tuple(stale)), HTTPStatus.CONFLICT)
    try:
        _save(opened, kind, seen, wanted)
    except InvalidError as error:
        sent = Sent(wanted, problem=in_words(error))
        return _page(opened, sent, HTTPStatus.UNPROCESSABLE_ENTITY)
    except ConflictError as error:
        return _page(opened, Sent(wanted, problem=in_words(error)), HTTPStatus.CONFLICT)
    return redirect(request.full_path.rstrip("?"), HTTPStatus.SEE_OTHER)


def _save(
    opened: Opened, kind: URIRef, seen: Mapping[Cell, str], wanted: Mapping[Cell, str]
) -> None:
    if wanted:
        named = ngettext("Write %(num)s text", "Write %(num)s texts", len(wanted))
        operations = writing(kind, seen, wanted)
        services().desk(opened.draft).operate(list(operations), opened.account.name, named)
    flash(ngettext("%(num)s text saved.", "%(num)s texts saved.", len(wanted)))


def _sent() -> tuple[dict[Cell, str], dict[Cell, str]]:
    """What the form says was in each cell, and what is in it now.

    Raises InvalidError for a form that is none of ours.
    """
    seen: dict[Cell, str] = {}
    typed: dict[Cell, str] = {}
    for name, value in request.form.items():
        what, _dash, place = name.partition("-")
        if what not in ("was", "cell"):
            continue
        row, _dash, language = place.partition("-")
        concept = concept_of(request.form.get(f"row-{row}", ""))
        if concept is None or not (is_tag(language) or language == ""):
            raise InvalidError("The table that was sent is incomplete. Load the page anew.")
        into = seen if what == "was" else typed
        into[Cell(concept, language.lower())] = value.replace("\r\n", "\n")
    if seen.keys() != typed.keys():
        raise InvalidError("The table that was sent is incomplete. Load the page anew.")
    return seen, typed


def _choice(opened: Opened) -> Choice:
    """What the address asks for; the languages with the most labels when it names none."""
    args = request.args
    present = [tag for tag in view().statistics(opened.draft.graph).languages if tag]
    asked = [*args.getlist("to"), args.get("more", "").strip()]
    tags = list(dict.fromkeys(tag.lower() for tag in asked if is_tag(tag)))
    missing = args.get("missing", "").lower()
    return Choice(
        kind=args.get("kind", "label") if args.get("kind") in KINDS else "label",
        languages=(tags or present[:2] or ["en"])[:COLUMNS],
        missing=missing if is_tag(missing) else "",
    )


def _under(opened: Opened) -> tuple[URIRef | None, str]:
    """The branch that the address names, and what is wrong with it."""
    asked = Asked(request.args, opened.draft.graph, None)
    if not asked.plain("under").strip() and not asked.plain("under-chosen"):
        return None, ""
    try:
        return URIRef(asked.found("under")), ""
    except InvalidError as error:
        return None, in_words(error)


def _listed(opened: Opened, choice: Choice, under: URIRef | None) -> tuple[list[URIRef], int]:
    graph, number = opened.draft.graph, page_number()
    among = None
    if under is not None:
        sets = view().within.among([graph], {Relation.UNDER: under}) or {}
        few = sets[graph].few
        if few is None:
            raise InvalidError("There is too much under that concept. Choose a smaller branch.")
        among = {under, *few}
    return list_lacking(
        view().index,
        graph,
        language=choice.missing,
        among=among,
        limit=ROWS,
        offset=(number - 1) * ROWS,
    )


def _page(opened: Opened, sent: Sent, status: HTTPStatus) -> ResponseReturnValue:
    choice = _choice(opened)
    under, wrong = _under(opened)
    concepts: list[URIRef] = []
    total = 0
    try:
        if not wrong:
            concepts, total = _listed(opened, choice, under)
    except InvalidError as error:
        wrong = in_words(error)
    if sent.typed:  # what was typed stays, also where the list is another one by now
        concepts = list(dict.fromkeys([*(cell.concept for cell in sent.typed), *concepts]))[:ROWS]
    lens = lens_for(opened.draft.graph)
    page = render_template(
        "drafts/grid.html",
        draft=opened.draft,
        vocabulary=summary(opened.vocabulary),
        content_language=shown_language(lens),
        kind=choice.kind,
        columns=[(display_tag(tag), language_name(tag)) for tag in choice.languages],
        missing=choice.missing,
        under=request.args.get("under", ""),
        page=Page(concepts, page_number(), ROWS, total),
        rows=_rows(opened, concepts, choice, sent),
        stale=len(sent.stale),
        errors=[("under", wrong)] if wrong else [("grid", sent.problem)] if sent.problem else [],
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else status


def _rows(
    opened: Opened, concepts: list[URIRef], choice: Choice, sent: Sent
) -> list[tuple[Link, list[Field]]]:
    graph = opened.draft.graph
    now = read_cells(view().store, graph, concepts, KINDS[choice.kind])
    known = {item.iri: item for item in items(lens_for(graph), concepts)}
    linked = links(known[concept] for concept in concepts)
    return [
        (one, [_field(Cell(concept, tag), now, sent) for tag in choice.languages])
        for concept, one in zip(concepts, linked, strict=True)
    ]


def _field(cell: Cell, now: Mapping[Cell, list[str]], sent: Sent) -> Field:
    texts = now.get(cell, [])
    text = texts[0] if texts else ""
    return Field(
        language=display_tag(cell.language),
        text=text,
        typed=sent.typed.get(cell, text),
        more=max(0, len(texts) - 1),
        is_stale=cell in sent.stale,
    )
