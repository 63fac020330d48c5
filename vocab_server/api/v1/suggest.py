"""REST API: concepts for a description of data, each with the reasons why."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.bodies import json_body
from vocab_server.api.parameters import is_tag
from vocab_server.api.v1.shapes import listed, named, steps
from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import display_tag
from vocab_server.reading import view
from vocab_server.search.described import Described
from vocab_server.search.mentions import Source
from vocab_server.search.suggesting import Reason, Suggestion, suggest
from vocab_server.services import services
from vocab_server.skos.trails import Steps
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("api_suggest", __name__, url_prefix="/api/v1")

LIMIT = 10  # suggestions unless more are asked for
MOST = 100
LONGEST = 100_000  # characters of a text
LONGEST_LIST = 1_000  # keywords, or names of columns


@bp.post("/suggest")
def find() -> ResponseReturnValue:
    """The concepts that a description is about, best first."""
    content = json_body()
    if not isinstance(content, dict):
        raise InvalidError('Send an object, for example {"title": "Bathing water"}.')
    described = _described(content)
    limit = _limit(content)
    source = suggestion_source(_vocabularies(content), peers=_peers(content))
    found = suggest(source, described, limit)
    items = _items(found, described.language)
    return listed(items, len(items))


def suggestion_source(
    vocabularies: Sequence[Vocabulary], peers: frozenset[URIRef] = frozenset()
) -> Source:
    """Where suggestions of concepts of some vocabularies come from; of all for none.

    ``peers`` are the graphs of the catalogs of like organisations.
    """
    return Source(
        view().index,
        view().cards,
        tuple(vocabulary.graph for vocabulary in vocabularies),
        services().settings.languages,
        view().datasets,
        peers,
        answers=services().suggestion_answers.of,
    )


def _described(content: dict[str, Any]) -> Described:
    described = Described(
        title=_text(content, "title"),
        description=_text(content, "description"),
        keywords=_texts(content, "keywords"),
        columns=_texts(content, "columns"),
        language=_language(content),
    )
    if not any(text.strip() for _, text in described.parts()):
        raise InvalidError("Give at least one of title, description, keywords and columns.")
    return described


def _text(content: dict[str, Any], name: str) -> str:
    found = content.get(name) or ""
    if not isinstance(found, str) or len(found) > LONGEST:
        raise InvalidError(f"The {name} must be a text of at most {LONGEST} characters.")
    return found


def _texts(content: dict[str, Any], name: str) -> tuple[str, ...]:
    found = content.get(name) or []
    if not isinstance(found, list) or len(found) > LONGEST_LIST:
        raise InvalidError(f"The {name} must be a list of at most {LONGEST_LIST} texts.")
    if not all(isinstance(text, str) and len(text) <= LONGEST for text in found):
        raise InvalidError(f"The {name} must be a list of texts.")
    return tuple(found)


def _language(content: dict[str, Any]) -> str | None:
    tag = content.get("lang")
    if tag is None:
        return None
    if not isinstance(tag, str) or not is_tag(tag):
        raise InvalidError("The lang must be a language tag, for example en or pt-BR.")
    return tag.lower()


def _peers(content: dict[str, Any]) -> frozenset[URIRef]:
    """The catalogs of organisations like the one whose ``catalog`` the dataset is in."""
    catalog = content.get("catalog")
    if catalog is None:
        return frozenset()
    if not isinstance(catalog, str):
        raise InvalidError("The catalog must be the id of one.")
    return view().peers(view().catalog(catalog))


def _vocabularies(content: dict[str, Any]) -> list[Vocabulary]:
    chosen = content.get("vocabulary") or []
    ids = [chosen] if isinstance(chosen, str) else chosen
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise InvalidError("The vocabulary must be the id of one, or a list of ids.")
    return [view().vocabulary(each) for each in dict.fromkeys(ids)]


def _limit(content: dict[str, Any]) -> int:
    limit = content.get("limit", LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST:
        raise InvalidError(f"The limit must be a whole number from 1 to {MOST}.")
    return limit


def _items(found: Sequence[Suggestion], language: str | None) -> list[dict[str, Any]]:
    """The suggestions with what they are called and where they stand; one look-up a vocabulary."""
    wanted = language or services().settings.languages[0].lower()
    ids = {vocabulary.graph: vocabulary.id for vocabulary in view().vocabularies}
    by_graph: dict[URIRef, list[URIRef]] = defaultdict(list)
    for each in found:
        by_graph[each.graph].append(each.concept)
    ways = {
        graph: view().cards.ways(view().lens(graph, wanted), concepts)
        for graph, concepts in by_graph.items()
    }
    return [_item(each, ways[each.graph][each.concept], ids[each.graph]) for each in found]


def _item(found: Suggestion, way: Steps, vocabulary: str) -> dict[str, Any]:
    return {
        "iri": found.concept,
        **named(way[-1][1]),
        "vocabulary": vocabulary,
        "path": steps(way),
        "score": found.score,
        "reasons": [_reason(reason) for reason in found.reasons],
    }


def _reason(reason: Reason) -> dict[str, str]:
    told = {
        "in": reason.part.value,
        "text": reason.text,
        "match": reason.match.value,
        "label": reason.label.text,
    }
    tag = display_tag(reason.label.language) if reason.label.language else ""
    return told | ({"lang": tag} if tag else {})
