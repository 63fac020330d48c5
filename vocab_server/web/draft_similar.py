"""Concepts that are called almost as somebody is about to call one, told before it is saved."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.rdf.query import is_iri
from vocab_server.reading import content_language, languages, page_url, view
from vocab_server.search.similar import similar
from vocab_server.web.draft_access import Opened, open_draft
from vocab_server.web.search import Result, results

bp = Blueprint("draft_similar", __name__, url_prefix="/drafts/<int:number>/similar")
LONGEST = 200  # characters that are compared
SHOWN = 5  # concepts of this vocabulary, and of all others
_NAMING = ("addLabel", "changeLabel", "create")  # what gives a concept a name


@dataclass(frozen=True, slots=True)
class Similar:
    """What is called almost so: here, in the draft's vocabulary, and in the others."""

    text: str = ""
    here: tuple[Result, ...] = ()
    elsewhere: tuple[Result, ...] = ()


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """What is called almost as ``text``, as a piece of a page; ``iri`` is left out."""
    opened = open_draft(number, to_edit=True)
    iri = request.args.get("iri", "")
    concept = URIRef(iri) if is_iri(iri) else None
    found = similar_to(opened, request.args.get("text", ""), concept)
    return render_template(
        "drafts/similar.html", similar=found, content_language=content_language()
    )


def similar_to(opened: Opened, text: str, concept: URIRef | None) -> Similar:
    """The concepts that are called almost so in the draft as it is, without the concept itself."""
    text = text.strip()[:LONGEST]
    own = opened.draft.graph
    others = [v.graph for v in view().vocabularies if v.graph != own]
    found = [_found(text, graphs, concept) for graphs in ([own], others) if graphs]
    here = tuple(_in_draft(result) for result in found[0])
    return Similar(text, here, tuple(found[1]) if len(found) > 1 else ())


def similar_names(opened: Opened, operation: dict[str, Any], concept: URIRef | None) -> Similar:
    """What is called almost as an operation is about to call a concept."""
    if operation["do"] not in _NAMING:
        return Similar()
    named = operation.get("label", {}).get("text", "")
    named = named or next(iter(operation.get("prefLabel", {}).values()), "")
    return similar_to(opened, named, None if operation["do"] == "create" else concept)


def is_warned(similar: Similar) -> bool:
    """Whether who sends the form has seen what is similar, or there is nothing of that here."""
    return not similar.here or request.form.get("warned") == similar.text


def _found(text: str, graphs: list[URIRef], concept: URIRef | None) -> list[Result]:
    spoken = (content_language(), *languages())
    return results(similar(view().index, text, graphs, spoken, without=concept, limit=SHOWN))


def _in_draft(result: Result) -> Result:
    return replace(result, link=replace(result.link, href=page_url(result.link.iri)))
