"""Spreadsheets of a vocabulary: downloaded, edited away, uploaded, looked at, made a draft."""

import tempfile
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path

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
from rdflib import URIRef
from werkzeug.utils import secure_filename

from vocab_server.accounts.roles import Permission
from vocab_server.editing.drafts import LONGEST_TITLE
from vocab_server.editing.sheet_drafting import Decision, Preview
from vocab_server.editing.sheet_merge import Choice, Conflict, count_by_column
from vocab_server.editing.spreadsheets import MEDIA_TYPES, Wanted
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.identity import demand, demand_account, requires
from vocab_server.rdf.change import BLOCK
from vocab_server.rdf.languages import Label
from vocab_server.rdf.table import header
from vocab_server.reading import Link, content_language, lens_for, link, view
from vocab_server.returned import (
    drafting,
    keep_edits,
    kept_edits,
    languages_of,
    look_at,
    read_edits,
)
from vocab_server.services import services
from vocab_server.skos.hierarchy import items
from vocab_server.skos.releases import CURRENT, get_release
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.snapshots import number_of
from vocab_server.web.error_texts import in_words
from vocab_server.web.told import MOST, Sentence, sentences
from vocab_server.web.vocabularies import summary

bp = Blueprint("spreadsheets", __name__)

LISTED = 200  # problems, conflicts or sentences that a page shows
LONGEST_NAME = 200  # characters of a file's name that are kept
STARTERS = ("en", "sv")  # languages of a template when none are chosen
PLACE = "/vocabularies/<identifier>/spreadsheet"


@bp.get("/vocabularies/template.xlsx")
def template() -> ResponseReturnValue:
    """An empty workbook to start a vocabulary from nothing."""
    return _template(_chosen(STARTERS) or STARTERS)


@bp.get("/vocabularies/<identifier>/template.xlsx")
def own_template(identifier: str) -> ResponseReturnValue:
    """An empty workbook with the languages of a vocabulary."""
    present = languages_of(view().vocabulary(identifier).graph)
    return _template(_chosen(present) or tuple(present))


@bp.get(f"{PLACE}.<any(csv, xlsx):form>")
def download(identifier: str, form: str) -> ResponseReturnValue:
    """A vocabulary as a spreadsheet: as published now, or as it was in a release.

    Only who may edit drafts chooses languages: each choice is a file of its own.
    """
    vocabulary, name = view().vocabulary(identifier), request.args.get("release", "")
    chosen = _chosen(languages_of(vocabulary.graph))
    if chosen:
        demand(Permission.EDIT_DRAFTS, identifier)
    languages = chosen or services().settings.languages
    wanted = Wanted(identifier, vocabulary.graph, form, languages, bool(chosen))
    path = _written(vocabulary, wanted, name)
    response = Response(_content(path), content_type=MEDIA_TYPES[form])
    file = f"{identifier}{f'-{name}' if name else ''}.{form}"
    response.headers["Content-Disposition"] = f"attachment; filename={file}"
    if chosen:
        response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get(PLACE)
@requires(Permission.EDIT_DRAFTS, "identifier")
def show(identifier: str) -> ResponseReturnValue:
    """What there is to download, and a form to bring a file back."""
    return _page(view().vocabulary(identifier))


@bp.post(PLACE)
@requires(Permission.EDIT_DRAFTS, "identifier")
def upload(identifier: str) -> ResponseReturnValue:
    """Compare a file with the state in which it was exported, and keep what it changes."""
    vocabulary = view().vocabulary(identifier)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(vocabulary, [("file", _("Choose a file."))])
    name = Path(file.filename).name[:LONGEST_NAME]
    try:
        with tempfile.TemporaryDirectory(prefix="vocab-server-") as work:
            path = Path(work) / (secure_filename(name) or "upload")
            file.save(path)
            edits = read_edits(vocabulary, path, name)
    except InvalidError as error:
        return _page(vocabulary, [("file", in_words(error))])
    key = keep_edits(vocabulary.graph, edits)
    return redirect(url_for(".look", identifier=identifier, key=key), HTTPStatus.SEE_OTHER)


@bp.get(f"{PLACE}/<key>")
@requires(Permission.EDIT_DRAFTS, "identifier")
def look(identifier: str, key: str) -> ResponseReturnValue:
    """What a file would change as things are now."""
    return _look(view().vocabulary(identifier), key)


@bp.post(f"{PLACE}/<key>")
@requires(Permission.EDIT_DRAFTS, "identifier")
def make(identifier: str, key: str) -> ResponseReturnValue:
    """Make a draft of what a file changes, with a choice for each conflict."""
    vocabulary = view().vocabulary(identifier)
    title = request.form.get("title", "").strip()[:LONGEST_TITLE]
    edits = kept_edits(vocabulary.graph, key)
    try:
        draft = drafting().make(
            vocabulary.graph,
            edits,
            languages_of(vocabulary.graph),
            _decision(),
            title=title or edits.file,
            author=demand_account().name,
        )
    except ConflictError as error:
        return _look(vocabulary, key, [("conflicts", in_words(error))], HTTPStatus.CONFLICT)
    except InvalidError as error:
        return _look(vocabulary, key, [("make", in_words(error))], HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(_("The draft is made. Others will not see it until you publish."))
    return redirect(url_for("drafts.show", number=draft.id), HTTPStatus.SEE_OTHER)


def _content(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _written(vocabulary: Vocabulary, wanted: Wanted, name: str) -> Path:
    now = view()
    if name in ("", CURRENT):
        return services().spreadsheets.current(wanted, now.copy, number_of(now.path))
    release = get_release(now.releases.get(vocabulary.graph, ()), name)
    frozen = services().releases.file(release)
    return services().spreadsheets.release(wanted, frozen, release.number)


def _template(languages: tuple[str, ...]) -> Response:
    response = make_response(services().spreadsheets.template("xlsx", languages))
    response.content_type = MEDIA_TYPES["xlsx"]
    response.headers["Content-Disposition"] = "attachment; filename=template.xlsx"
    return response


def _chosen(offered: Iterable[str]) -> tuple[str, ...]:
    asked = request.args.getlist("language")
    return tuple(tag for tag in offered if tag in asked)


def _decision() -> Decision:
    """What was chosen for each conflict. A choice that there is not counts as none."""
    known = set(Choice)
    choices = {
        name.removeprefix("choice:"): Choice(value)
        for name, value in request.form.items()
        if name.startswith("choice:") and value in known
    }
    rest = request.form.get("rest", "")
    return Decision(choices, Choice(rest) if rest in known else None)


def _page(
    vocabulary: Vocabulary, errors: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    page = render_template(
        "spreadsheets/show.html",
        vocabulary=summary(vocabulary),
        content_language=content_language(),
        languages=languages_of(vocabulary.graph),
        errors=errors or [],
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _look(
    vocabulary: Vocabulary,
    key: str,
    errors: list[tuple[str, str]] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    edits = kept_edits(vocabulary.graph, key)
    found = look_at(vocabulary.graph, edits)
    page = render_template(
        "spreadsheets/preview.html",
        vocabulary=summary(vocabulary),
        content_language=content_language(),
        key=key,
        found=found,
        listed=LISTED,
        columns=sorted(count_by_column(found.plan).items()),
        conflicts=_conflict_rows(vocabulary, found.plan.conflicts[:LISTED]),
        told=_told(found)[:LISTED],
        chosen=request.form,
        errors=errors or [],
    )
    return page, status


def _told(found: Preview) -> list[Sentence]:
    change = found.solution.change
    size = len(change.added) + len(change.removed)
    return sentences([change])[0] if 0 < size <= MOST else []


def _conflict_rows(vocabulary: Vocabulary, found: tuple[Conflict, ...]) -> list[dict[str, object]]:
    iris = sorted({URIRef(conflict.iri) for conflict in found})
    shown = items(lens_for(vocabulary.graph), iris) if iris else []
    known = {str(item.iri): link(item) for item in shown}
    unknown = {str(iri): Link("", Label(str(iri))) for iri in iris}
    return [_conflict_row(conflict, (unknown | known)[conflict.iri]) for conflict in found]


def _conflict_row(conflict: Conflict, concept: Link) -> dict[str, object]:
    """A conflict as the page shows it: three sides, each a list of texts in their language."""
    language = conflict.column.language
    sides = {
        name: [Label(text, language) for text in values]
        for name, values in (
            ("base", conflict.base),
            ("mine", conflict.mine),
            ("theirs", conflict.theirs),
        )
    }
    return {
        "address": conflict.address,
        "concept": concept,
        "column": header(conflict.column),
        "reason": conflict.reason.value,
        "choices": [choice.value for choice in conflict.choices],
        **sides,
    }
