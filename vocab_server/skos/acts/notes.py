"""Acts on what explains a concept: definitions, notes, and notations."""

from rdflib import Literal, URIRef

from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.skos.acts.curation import Curation, cleaned_label, cleaned_note, require_known
from vocab_server.skos.concepts import NOTES
from vocab_server.skos.sketch import Sketch
from vocab_server.store.base import Reader

KINDS = (SKOS.definition, *NOTES)
MAX_NOTATION = 100  # characters

# The engine's regular expressions take linear time, whatever the pattern and the text.
_FITS = "ASK { FILTER (REGEX($notation, $pattern)) }"
_IS_PATTERN = 'ASK { BIND (REGEX("", $pattern) AS ?fits) FILTER (BOUND(?fits)) }'


def add_note(curation: Curation, concept: URIRef, kind: URIRef, note: Literal) -> Change:
    """Add a definition or a note of any kind (SKOS Reference, 7).

    Raises InvalidError for a kind that is none, or a second definition in a language (DOC-3).
    """
    sketch = _begun(curation, concept, kind)
    text = cleaned_note(note)
    _check_one_definition(sketch, concept, kind, text)
    sketch.add((concept, kind, text))
    return curation.finish(sketch, [concept])


def change_note(
    curation: Curation, concept: URIRef, kind: URIRef, before: Literal, note: Literal
) -> Change:
    """Put a note in place of another. Raises ConflictError when that is not there any more."""
    sketch = _begun(curation, concept, kind)
    _take(sketch, concept, kind, before)
    text = cleaned_note(note)
    _check_one_definition(sketch, concept, kind, text)
    sketch.add((concept, kind, text))
    return curation.finish(sketch, [concept])


def remove_note(curation: Curation, concept: URIRef, kind: URIRef, note: Literal) -> Change:
    """Take a note away. Raises ConflictError when it is not there any more."""
    sketch = _begun(curation, concept, kind)
    _take(sketch, concept, kind, note)
    return curation.finish(sketch, [concept])


def set_notation(curation: Curation, concept: URIRef, notation: Literal | None) -> Change:
    """Give a concept this notation instead of what it has, or none.

    Raises InvalidError when it does not fit the vocabulary's pattern, RuleBrokenError when
    another concept of the scheme has it (SKOS Reference, 6.5.4).
    """
    sketch = curation.sketch()
    require_known(sketch, [concept])
    found = [] if notation is None else [_cleaned_notation(curation, notation)]
    sketch.replace(concept, SKOS.notation, *found)
    return curation.finish(sketch, [concept])


def check_pattern(store: Reader, pattern: str) -> None:
    """Pass silently when a text is a regular expression. Raises InvalidError."""
    if not store.ask(bind(_IS_PATTERN, pattern=Literal(_whole(pattern)))):
        raise InvalidError(
            "%(pattern)r is no pattern for notations. Write a regular expression, for example"
            " [A-Z][0-9]{2}.",
            pattern=pattern,
        )


def _cleaned_notation(curation: Curation, notation: Literal) -> Literal:
    text = str(cleaned_label(Literal(str(notation))))
    if len(text) > MAX_NOTATION:
        raise InvalidError(
            "The notation has %(number)s characters; %(most)s are allowed.",
            number=len(text),
            most=MAX_NOTATION,
        )
    pattern = curation.policy.notation_pattern
    asked = bind(_FITS, notation=Literal(text), pattern=Literal(_whole(pattern)))
    if pattern and not curation.store.ask(asked):
        raise InvalidError(
            "The notation %(text)r does not look as this vocabulary wants it: %(pattern)s",
            text=text,
            pattern=pattern,
        )
    return Literal(text, datatype=notation.datatype, normalize=False)


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _begun(curation: Curation, concept: URIRef, kind: URIRef) -> Sketch:
    if kind not in KINDS:
        names = ", ".join(str(each).rpartition("#")[2] for each in KINDS)
        raise InvalidError(
            "%(kind)s is no kind of note. Use one of: %(names)s.", kind=kind, names=names
        )
    sketch = curation.sketch()
    require_known(sketch, [concept])
    return sketch


def _take(sketch: Sketch, concept: URIRef, kind: URIRef, note: Literal) -> None:
    if not sketch.find([concept], [kind], [note]):
        raise ConflictError(
            "%(concept)s does not have this text any more: %(note)r. Look at it again before you"
            " change it.",
            concept=sketch.name(concept),
            note=str(note)[:60],
        )
    sketch.remove((concept, kind, note))


def _check_one_definition(sketch: Sketch, concept: URIRef, kind: URIRef, text: Literal) -> None:
    if kind != SKOS.definition:
        return
    for present in sketch.values(concept, kind):
        if isinstance(present, Literal) and present.language == text.language and present != text:
            raise InvalidError(
                "%(concept)s already has a definition in its language. Change it.",
                concept=sketch.name(concept),
            )
