"""Search: the page, and what is suggested while somebody types."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.rdf.languages import Label, display_tag, language_name
from vocab_server.reading import (
    Link,
    Page,
    content_language,
    lens_for,
    link,
    page_number,
    shown,
    view,
)
from vocab_server.search.entries import PREFERRED
from vocab_server.search.find import Hit, Wanted, search
from vocab_server.services import services
from vocab_server.skos.hierarchy import items
from vocab_server.skos.trails import trails

bp = Blueprint("search", __name__)

RESULTS = 20  # on one page
SUGGESTIONS = 10
ANY = "any"  # the choice of names in all languages
LONGEST = 200  # characters that are searched for


@dataclass(frozen=True, slots=True)
class Result:
    """A concept that was found: the name that matched, what it is called, and where it stands."""

    link: Link
    matched: Label
    is_preferred: bool
    path: tuple[Label, ...]
    vocabulary: Label


@bp.get("/search")
def show() -> ResponseReturnValue:
    """The search page: without a query the form alone."""
    query = request.args.get("q", "").strip()[:LONGEST]
    wanted, number = _wanted(query), page_number()
    index = view().index
    hits, has_more = search(index, wanted, limit=RESULTS, offset=(number - 1) * RESULTS)
    elsewhere = not hits and wanted.language is not None and bool(query)
    others = search(index, _wanted(query, language=None), limit=1)[0] if elsewhere else []
    total = (number - 1) * RESULTS + len(hits) + has_more
    return render_template(
        "search/show.html",
        query=query,
        results=results(hits),
        page=Page(hits, number, RESULTS, total),
        vocabularies=[
            (v.id, shown(v.title(lens_for(v.graph).languages))) for v in view().vocabularies
        ],
        chosen=request.args.get("vocabulary", ""),
        languages=_languages(),
        language=request.args.get("language", ANY),
        deprecated="deprecated" in request.args,
        in_other_languages=bool(others),
    )


@bp.get("/search/suggestions")
def suggestions() -> ResponseReturnValue:
    """The first results as options of a list, for the search box."""
    query = request.args.get("q", "").strip()[:LONGEST]
    hits, _ = search(view().index, _wanted(query), limit=SUGGESTIONS)
    return render_template("search/suggestions.html", results=results(hits))


def _wanted(query: str, language: str | None = ANY) -> Wanted:
    """What the request asks for, in the language that it names unless another is given."""
    vocabulary = request.args.get("vocabulary")
    graphs = [view().vocabulary(vocabulary).graph] if vocabulary else []
    chosen = request.args.get("language", ANY) if language is ANY else language
    return Wanted(
        text=query,
        graphs=graphs,
        language=None if chosen in (ANY, "", None) else chosen,
        stem_languages=(content_language(), *services().settings.languages),
        deprecated=None if "deprecated" in request.args else False,
    )


def results(hits: Iterable[Hit]) -> list[Result]:
    """The hits with what a reader needs to tell them apart; a few queries for each vocabulary."""
    listed = list(hits)
    by_graph: dict[URIRef, list[URIRef]] = defaultdict(list)
    for hit in listed:
        by_graph[hit.graph].append(hit.concept)
    made: dict[tuple[URIRef, URIRef], Result] = {}
    titles = {v.graph: v for v in view().vocabularies}
    for graph, concepts in by_graph.items():
        lens = lens_for(graph)
        paths = trails(lens, concepts)
        title = shown(titles[graph].title(lens.languages)) if graph in titles else Label(graph)
        found = {item.iri: item for item in items(lens, concepts)}
        for hit in (hit for hit in listed if hit.graph == graph):
            made[graph, hit.concept] = Result(
                link=link(found[hit.concept]),
                matched=shown(Label(hit.text, hit.language)),
                is_preferred=hit.label_property == PREFERRED
                and hit.text == found[hit.concept].label.text,
                path=tuple(shown(label) for label in paths[hit.concept]),
                vocabulary=title,
            )
    return [made[hit.graph, hit.concept] for hit in listed]


def _languages() -> list[tuple[str, str]]:
    """The languages that any vocabulary has names in, by their own names."""
    tags = {tag for v in view().vocabularies for tag in view().statistics(v.graph).languages if tag}
    return sorted(((display_tag(tag), language_name(tag)) for tag in tags), key=lambda x: x[1])
