"""Suggestions as Annif gives them, so that its clients can use ours (Annif REST API, v1).

Every vocabulary is a project. Annif's forms and names are only in this module.
"""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from vocab_server.__version__ import __version__
from vocab_server.api.bodies import json_body
from vocab_server.api.parameters import is_tag
from vocab_server.api.v1.suggest import LONGEST, suggestion_source
from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import Label, resolve
from vocab_server.reading import view
from vocab_server.search.described import Described
from vocab_server.search.suggesting import suggest
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("annif", __name__, url_prefix="/annif/v1")

LIMIT = 10
MOST = 100
DOCUMENTS = 32  # in one request


@bp.get("/")
def about() -> ResponseReturnValue:
    """What this is."""
    return jsonify(title="vocab-server", version=__version__)


@bp.get("/projects")
def projects() -> ResponseReturnValue:
    """All vocabularies, as projects."""
    return jsonify(projects=[_project(vocabulary) for vocabulary in view().vocabularies])


@bp.get("/projects/<identifier>")
def project(identifier: str) -> ResponseReturnValue:
    """One vocabulary, as a project."""
    return jsonify(_project(view().vocabulary(identifier)))


@bp.post("/projects/<identifier>/suggest")
def suggest_for_text(identifier: str) -> ResponseReturnValue:
    """The concepts that the ``text`` of a form is about."""
    vocabulary, sent = view().vocabulary(identifier), request.form
    text = sent.get("text", "")
    if not text.strip() or len(text) > LONGEST:
        raise InvalidError(f"Send a form with a text of 1 to {LONGEST} characters.")
    limit, threshold = _limit(sent.get("limit")), _threshold(sent.get("threshold"))
    return jsonify(results=_results(vocabulary, text, _language(sent), limit, threshold))


@bp.post("/projects/<identifier>/suggest-batch")
def suggest_for_many(identifier: str) -> ResponseReturnValue:
    """The concepts that each of several documents is about."""
    vocabulary, content, sent = view().vocabulary(identifier), json_body(), request.args
    documents = content.get("documents") if isinstance(content, dict) else None
    if not isinstance(documents, list) or not 1 <= len(documents) <= DOCUMENTS:
        raise InvalidError(f'Send {{"documents": [{{"text": "..."}}]}}, 1 to {DOCUMENTS} of them.')
    limit, threshold, language = (
        _limit(sent.get("limit")),
        _threshold(sent.get("threshold")),
        _language(sent),
    )
    return jsonify(
        [
            {
                "document_id": document.get("document_id"),
                "results": _results(vocabulary, document["text"], language, limit, threshold),
            }
            for document in map(_document, documents)
        ]
    )


def _document(sent: Any) -> dict[str, Any]:
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str) or len(text) > LONGEST:
        raise InvalidError(f"Each document needs a text of at most {LONGEST} characters.")
    return dict(sent)


def _limit(sent: str | None) -> int:
    if sent is None:
        return LIMIT
    if sent.isascii() and sent.isdigit() and len(sent) < 4 and 1 <= int(sent) <= MOST:
        return int(sent)
    raise InvalidError(f"The limit must be a whole number from 1 to {MOST}.")


def _threshold(sent: str | None) -> float:
    try:
        found = float(sent or 0)
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise InvalidError("The threshold must be a number from 0 to 1.")
    return found


def _language(sent: Any) -> str | None:
    """The language of the text and of the labels in the answer, if said."""
    tag = sent.get("language")
    if tag and not is_tag(tag):
        raise InvalidError("The language must be a language tag, for example en or pt-BR.")
    return str(tag).lower() if tag else None


def _project(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "project_id": vocabulary.id,
        "name": _title(vocabulary).text,
        "language": services().settings.languages[0],
        "backend": {"backend_id": "vocab-server"},
        "is_trained": True,
        "modification_time": None,
    }


def _title(vocabulary: Vocabulary) -> Label:
    return vocabulary.title(services().settings.languages)


def _results(
    vocabulary: Vocabulary, text: str, language: str | None, limit: int, threshold: float
) -> list[dict[str, Any]]:
    described = Described(description=text, language=language)
    found = suggest(suggestion_source([vocabulary]), described, limit)
    cards = view().cards.find(vocabulary.graph, [each.concept for each in found])
    lens = view().lens(vocabulary.graph, language or services().settings.languages[0].lower())
    labels = {iri: resolve(card.labels, lens.languages) for iri, card in cards.items()}
    return [
        {
            "uri": each.concept,
            "label": label.text if (label := labels[each.concept]) else "",
            "notation": cards[each.concept].notation or None,
            "score": each.score / 100,
        }
        for each in found
        if each.score >= 100 * threshold
    ]
