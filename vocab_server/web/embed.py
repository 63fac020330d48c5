"""The picker for forms of others: the file itself, and the page that writes the code for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.rdf.languages import display_tag, is_tag
from vocab_server.reading import content_language, languages, shown, view
from vocab_server.services import services

bp = Blueprint("embed", __name__)

ADDRESS = "/embed/v1/concept-picker.js"
AGE = 3600  # seconds that browsers keep the file without asking
MOST = 20  # concepts that the page lets one ask for
FIELD = "subject"


@bp.get(ADDRESS)
def script() -> Response:
    """The custom element concept-picker, for pages of any origin."""
    folder = Path(current_app.static_folder or "")
    answer = send_from_directory(folder, "concept-picker.js", max_age=AGE)
    answer.headers["Cache-Control"] = f"public, max-age={AGE}"
    return answer


@dataclass(frozen=True, slots=True)
class Sample:
    """Code that puts the picker into pages of one kind; ``id`` names its template."""

    id: str
    title: str
    about: str
    code: str


@bp.get("/embed")
def show() -> ResponseReturnValue:
    """The picker to try, and the code that puts it into a page, for the choices in the form."""
    vocabularies = [(v.id, shown(v.title(languages()))) for v in view().vocabularies]
    known = [found[0] for found in vocabularies]
    chosen = request.args.get("vocabulary", "")
    choices: dict[str, Any] = {
        "vocabulary": chosen if chosen in known else next(iter(known), ""),
        "language": _language(),
        "most": _most(),
        "field": FIELD,
    }
    return render_template(
        "embed/show.html", vocabularies=vocabularies, samples=list(_samples(choices)), **choices
    )


def _samples(choices: dict[str, Any]) -> Iterator[Sample]:
    base = services().settings.base
    described = (
        ("plain", "HTML", _("The form sends one value, an address, for each chosen concept.")),
        ("react", "React", _("From version 19 on, which knows custom elements.")),
        ("ckan", "CKAN", _("For ckanext-scheming: the file form_snippets/concept_picker.html.")),
        ("ckan-field", _("CKAN, the field"), _("In the YAML file of the dataset schema.")),
        ("entryscape", "EntryScape", _("In a template of RDForms: a choice from the vocabulary.")),
    )
    for id_, title, about in described:
        code = render_template(f"embed/{id_}.txt", base=base, address=f"{base}{ADDRESS}", **choices)
        yield Sample(id_, title, about, code)


def _language() -> str:
    chosen = request.args.get("language", "")
    return display_tag(chosen if is_tag(chosen) else content_language())


def _most() -> int:
    return min(max(1, request.args.get("max", 5, type=int)), MOST)
