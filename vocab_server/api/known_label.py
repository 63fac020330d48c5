"""From a name to the concept that has it: an address that anybody can write from memory."""

from http import HTTPStatus

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.parameters import LONGEST, is_tag
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.reading import document_url, view
from vocab_server.search.find import Wanted, search
from vocab_server.search.looks import Kind
from vocab_server.services import services

bp = Blueprint("known_label", __name__)


@bp.get("/label/<language>/<path:text>")
def show(language: str, text: str) -> ResponseReturnValue:
    """The concept that is called so in a language; upper and lower case are the same.

    A preferred label goes before others, a concept in use before a deprecated one.
    """
    if not is_tag(language):
        raise InvalidError("The language must be a language tag, for example en or pt-BR.")
    found = _find(text[:LONGEST], language)
    if found is None:
        raise NotFoundError(f"No concept here is called {text} in the language {language}.")
    minted = found.startswith(f"{services().settings.base}/id/")
    return redirect(found if minted else document_url(found), HTTPStatus.FOUND)


def _find(text: str, language: str) -> URIRef | None:
    chosen = request.args.get("vocabulary")
    found = [view().vocabulary(chosen)] if chosen else view().vocabularies
    graphs = [vocabulary.graph for vocabulary in found]
    for deprecated in (False, True):
        wanted = Wanted(text, graphs, language, deprecated=deprecated)
        hits, _ = search(view().index, wanted, limit=1)
        if hits and hits[0].kind == Kind.EXACT and not hits[0].is_folded:
            return hits[0].concept
    return None
