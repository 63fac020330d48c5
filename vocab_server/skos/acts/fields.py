"""How the values of operations are read from JSON; each reader raises InvalidError."""

from collections.abc import Callable, Mapping
from typing import Any

from rdflib import Literal, URIRef

from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import is_tag
from vocab_server.rdf.namespaces import SKOS
from vocab_server.store.embedded import can_hold

MOST = 10_000  # IRIs in one field


def iri(found: Any) -> URIRef:
    """An absolute IRI."""
    if not isinstance(found, str) or not can_hold(found):
        raise InvalidError("%(found)r is not an absolute IRI.", found=found)
    return URIRef(found)


def iris(found: Any) -> list[URIRef]:
    """IRIs: a list of them, or one."""
    listed = found if isinstance(found, list) else [found]
    if len(listed) > MOST:
        raise InvalidError(
            "There are %(number)s IRIs; %(most)s are allowed.", number=len(listed), most=MOST
        )
    return [iri(each) for each in listed]


def plain(found: Any) -> str:
    """A text without a language."""
    if not isinstance(found, str):
        raise InvalidError("A text is expected, not %(found)r.", found=found)
    return found


def flag(found: Any) -> bool:
    """True or false."""
    if not isinstance(found, bool):
        raise InvalidError("true or false is expected, not %(found)r.", found=found)
    return found


def kind(found: Any) -> URIRef:
    """A property of SKOS by its local name, such as prefLabel, or by its IRI."""
    text = plain(found)
    return SKOS[text] if text.isalpha() and text in SKOS.__annotations__ else iri(text)


def literal(found: Any) -> Literal:
    """A text with its language: an object with text and lang, or a text without language."""
    if isinstance(found, str):
        return Literal(found)
    if not isinstance(found, Mapping) or set(found) - {"text", "lang"} or "text" not in found:
        raise InvalidError('{"text": ..., "lang": ...} is expected, not %(found)r.', found=found)
    return _literal(found["text"], found.get("lang", ""))


def texts(found: Any) -> list[Literal]:
    """Texts by language: {"en": "dog", "sv": ["hund", "jycke"]}; the language "" is none."""
    if not isinstance(found, Mapping):
        raise InvalidError(
            'Texts by language are expected, such as {"en": ...}, not %(found)r.', found=found
        )
    return [
        _literal(text, language)
        for language, listed in found.items()
        for text in (listed if isinstance(listed, list) else [listed])
    ]


def values(found: Any) -> list[Literal | URIRef]:
    """Texts by language, or a list of IRIs."""
    return [*texts(found)] if isinstance(found, Mapping) else [*iris(found)]


def placing(found: Any) -> dict[URIRef, list[URIRef]]:
    """Where concepts go: by concept a list of IRIs, which may be empty for the top."""
    if not isinstance(found, Mapping):
        raise InvalidError("An object of IRIs is expected, not %(found)r.", found=found)
    return {iri(concept): iris(to) for concept, to in found.items()}


def or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A reader that takes null too."""
    return lambda found: None if found is None else read(found)


def _literal(text: Any, language: Any) -> Literal:
    tag = plain(language)
    if tag and not is_tag(tag):
        raise InvalidError(
            "%(tag)r is no language tag. Write one such as en or pt-BR (BCP 47).", tag=tag
        )
    return Literal(plain(text), lang=tag.lower() or None)
