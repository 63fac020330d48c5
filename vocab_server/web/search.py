"""Search: the page, and what is suggested while somebody types."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape
from rdflib import URIRef

from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import Label, display_tag, language_name
from vocab_server.reading import (
    Link,
    Page,
    content_language,
    document_url,
    languages,
    lens_for,
    page_number,
    shown,
    view,
    with_language,
)
from vocab_server.search.cards import Card
from vocab_server.search.entries import PREFERRED
from vocab_server.search.find import Hit, Wanted, search, with_passages
from vocab_server.search.looks import Kind
from vocab_server.skos.below import SEARCHED, Relation
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.skos.trails import Steps
from vocab_server.store.embedded import can_hold
from vocab_server.views import View
from vocab_server.web.labels import name_html

bp = Blueprint("search", __name__)

RESULTS = 20  # on one page
SUGGESTIONS = 10
ANY = "any"  # the choice of names in all languages
LONGEST = 200  # characters that are searched for
# What an address may say besides the text.
SAID = frozenset({"deprecated", "in", "interface", "lang", "language", "vocabulary", *SEARCHED})


@dataclass(frozen=True, slots=True)
class Result:
    """A concept that was found: the name that matched, what it is called, and where it stands."""

    link: Link
    matched: Label
    is_preferred: bool
    path: tuple[Label, ...]
    vocabulary: Label
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a search stays among; ``without`` is the address of the search of everything."""

    relation: Relation
    iri: URIRef
    label: Label
    without: str


@bp.get("/search")
def show() -> ResponseReturnValue:
    """The search page: without a query the form alone."""
    query = typed(request.args)
    wanted, number = _wanted(query), page_number()
    index = view().index
    hits, has_more = search(index, wanted, limit=RESULTS, offset=(number - 1) * RESULTS)
    hits = with_passages(view().store, hits, query, wanted.stem_languages)
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
        in_notes=wanted.in_notes,
        in_other_languages=bool(others),
        narrowings=_narrowings(),
    )


@bp.get("/search/suggestions")
def suggestions() -> ResponseReturnValue:
    """The first results as options of a list, for the search box."""
    wanted = replace(_wanted(typed(request.args)), is_unfinished=True, in_notes=False)
    found = results(view().suggest(wanted, SUGGESTIONS))
    return as_options(found)


def typed(parameters: Mapping[str, str]) -> str:
    """The text that is searched for."""
    return parameters.get("q", "").strip()[:LONGEST]


def as_options(found: Iterable[Result]) -> str:
    """Results as options of a list.

    Not as a page, and no template: with every key that somebody presses this is made.
    """
    return "".join(map(_option, found))


def _option(result: Result) -> str:
    link, matched = result.link, result.matched
    label = link.label
    where = " › ".join(
        name_html(step.text, step.language) for step in (result.vocabulary, *result.path)
    )
    begun = "" if result.is_preferred else f"{name_html(matched.text, matched.language)} → "
    return (
        f'<li role="option" data-autocomplete-value="{escape(label.text)}"'
        f' data-href="{escape(link.href)}">'
        f"\n  <span>{begun}{name_html(label.text, label.language)}</span>"
        f"\n  <small>{where}</small>\n</li>"
    )


def _wanted(query: str, language: str | None = ANY) -> Wanted:
    """What the request asks for, in the language that it names unless another is given."""
    vocabulary = request.args.get("vocabulary")
    graphs = (view().vocabulary(vocabulary).graph,) if vocabulary else ()
    chosen = request.args.get("language", ANY) if language is ANY else language
    return Wanted(
        text=query,
        graphs=graphs,
        among=view().within.among(graphs or [v.graph for v in view().vocabularies], _given()),
        in_notes=request.args.get("in") == "notes",
        language=None if chosen in (ANY, "", None) else chosen,
        stem_languages=languages(),
        deprecated=None if "deprecated" in request.args else False,
    )


def _given() -> dict[Relation, URIRef]:
    """What ``under``, ``group`` and ``type`` name. Raises InvalidError for what is no IRI."""
    given = {relation: iri for relation in SEARCHED if (iri := request.args.get(relation))}
    for relation, iri in given.items():
        if not can_hold(iri):
            raise InvalidError(
                "The address says %(relation)s=%(iri)s, which is no identifier. Leave that part"
                " out.",
                relation=relation,
                iri=iri,
            )
    return {relation: URIRef(iri) for relation, iri in given.items()}


def _narrowings() -> list[Narrowing]:
    """What the search stays among, each with the address of the search without it."""
    given = _given()
    names = labels_of(view().store, given.values(), languages()) if given else {}
    kept = request.args.to_dict()
    return [
        Narrowing(
            relation,
            iri,
            shown(names.get(iri) or Label(local_name(iri))),
            without=f"/search?{urlencode({**kept, relation.value: '', 'page': '1'})}",
        )
        for relation, iri in given.items()
    ]


def results(hits: Sequence[Hit]) -> list[Result]:
    """The hits with what a reader needs to tell them apart, from the index alone."""
    return results_in(view(), hits, content_language(), page_address)


def page_address(iri: str) -> str:
    """The address of the description of a concept, with the reader's choice of language."""
    return with_language(document_url(iri))


def results_in(
    read: View, hits: Sequence[Hit], language: str, address: Callable[[str], str]
) -> list[Result]:
    """The hits in a snapshot, for who wants names in ``language``; see ``results``."""
    by_graph: dict[URIRef, list[URIRef]] = defaultdict(list)
    for hit in hits:
        by_graph[hit.graph].append(hit.concept)
    told = {}
    for graph, concepts in by_graph.items():
        ways = read.cards.ways(read.lens(graph, language), concepts)
        told[graph] = ways, read.cards.find(graph, concepts), shown(read.title(graph, language))
    made = []
    for hit in hits:
        ways, cards, vocabulary = told[hit.graph]
        href = address(hit.concept)
        made.append(_result(hit, href, ways[hit.concept], cards[hit.concept], vocabulary))
    return made


def _result(hit: Hit, href: str, way: Steps, card: Card, vocabulary: Label) -> Result:
    label = way[-1][1]
    return Result(
        link=Link(href, shown(label), card.notation, card.is_deprecated, iri=hit.concept),
        matched=shown(Label(hit.text, hit.language)),
        is_preferred=hit.label_property == PREFERRED and hit.text == label.text,
        path=tuple(shown(step) for _, step in way[:-1]),
        vocabulary=vocabulary,
        is_note=hit.kind == Kind.NOTE,
    )


def _languages() -> list[tuple[str, str]]:
    """The languages that any vocabulary has names in, by their own names."""
    tags = {tag for v in view().vocabularies for tag in view().statistics(v.graph).languages if tag}
    return sorted(((display_tag(tag), language_name(tag)) for tag in tags), key=lambda x: x[1])
