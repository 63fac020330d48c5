"""What the forms of a concept in a draft hold, as the operations that they ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import URIRef

from vocab_server.errors import InvalidError
from vocab_server.rdf.query import is_iri
from vocab_server.reading import Link, content_language, lens_for, links, view
from vocab_server.search.find import Wanted, search
from vocab_server.search.looks import Kind
from vocab_server.skos.hierarchy import items

Form = Mapping[str, str]
CHOICES = 10  # concepts to choose from when a name fits several
LONGEST_NAME = 200  # characters that are searched for


class ChoiceError(InvalidError):
    """A name that does not say which concept is meant; ``choices`` are those it may be."""

    def __init__(self, template: str, /, choices: list[Link], **values: object) -> None:
        super().__init__(template, **values)
        self.choices = choices


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was sent: ``concept`` is what its page is about, None for the vocabulary.

    ``above`` is what stands right above that, ``scheme`` what is made at the top goes into.
    """

    form: Form
    graph: URIRef
    concept: URIRef | None
    above: tuple[str, ...] = ()
    scheme: str | None = None

    def text(self, name: str = "text", lang: str = "lang") -> dict[str, str]:
        """A text with its language."""
        return {"text": self.plain(name), "lang": self.plain(lang).strip()}

    def plain(self, name: str) -> str:
        """A field as it was typed; line ends as they were before the browser sent them."""
        return self.form.get(name, "").replace("\r\n", "\n")

    def by_language(self, name: str) -> dict[str, str]:
        """A text as a language map; empty when nothing was typed."""
        text = self.plain(name).strip()
        return {self.plain("lang").strip(): text} if text else {}

    def found(self, name: str) -> str:
        """The concept that a field names: chosen, by its address, or by what it is called.

        Raises ChoiceError when no concept or several are called so.
        """
        chosen, typed = self.plain(f"{name}-chosen"), self.plain(name).strip()
        if chosen:
            return chosen
        if not typed:
            raise InvalidError("Write the name of a concept, or its address.")
        return self.named(typed)

    def named(self, typed: str) -> str:
        """The concept with this address or name. Raises ChoiceError as ``found`` does."""
        if "://" in typed and is_iri(typed):
            return typed
        return _found(self.graph, typed[:LONGEST_NAME])


def _found(graph: URIRef, typed: str) -> str:
    wanted = Wanted(typed, (graph,), stem_languages=(content_language(),))
    hits, _more = search(view().index, wanted, limit=CHOICES)
    exact = {hit.concept for hit in hits if hit.kind == Kind.EXACT}
    if len(exact) == 1:
        return str(exact.pop())
    if not hits:
        raise ChoiceError("No concept is called “%(name)s”. Check the spelling.", [], name=typed)
    found = links(items(lens_for(graph), [hit.concept for hit in hits]))
    raise ChoiceError("Choose which concept you mean by “%(name)s”.", found, name=typed)


def _target(name: str, key: str) -> Callable[[Asked], dict[str, Any]]:
    return lambda asked: {key: asked.found(name)}


def _stated(asked: Asked) -> dict[str, Any]:
    return {"kind": asked.plain("kind")}


def _add_text(key: str) -> Callable[[Asked], dict[str, Any]]:
    return lambda asked: _stated(asked) | {key: asked.text()}


def _change_text(key: str) -> Callable[[Asked], dict[str, Any]]:
    return lambda asked: (
        _stated(asked) | {"before": asked.text("before", "before-lang"), key: asked.text()}
    )


def _remove_text(key: str) -> Callable[[Asked], dict[str, Any]]:
    return lambda asked: _stated(asked) | {key: asked.text("before", "before-lang")}


def _notation(asked: Asked) -> dict[str, Any]:
    return {"notation": asked.plain("notation").strip() or None}


def _mapping(asked: Asked) -> dict[str, Any]:
    if not asked.plain("target").strip():
        raise InvalidError("Choose a concept to map to, or write its address.")
    return {"relation": asked.plain("relation"), "target": asked.plain("target").strip()}


def _create(asked: Asked) -> dict[str, Any]:
    above = [str(asked.concept)] if asked.concept else []
    made: dict[str, Any] = {"prefLabel": asked.by_language("text"), "broader": above}
    made["iri"] = asked.plain("address").strip() or None
    if not above:
        made["inScheme"] = asked.scheme
    return made


def _move(asked: Asked) -> dict[str, Any]:
    return {"to": None if asked.plain("top") else asked.found("to")}


def _merge(asked: Asked) -> dict[str, Any]:
    return {"into": asked.found("into"), "reason": asked.by_language("reason")}


def _deprecate(asked: Asked) -> dict[str, Any]:
    if asked.plain("replaced") not in ("yes", "no"):
        raise InvalidError("Say whether another concept replaces it.")
    instead = [asked.found("instead")] if asked.plain("replaced") == "yes" else []
    reason = asked.by_language("reason")
    if not reason:
        raise InvalidError("Say in a sentence why it is no longer used.")
    places = {"above": list(asked.above), "instead": instead, "top": []}
    others = places.get(asked.plain("children"), list(asked.above))
    return {"replacedBy": instead, "reason": reason, "othersTo": others}


# What goes to a part of a split, by how its field is called.
_GOES = {
    "goes": "narrower",
    "group": "collections",
    "mapped": "mappedTo",
    "related": "related",
}


def _split(asked: Asked) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [
        {"prefLabel": asked.by_language(name)} for name in ("first", "second")
    ]
    if not all(part["prefLabel"] for part in parts):
        raise InvalidError("Write a preferred term for both concepts.")
    for name, value in asked.form.items():
        part, _space, other = value.partition(" ")
        into = _GOES.get(name.rpartition("-")[0])
        if into and part in ("1", "2"):
            parts[int(part) - 1].setdefault(into, []).append(other)
    return {"parts": parts, "reason": asked.by_language("reason")}


def _nothing(_asked: Asked) -> dict[str, Any]:
    return {}


FORMS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "addBroader": _target("broader", "broader"),
    "addLabel": _add_text("label"),
    "addMapping": _mapping,
    "addNote": _add_text("note"),
    "addRelated": _target("related", "related"),
    "changeLabel": _change_text("label"),
    "changeNote": _change_text("note"),
    "create": _create,
    "deprecate": _deprecate,
    "discard": _nothing,
    "merge": _merge,
    "move": _move,
    "removeBroader": _target("broader", "broader"),
    "removeLabel": _remove_text("label"),
    "removeMapping": _mapping,
    "removeNote": _remove_text("note"),
    "removeRelated": _target("related", "related"),
    "restore": _nothing,
    "setNotation": _notation,
    "split": _split,
}
PREVIEWED = ("create", "deprecate", "discard", "merge", "move", "split")
_SEVERAL = ("merge", "move")  # acts on several concepts at once


def read_operation(asked: Asked) -> dict[str, Any]:
    """The operation that a form asks for. Raises InvalidError, ChoiceError among them."""
    name = asked.plain("do")
    if name not in FORMS:
        raise InvalidError("There is no form for %(name)r.", name=name)
    operation = {"do": name, **FORMS[name](asked)}
    if asked.concept is not None and name != "create":
        operation["concept"] = [str(asked.concept)] if name in _SEVERAL else str(asked.concept)
    return operation
