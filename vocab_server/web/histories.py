"""What a vocabulary or one concept went through, change by change, and the way to undo one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from rdflib import Literal, URIRef

from vocab_server.accounts.roles import Permission
from vocab_server.database.log import LoggedChange
from vocab_server.editing.reverting import MOST, is_big
from vocab_server.errors import ConflictError, InvalidError, NotFoundError, VocabServerError
from vocab_server.gone import mask_of
from vocab_server.identity import demand
from vocab_server.past import (
    Entry,
    change_entry,
    changes_since,
    get_change,
    history_page,
    named_resource,
    shown_author,
)
from vocab_server.rdf.change import Change, to_lines
from vocab_server.rdf.ntriples import read_triple
from vocab_server.rdf.rdf_patch import MEDIA_TYPE as PATCH
from vocab_server.rdf.rdf_patch import patch_rows
from vocab_server.reading import (
    Link,
    Page,
    interface_language,
    lens_for,
    link,
    page_number,
    shown_language,
    view,
)
from vocab_server.recent import ATOM
from vocab_server.services import services
from vocab_server.skos.hierarchy import items
from vocab_server.skos.telling import tell
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.error_texts import in_words
from vocab_server.web.releases import HTML, JSON, wanted_form
from vocab_server.web.told import LINES, Sentence, sentences_of
from vocab_server.web.vocabularies import summary

bp = Blueprint("histories", __name__)

CHANGES = 20  # on a page
FEW = 12  # things that a change did which a page of many changes tells
TOLD = 200  # things that a change did on its own page
SINCE = 10  # later changes that are shown beside one that cannot be undone
TWINS = {JSON: "api_histories.index", ATOM: "history_feeds.atom"}


@dataclass(frozen=True, slots=True)
class Row:
    """A change as pages show it; ``more`` is how much of what it did is told elsewhere."""

    number: int
    href: str
    author: str
    time: datetime
    message: str
    purpose: str
    reviewers: tuple[str, ...]
    undoes: int | None
    sentences: list[Sentence]
    more: int
    is_told: bool
    added: list[str]
    removed: list[str]
    counts: tuple[int, int]
    may_be_undone: bool


@bp.get("/vocabularies/<identifier>/history")
def show(identifier: str) -> ResponseReturnValue:
    """The history of a vocabulary, or with ``?iri=`` of one concept, newest first.

    Who asks for JSON or Atom is led to that.
    """
    vocabulary = view().vocabulary(identifier)
    media_type = wanted_form((HTML, JSON, ATOM))
    if media_type == HTML:
        response = make_response(_page(vocabulary))
    else:
        kept = {name: request.args[name] for name in ("iri", "lang") if name in request.args}
        address = url_for(TWINS[media_type], identifier=identifier, **kept)  # type: ignore[arg-type]  # of url_for
        response = redirect(address, HTTPStatus.SEE_OTHER)  # type: ignore[assignment]
    response.vary.add("Accept")
    return response


def _page(vocabulary: Vocabulary) -> str:
    graph, number = vocabulary.graph, page_number()
    resource = named_resource(graph)
    offset = (number - 1) * CHANGES
    found, total = history_page(graph, resource, limit=CHANGES, offset=offset)
    lens = lens_for(graph)
    return render_template(
        "history/show.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        concept=_concept(graph, resource) if resource else None,
        here_url=_with_iri(request.path, resource),
        page=Page(rows(vocabulary, found, resource), number, CHANGES, total),
    )


def _concept(graph: URIRef, resource: URIRef) -> Link:
    """A concept as links show it; one that is gone by its address."""
    return link(items(lens_for(graph), [resource])[0])


def _with_iri(path: str, resource: URIRef | None) -> str:
    return f"{path}?{urlencode({'iri': resource})}" if resource else path


def rows(
    vocabulary: Vocabulary, found: Sequence[Entry], resource: URIRef | None = None, most: int = FEW
) -> list[Row]:
    """The entries of a history as pages show them; the names in one look-up."""
    told = [list(entry.told or ())[:most] for entry in found]
    sentences = sentences_of(vocabulary.graph, told)
    return [
        _row(vocabulary, entry, words, resource)
        for entry, words in zip(found, sentences, strict=True)
    ]


def _row(
    vocabulary: Vocabulary, entry: Entry, words: list[Sentence], resource: URIRef | None
) -> Row:
    logged, details = entry.logged, entry.logged.details
    change = entry.change
    return Row(
        number=logged.number,
        href=_with_iri(_change_url(vocabulary, logged.number), resource),
        author=shown_author(logged),
        time=logged.time,
        message=logged.message,
        purpose=str(details.get("purpose") or details.get("reason") or ""),
        reviewers=tuple(details.get("reviewers", ())),
        undoes=details.get("change") if details.get("kind") == "undo" else None,
        sentences=words,
        more=len(entry.told or ()) - len(words),
        is_told=entry.told is not None,
        added=to_lines(change.added)[:LINES] if change else [],
        removed=to_lines(change.removed)[:LINES] if change else [],
        counts=(logged.added, logged.removed),
        may_be_undone=not is_big(logged)
        or services().reverter(vocabulary.registration).is_latest(logged),
    )


def _change_url(vocabulary: Vocabulary, number: int) -> str:
    return url_for("histories.change", identifier=vocabulary.id, number=number)


@bp.get("/vocabularies/<identifier>/history/<int:number>")
def change(identifier: str, number: int) -> ResponseReturnValue:
    """One change: what it did, in words and statement by statement; also as an RDF Patch."""
    vocabulary = view().vocabulary(identifier)
    logged = get_change(vocabulary.graph, number)
    if wanted_form((HTML, PATCH)) == PATCH:
        response = _patch(logged)
    else:
        response = make_response(_change_page(vocabulary, logged))
    response.vary.add("Accept")
    return response


def _patch(logged: LoggedChange) -> Response:
    """All of a change, but what was withdrawn since."""
    response = Response(content_type=PATCH)
    if request.method == "HEAD":
        response.automatically_set_content_length = False
    else:
        response.response = patch_rows(mask_of(logged.graph)(logged), {"id": logged.graph})
    return response


def _change_page(vocabulary: Vocabulary, logged: LoggedChange) -> str:
    resource, number = named_resource(vocabulary.graph), page_number()
    entry = change_entry(logged, resource, most=MOST)
    told, start = list(entry.told or ()), (number - 1) * TOLD
    part = Entry(logged, entry.change, told[start : start + TOLD] if entry.told else entry.told)
    return render_template(
        "history/change.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens_for(vocabulary.graph)),
        row=rows(vocabulary, [part], resource, TOLD)[0],
        page=Page(part.told or (), number, TOLD, len(told)),
        lines=LINES,
        patch_url=f"{_change_url(vocabulary, logged.number)}?format=patch",
    )


@bp.route("/vocabularies/<identifier>/history/<int:number>/undo", methods=["GET", "POST"])
def undo(identifier: str, number: int) -> ResponseReturnValue:
    """What undoing a change would do, or why it cannot be undone; and the undoing."""
    vocabulary = view().vocabulary(identifier)
    account = demand(Permission.PUBLISH, identifier)
    logged = get_change(vocabulary.graph, number)
    reverter = services().reverter(vocabulary.registration)
    text = request.form.get("reason", "").strip() or _(
        "Change %(number)s was undone.", number=number
    )
    reason = Literal(text, lang=interface_language())
    try:
        if request.method == "POST":
            made = reverter.undo(logged, account.name, reason)
            flash(_("Change %(number)s is undone.", number=number))
            return redirect(_change_url(vocabulary, made), HTTPStatus.SEE_OTHER)
        planned = reverter.preview(view().store, logged, reason)
    except (ConflictError, InvalidError, NotFoundError) as error:
        is_asked = request.method == "GET"
        return _refusal(vocabulary, logged, error), HTTPStatus.OK if is_asked else _status(error)
    told = tell(planned) if isinstance(planned, Change) else []
    preview = sentences_of(vocabulary.graph, [told])
    return render_template(
        "history/undo.html",
        vocabulary=summary(vocabulary),
        row=rows(vocabulary, [change_entry(logged, most=MOST)])[0],
        preview=preview[0][:TOLD],
        is_told=isinstance(planned, Change),
        reason=text,
        problem="",
        since=(),
    )


def _status(error: Exception) -> HTTPStatus:
    is_rule = isinstance(error, InvalidError)
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_rule else HTTPStatus.CONFLICT


def _refusal(vocabulary: Vocabulary, logged: LoggedChange, error: VocabServerError) -> str:
    """Why a change cannot be undone, with what was done since to what is in the way."""
    statements = error.statements if isinstance(error, ConflictError) else ()
    concepts = sorted({URIRef(str(read_triple(line.encode())[0])) for line in statements})[:SINCE]
    since = [
        (
            _concept(vocabulary.graph, concept),
            rows(vocabulary, [change_entry(logged, concept, most=MOST)], concept)[0],
            rows(vocabulary, changes_since(logged, concept, SINCE), concept),
        )
        for concept in concepts
    ]
    is_conflict = isinstance(error, ConflictError) and bool(statements)
    told = (
        _("Later changes are in the way of undoing this one.") if is_conflict else in_words(error)
    )
    return render_template(
        "history/undo.html",
        vocabulary=summary(vocabulary),
        row=rows(vocabulary, [change_entry(logged, most=MOST)])[0],
        preview=[],
        is_told=True,
        reason="",
        problem=told,
        since=since,
    )
