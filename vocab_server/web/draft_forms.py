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
PLACE = "place "  # before the address of what a field with a number stands for
LONGEST_NAME = 200  # characters that are searched for
INSTEAD = ("instead", "instead-2", "instead-3", "instead-4", "instead-5")  # fields for replacements


class ChoiceError(InvalidError):
    """A name that does not say which concept is meant; ``choices`` are those it may be.

    ``field`` is where it was typed, "" when that is no field of its own.
    """

    def __init__(
        self, template: str, /, choices: list[Link], field: str = "", **values: object
    ) -> None:
        super().__init__(template, **values)
        self.choices = choices
        self.field = field


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
        return self.named(typed, name)

    def named(self, typed: str, field: str = "") -> str:
        """The concept with this address or name. Raises ChoiceError as ``found`` does."""
        if "://" in typed and is_iri(typed):
            return typed
        return _found(self.graph, typed[:LONGEST_NAME], field)


def _found(graph: URIRef, typed: str, field: str) -> str:
    wanted = Wanted(typed, (graph,), stem_languages=(content_language(),))
    hits, _more = search(view().index, wanted, limit=CHOICES)
    exact = {hit.concept for hit in hits if hit.kind == Kind.EXACT}
    if len(exact) == 1:
        return str(exact.pop())
    if not hits:
        raise ChoiceError(
            "No concept is called “%(name)s”. Check the spelling.", [], field, name=typed
        )
    found = links(items(lens_for(graph), [hit.concept for hit in hits]))
    raise ChoiceError("Choose which concept you mean by “%(name)s”.", found, field, name=typed)


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
    instead = _instead(asked) if asked.plain("replaced") == "yes" else []
    reason = asked.by_language("reason")
    if not reason:
        raise InvalidError("Say in a sentence why it is no longer used.")
    places = {"above": list(asked.above), "instead": instead, "top": []}
    others = places.get(asked.plain("children"), list(asked.above))
    return {"replacedBy": instead, "reason": reason, "othersTo": others}


def _instead(asked: Asked) -> list[str]:
    """What replaces a concept, each once, in the order of the fields."""
    filled = [name for name in INSTEAD if asked.plain(name).strip()] or list(INSTEAD[:1])
    return list(dict.fromkeys(map(asked.found, filled)))


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


def _restore(asked: Asked) -> dict[str, Any]:
    """Where it was, unless a place is named."""
    named = asked.plain("to").strip() or asked.plain("to-chosen")
    to = [] if asked.plain("top") else [asked.found("to")] if named else None
    return {"to": to, "reason": asked.by_language("reason")}


def _create_collection(asked: Asked) -> dict[str, Any]:
    made: dict[str, Any] = {"prefLabel": asked.by_language("text")}
    return made | {
        "ordered": bool(asked.plain("ordered")),
        "iri": asked.plain("address").strip() or None,
    }


def _member(asked: Asked) -> dict[str, Any]:
    """On the page of a collection a member of it, on that of a concept a collection for it."""
    if chosen := asked.plain("collection-chosen"):
        return {"collection": chosen, "member": str(asked.concept)}
    return {"collection": str(asked.concept), "member": asked.found("member")}


def _order(asked: Asked) -> dict[str, Any]:
    listed = [] if asked.plain("alphabetical") else _arranged(asked.form)
    return {"broader": str(asked.concept) if asked.concept else None, "concepts": listed}


def _set_members(asked: Asked) -> dict[str, Any]:
    return {"collection": str(asked.concept), "members": _arranged(asked.form)}


def _arranged(form: Form) -> list[str]:
    """What has a field ``place IRI``, in the order of the numbers in these, which began at 1.

    One that was given the number of another comes before that when it goes up, else behind it.
    Raises InvalidError for what is no number.
    """
    named = [name.removeprefix(PLACE) for name in form if name.startswith(PLACE)]
    places = []
    for was, iri in enumerate(named, 1):
        try:
            wanted = int(form[f"{PLACE}{iri}"])
        except ValueError as error:
            raise InvalidError("Write a whole number in each of the fields, such as 3.") from error
        places.append((wanted, (wanted > was) - (wanted < was), was, iri))
    return [iri for *_, iri in sorted(places)]


def _metadata(asked: Asked) -> dict[str, Any]:
    """All values of one property: texts with their languages, or addresses."""
    typed = {name for name in asked.form if name.startswith("value-")}
    rows = [(asked.plain(name), name.replace("value-", "lang-")) for name in sorted(typed)]
    filled = [(text.strip(), lang) for text, lang in rows if text.strip()]
    values: Any = [text for text, _lang in filled]
    if asked.plain("texts"):
        values = {}
        for text, lang in filled:
            values.setdefault(asked.plain(lang).strip(), []).append(text)
    return {"scheme": str(asked.concept), "property": asked.plain("property"), "values": values}


def _create_scheme(asked: Asked) -> dict[str, Any]:
    return {"title": asked.by_language("text"), "iri": asked.plain("scheme").strip()}


def _nothing(_asked: Asked) -> dict[str, Any]:
    return {}


FORMS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "addBroader": _target("broader", "broader"),
    "addLabel": _add_text("label"),
    "addMapping": _mapping,
    "addMember": _member,
    "addNote": _add_text("note"),
    "addRelated": _target("related", "related"),
    "changeLabel": _change_text("label"),
    "changeNote": _change_text("note"),
    "create": _create,
    "createCollection": _create_collection,
    "createScheme": _create_scheme,
    "deprecate": _deprecate,
    "discard": _nothing,
    "merge": _merge,
    "move": _move,
    "order": _order,
    "removeBroader": _target("broader", "broader"),
    "removeLabel": _remove_text("label"),
    "removeMapping": _mapping,
    "removeMember": _member,
    "removeNote": _remove_text("note"),
    "removeRelated": _target("related", "related"),
    "restore": _restore,
    "setMembers": _set_members,
    "setMetadata": _metadata,
    "setNotation": _notation,
    "split": _split,
}
PREVIEWED = ("create", "createCollection", "deprecate", "discard", "merge", "move", "split")
CREATING = ("create", "createCollection", "createScheme")
_SEVERAL = ("merge", "move")  # acts on several concepts at once
# Acts whose forms say themselves what they are about.
_WHOLE = (*CREATING, "addMember", "order", "removeMember", "setMembers", "setMetadata")


def read_operation(asked: Asked) -> dict[str, Any]:
    """The operation that a form asks for. Raises InvalidError, ChoiceError among them."""
    name = asked.plain("do")
    if name not in FORMS:
        raise InvalidError("There is no form for %(name)r.", name=name)
    operation = {"do": name, **FORMS[name](asked)}
    if asked.concept is not None and name not in _WHOLE:
        operation["concept"] = [str(asked.concept)] if name in _SEVERAL else str(asked.concept)
    return operation
