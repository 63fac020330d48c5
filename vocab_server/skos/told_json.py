"""What changed between releases, as commands and interfaces give it to programs."""

from typing import Any

from rdflib import Literal
from rdflib.term import Identifier

from vocab_server.skos.telling import Told
from vocab_server.skos.told_groups import Group


def item_json(group: Group, item: Told) -> dict[str, Any]:
    """An item as JSON; what it has not is left out."""
    named = {
        "group": group,
        "kind": item.kind,
        "concept": item.concept,
        "property": item.property,
        "was": item.was,
    }
    listed = {"before": item.before, "after": item.after, "texts": item.texts}
    return {name: str(value) for name, value in named.items() if value} | {
        name: [_term(term) for term in terms] for name, terms in listed.items() if terms
    }


def _term(term: Identifier) -> dict[str, str]:
    """A term as JSON-LD writes it."""
    if not isinstance(term, Literal):
        return {"@id": str(term)}
    made = {"@value": str(term)}
    if term.language:
        made["@language"] = term.language
    elif term.datatype:
        made["@type"] = str(term.datatype)
    return made
