"""Many concepts of a draft changed at once: chosen, shown what will change, done as one change."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from rdflib import URIRef

from vocab_server.editing.acting import refuse_stale
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.change import Change
from vocab_server.reading import Link, lens_for, links, shown_language, view
from vocab_server.search.find import Wanted, search
from vocab_server.services import services
from vocab_server.skos.acts.operations import MOST
from vocab_server.skos.hierarchy import items
from vocab_server.skos.hierarchy import narrower as right_below
from vocab_server.skos.label_sets import labels_in
from vocab_server.skos.sketch import Sketch
from vocab_server.web.draft_access import Opened, open_draft, seen_now, what_was_seen
from vocab_server.web.draft_bulk_forms import Chosen, Operations, read_operations
from vocab_server.web.draft_findings import told_by
from vocab_server.web.draft_forms import Asked
from vocab_server.web.draft_parts import list_collections
from vocab_server.web.draft_similar import Similar
from vocab_server.web.draft_texts import LABELS
from vocab_server.web.error_texts import in_words
from vocab_server.web.quality_texts import SEVERITIES
from vocab_server.web.told import Sentence, sentences
from vocab_server.web.vocabularies import summary

bp = Blueprint("draft_bulk", __name__, url_prefix="/drafts/<int:number>/bulk")
LISTED = 100  # concepts to tick
TOLD = 100  # sentences of a preview
BIGGEST = 20_000  # statements of a change that is told in words
_NOT_KEPT = ("csrf_token", "iris", "iri")


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """Concepts to choose from, and what can be done with those chosen."""
    return _page(open_draft(number, to_edit=True))


@bp.post("")
def act(number: int) -> ResponseReturnValue:
    """Show what will change; when that was seen, do it."""
    opened = open_draft(number, to_edit=True)
    try:
        concepts = _concepts(opened)
        operations = _operations(opened, concepts)
        if "confirmed" not in request.form:
            return _preview(opened, concepts, operations)
        return _done(opened, concepts, operations)
    except InvalidError as error:
        return _page(opened, in_words(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except ConflictError as error:
        return _page(opened, in_words(error), HTTPStatus.CONFLICT)


def _concepts(opened: Opened) -> list[URIRef]:
    """Those that are ticked, then those that are written one a line, each once."""
    lines = request.form.get("iris", "").splitlines()
    asked = Asked({}, opened.draft.graph, None)
    written = [asked.named(line.strip()) for line in lines[: MOST + 1] if line.strip()]
    found = list(dict.fromkeys(map(URIRef, [*request.form.getlist("iri"), *written])))
    if len(found) > MOST:
        raise InvalidError("At most %(most)s concepts at once are changed.", most=MOST)
    return found


def _operations(opened: Opened, concepts: list[URIRef]) -> Operations:
    graph = opened.draft.graph
    cards = view().cards.find(graph, concepts)
    ways = view().cards.ways(lens_for(graph), concepts)
    chosen = Chosen(
        concepts=concepts,
        labels=labels_in(Sketch(view().store, graph), concepts),
        above={iri: cards[iri].above if iri in cards else () for iri in concepts},
        depth={iri: len(ways.get(iri, ())) for iri in concepts},
    )
    return read_operations(Asked(request.form, graph, None), chosen)


def _preview(opened: Opened, concepts: list[URIRef], operations: Operations) -> ResponseReturnValue:
    log = services().drafts.branches.log(opened.draft)
    refuse_stale(log, opened.draft, what_was_seen(opened), concepts)
    change = services().desk(opened.draft).try_out(view().store, list(operations))
    told, more = _told(change)
    kept = [(k, v) for k, v in request.form.items(multi=True) if k not in _NOT_KEPT]
    return render_template(
        "drafts/preview.html",
        draft=opened.draft,
        vocabulary=summary(opened.vocabulary),
        content_language=shown_language(lens_for(opened.draft.graph)),
        concept=None,
        sentences=told,
        more=more,
        size=len(change.added) + len(change.removed),
        similar=Similar(),
        findings=told_by(opened, change),
        severities=SEVERITIES,
        address="",
        action=url_for(".act", number=opened.draft.id),
        typed=[*kept, *(("iri", str(concept)) for concept in concepts)],
    )


def _told(change: Change) -> tuple[list[Sentence], int]:
    if len(change.added) + len(change.removed) > BIGGEST:
        return [], 0
    told = sentences([change])[0]
    return told[:TOLD], max(0, len(told) - TOLD)


def _done(opened: Opened, concepts: list[URIRef], operations: Operations) -> ResponseReturnValue:
    draft, drafts = opened.draft, services().drafts
    seen = what_was_seen(opened)
    made = (
        services()
        .desk(draft)
        .operate(
            list(operations),
            opened.account.name,
            ngettext("Change %(num)s concept", "Change %(num)s concepts", len(concepts)),
            before=lambda: refuse_stale(drafts.branches.log(draft), draft, seen, concepts),
        )
    )
    flash(_("Nothing changed.") if made.position is None else _("Saved in the draft."))
    return redirect(url_for("drafts.show", number=draft.id) + "#changes", HTTPStatus.SEE_OTHER)


def _page(
    opened: Opened, problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    found, wrong = _listed(opened)
    lens = lens_for(opened.draft.graph)
    ticked = set(request.form.getlist("iri"))
    page = render_template(
        "drafts/bulk.html",
        draft=opened.draft,
        vocabulary=summary(opened.vocabulary),
        content_language=shown_language(lens),
        query=request.args.get("q", ""),
        under=request.args.get("under", ""),
        found=found,
        ticked=ticked,
        others=sorted(ticked - {link.iri for link in found}),
        typed=request.form,
        kinds=LABELS.items(),
        groups=list_collections(lens_for(opened.draft.graph))[0],
        seen=seen_now(opened),
        errors=[("under", wrong)] if wrong else [("do", problem)] if problem else [],
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else status


def _listed(opened: Opened) -> tuple[list[Link], str]:
    """The concepts to tick, by name or of a level of the tree; and what is wrong."""
    graph = opened.draft.graph
    lens, query = lens_for(graph), request.args.get("q", "").strip()
    asked = Asked(request.args, graph, None)
    try:
        if asked.plain("under").strip():
            upper = URIRef(asked.found("under"))
            return links(right_below(lens, [upper])[upper][:LISTED]), ""
    except InvalidError as error:
        return [], in_words(error)
    if not query:
        return [], ""
    hits, _more = search(view().index, Wanted(query, (graph,)), limit=LISTED)
    return links(items(lens, [hit.concept for hit in hits])), ""
