"""Looking for a concept to map to: in our other vocabularies, or in somebody's SPARQL endpoint."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.errors import InvalidError
from vocab_server.outbound import ask_endpoint
from vocab_server.rdf.languages import Label
from vocab_server.reading import languages, lens_for, shown, shown_language, view
from vocab_server.search.find import Wanted, search
from vocab_server.services import services
from vocab_server.skos.concepts import get_concept
from vocab_server.skos.endpoint import find_remote
from vocab_server.skos.labels import definitions_of
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.draft_access import Opened, concept_of, open_draft, seen_now
from vocab_server.web.draft_texts import MAPPINGS, MEANINGS
from vocab_server.web.error_texts import in_words
from vocab_server.web.search import results
from vocab_server.web.vocabularies import summary

bp = Blueprint("draft_mappings", __name__, url_prefix="/drafts/<int:number>/mappings")
RESULTS = 20
LONGEST = 200  # characters that are searched for
ENDPOINT = "endpoint"  # the choice to look in an endpoint


@dataclass(frozen=True, slots=True)
class Found:
    """A concept to map to: what it is called, where it stands, what it means."""

    iri: str
    label: Label
    path: tuple[Label, ...]
    definition: Label | None


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """Look for a concept to map the concept ``iri`` to."""
    opened = open_draft(number, to_edit=True)
    iri = concept_of(request.args.get("iri", ""))
    if iri is None:
        raise InvalidError("The address does not say which concept is to be mapped (iri).")
    lens = lens_for(opened.draft.graph)
    concept = get_concept(lens, iri)
    query = request.args.get("q", concept.label.text).strip()[:LONGEST]
    found, problem = _looked(opened, iri, query)
    page = render_template(
        "drafts/mappings.html",
        draft=opened.draft,
        vocabulary=summary(opened.vocabulary),
        content_language=shown_language(lens),
        concept=concept,
        query=query,
        is_asked="q" in request.args,
        where=request.args.get("where", ""),
        endpoint=request.args.get("endpoint", ""),
        vocabularies=[(v.id, _title(v.graph)) for v in _others(opened)],
        found=found,
        seen=seen_now(opened),
        relations=[(kind, MAPPINGS[kind], MEANINGS[kind]) for kind in MAPPINGS],
        errors=[("endpoint", problem)] if problem else [],
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK


def _looked(opened: Opened, concept: URIRef, query: str) -> tuple[list[Found], str]:
    """What is found, or what went wrong."""
    if "q" not in request.args or not query:
        return [], ""
    if request.args.get("where") != ENDPOINT:
        return _ours(opened, concept, query), ""
    try:
        return _theirs(query), ""
    except InvalidError as error:
        return [], in_words(error)


def _ours(opened: Opened, concept: URIRef, query: str) -> list[Found]:
    wanted = request.args.get("where", "")
    graphs = [v.graph for v in _others(opened) if wanted in ("", v.id)]
    if not graphs:
        return []
    asked = Wanted(query, graphs, stem_languages=languages())
    hits, _more = search(view().index, asked, limit=RESULTS)
    meant = definitions_of(view().store, [hit.concept for hit in hits], languages())
    return [
        Found(
            iri=result.link.iri,
            label=result.link.label,
            path=(result.vocabulary, *result.path),
            definition=_shown(meant.get(hit.concept)),
        )
        for hit, result in zip(hits, results(hits), strict=True)
        if hit.concept != concept
    ]


def _theirs(query: str) -> list[Found]:
    url = request.args.get("endpoint", "").strip()
    if not url:
        raise InvalidError("Write the address of the SPARQL endpoint.")
    ask = partial(ask_endpoint, url, internal=services().settings.internal_hosts)
    return [
        Found(
            iri=str(remote.iri),
            label=shown(remote.label),
            path=(shown(remote.above),) if remote.above else (),
            definition=_shown(remote.definition),
        )
        for remote in find_remote(ask, query, languages())
    ]


def _shown(label: Label | None) -> Label | None:
    return shown(label) if label else None


def _others(opened: Opened) -> list[Vocabulary]:
    return [v for v in view().vocabularies if v.graph != opened.draft.graph]


def _title(graph: URIRef) -> Label:
    return shown(view().vocabulary_in(graph).title(lens_for(graph).languages))
