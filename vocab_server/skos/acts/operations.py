"""Acts by name, with values as JSON writes them: for programs, forms and the history in words.

``ACTS`` has all of them. An operation is an object such as ``{"do": "move", "concept": [...],
"to": ...}``; texts are language maps as in JSON-LD (JSON-LD 1.1, 4.6.2) or ``{"text", "lang"}``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vocab_server.errors import InvalidError, VocabServerError
from vocab_server.rdf.change import Change
from vocab_server.skos.acts.collections import (
    add_member,
    create_collection,
    remove_member,
    set_members,
)
from vocab_server.skos.acts.concepts import create_concept, discard
from vocab_server.skos.acts.curation import Curation
from vocab_server.skos.acts.fields import (
    flag,
    iri,
    iris,
    kind,
    literal,
    or_none,
    placing,
    plain,
    texts,
    values,
)
from vocab_server.skos.acts.labels import Cell, add_label, change_label, remove_label, set_labels
from vocab_server.skos.acts.merging import merge
from vocab_server.skos.acts.metadata import create_scheme, set_metadata
from vocab_server.skos.acts.moves import move
from vocab_server.skos.acts.notes import add_note, change_note, remove_note, set_notation
from vocab_server.skos.acts.ordering import order_narrower
from vocab_server.skos.acts.relations import (
    add_broader,
    add_mapping,
    add_related,
    remove_broader,
    remove_mapping,
    remove_related,
)
from vocab_server.skos.acts.replacing import deprecate, restore
from vocab_server.skos.acts.splitting import Part, split
from vocab_server.skos.sketch import Sketch

MOST = 1_000  # operations, cells or parts that come at once


@dataclass(frozen=True, slots=True)
class Field:
    """A value of an operation: its JSON key, how it is read, the argument of the act it becomes."""

    name: str
    read: Callable[[Any], Any]
    argument: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the function that does it, what it needs, and one line of what it does."""

    run: Callable[..., Change]
    summary: str
    fields: tuple[Field, ...]


def _optional(name: str, read: Callable[[Any], Any], argument: str = "") -> Field:
    return Field(name, read, argument, is_required=False)


CONCEPT = Field("concept", iri)
KIND = Field("kind", kind)
LABEL = Field("label", literal)
NOTE = Field("note", literal)
BEFORE = Field("before", literal)
REASON = _optional("reason", texts)
PREF_LABEL = Field("prefLabel", texts, "labels")

_PART = (
    _optional("concept", iri),
    _optional("prefLabel", lambda found: tuple(texts(found)), "labels"),
    _optional("altLabel", lambda found: tuple(texts(found)), "alternative"),
    _optional("narrower", lambda found: tuple(iris(found))),
    _optional("related", lambda found: tuple(iris(found))),
    _optional("mappedTo", lambda found: tuple(iris(found)), "mapped_to"),
    _optional("collections", lambda found: tuple(iris(found))),
)
_CELL = (
    CONCEPT,
    Field("lang", plain, "language"),
    Field("text", plain),
    _optional("kind", kind),
    _optional("before", or_none(plain)),
)


def _parts(found: Any) -> list[Part]:
    return [Part(**_read(part, _PART, "part")) for part in _listed(found)]


def _cells(found: Any) -> list[Cell]:
    return [Cell(**_read(cell, _CELL, "cell")) for cell in _listed(found)]


ACTS: dict[str, Act] = {
    "addBroader": Act(
        add_broader, "Put a concept under one more.", (CONCEPT, Field("broader", iri))
    ),
    "addLabel": Act(add_label, "Give a concept one more label.", (CONCEPT, KIND, LABEL)),
    "addMapping": Act(
        add_mapping,
        "Map a concept to one of another vocabulary.",
        (CONCEPT, Field("relation", kind), Field("target", iri)),
    ),
    "addMember": Act(
        add_member,
        "Put a concept into a collection.",
        (Field("collection", iri), Field("member", iri), _optional("before", or_none(iri))),
    ),
    "addNote": Act(add_note, "Add a definition or a note.", (CONCEPT, KIND, NOTE)),
    "addRelated": Act(add_related, "Relate two concepts.", (CONCEPT, Field("related", iri))),
    "changeLabel": Act(
        change_label, "Replace a label by another one.", (CONCEPT, KIND, BEFORE, LABEL)
    ),
    "changeNote": Act(
        change_note, "Replace a definition or a note.", (CONCEPT, KIND, BEFORE, NOTE)
    ),
    "create": Act(
        create_concept,
        "Make a concept.",
        (
            PREF_LABEL,
            _optional("broader", iris),
            _optional("inScheme", or_none(iri), "scheme"),
            _optional("iri", or_none(iri)),
            _optional("definition", texts, "definitions"),
        ),
    ),
    "createCollection": Act(
        create_collection,
        "Make a collection of concepts.",
        (
            PREF_LABEL,
            _optional("members", iris),
            _optional("ordered", flag),
            _optional("iri", or_none(iri)),
        ),
    ),
    "createScheme": Act(
        create_scheme,
        "Make the concept scheme of a vocabulary.",
        (Field("title", texts, "titles"), Field("iri", iri)),
    ),
    "deprecate": Act(
        deprecate,
        "Say that a concept is no longer used, what replaces it, and why.",
        (
            CONCEPT,
            Field("replacedBy", iris, "replaced_by"),
            Field("reason", texts),
            _optional("placing", placing),
            _optional("othersTo", or_none(iris), "others_to"),
        ),
    ),
    "discard": Act(discard, "Remove a concept that was never published.", (CONCEPT,)),
    "merge": Act(
        merge,
        "Let one concept take the place of others.",
        (Field("concept", iris, "concepts"), Field("into", iri), REASON),
    ),
    "move": Act(
        move,
        "Put concepts, with all that is under them, under another one.",
        (
            Field("concept", iris, "concepts"),
            Field("to", or_none(iri)),
            _optional("from", or_none(iri), "away_from"),
        ),
    ),
    "order": Act(
        order_narrower,
        "Put the concepts under another one in an order.",
        (Field("broader", or_none(iri)), Field("concepts", iris)),
    ),
    "removeBroader": Act(
        remove_broader, "Take a concept from under another.", (CONCEPT, Field("broader", iri))
    ),
    "removeLabel": Act(remove_label, "Take a label away.", (CONCEPT, KIND, LABEL)),
    "removeMapping": Act(
        remove_mapping,
        "Take a mapping away.",
        (CONCEPT, Field("relation", kind), Field("target", iri)),
    ),
    "removeMember": Act(
        remove_member,
        "Take a concept out of a collection.",
        (Field("collection", iri), Field("member", iri)),
    ),
    "removeNote": Act(remove_note, "Take a definition or a note away.", (CONCEPT, KIND, NOTE)),
    "removeRelated": Act(
        remove_related, "Relate two concepts no longer.", (CONCEPT, Field("related", iri))
    ),
    "restore": Act(
        restore,
        "Use a deprecated concept again.",
        (CONCEPT, _optional("to", or_none(iris)), REASON),
    ),
    "setLabels": Act(set_labels, "Write many labels at once.", (Field("cells", _cells),)),
    "setMembers": Act(
        set_members,
        "Say which members a collection has, in order.",
        (Field("collection", iri), Field("members", iris)),
    ),
    "setMetadata": Act(
        set_metadata,
        "Let a property of the vocabulary have these values.",
        (Field("scheme", iri), Field("property", iri, "prop"), Field("values", values)),
    ),
    "setNotation": Act(
        set_notation,
        "Give a concept a notation, or none.",
        (CONCEPT, Field("notation", or_none(literal))),
    ),
    "split": Act(
        split,
        "Let several concepts take the place of one.",
        (CONCEPT, Field("parts", _parts), REASON),
    ),
}


def perform(curation: Curation, operation: Mapping[str, Any]) -> Change:
    """The change that an operation makes.

    Raises InvalidError for an operation that is not understood, naming the field, and what the
    act itself raises.
    """
    name = operation.get("do") if isinstance(operation, Mapping) else None
    act = ACTS.get(name) if isinstance(name, str) else None
    if act is None:
        raise InvalidError(
            "There is no operation %(name)r. Use one of: %(acts)s.", name=name, acts=", ".join(ACTS)
        )
    given = {key: value for key, value in operation.items() if key != "do"}
    return act.run(curation, **_read(given, act.fields, str(name)))


def perform_all(curation: Curation, operations: Iterable[Mapping[str, Any]]) -> Change:
    """The one change that operations make, one after the other: all of them or none.

    Each sees what those before it did. Raises as perform does; a note on the error tells
    the place of the operation.
    """
    done = Sketch(curation.store, curation.graph)
    for place, operation in enumerate(_listed(list(operations)), 1):
        try:
            done.take(perform(replace(curation, done=done), operation))
        except VocabServerError as error:
            error.add_note(f"Operation {place}")
            raise
    return done.change()


def _read(given: Any, fields: tuple[Field, ...], name: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise InvalidError("A %(name)s must be an object, not %(given)r.", name=name, given=given)
    unknown = sorted(set(given) - {field.name for field in fields})
    if unknown:
        names = ", ".join(field.name for field in fields)
        raise InvalidError(
            "%(name)s has no field %(unknown)r. It has: %(names)s.",
            name=name,
            unknown=unknown[0],
            names=names,
        )
    for field in fields:
        if field.is_required and field.name not in given:
            raise InvalidError("%(name)s needs the field %(field)r.", name=name, field=field.name)
    return {
        field.argument or field.name: _value(given[field.name], field, name)
        for field in fields
        if field.name in given
    }


def _value(found: Any, field: Field, name: str) -> Any:
    try:
        return field.read(found)
    except InvalidError as error:
        raise InvalidError(
            "%(name)s, field %(field)r: %(error)s", name=name, field=field.name, error=error
        ) from error


def _listed(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise InvalidError("A list is expected, not %(found)r.", found=found)
    if len(found) > MOST:
        raise InvalidError(
            "There are %(number)s of them; %(most)s at once are allowed.",
            number=len(found),
            most=MOST,
        )
    return found
