"""Acts on labels: preferred, alternative and hidden ones, in any language, one or many at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import ConflictError, InvalidError, RuleBrokenError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import RDF, SKOS, SKOSXL
from vocab_server.skos.acts.curation import Curation, cleaned_label, require_known
from vocab_server.skos.label_sets import (
    EXTENDED,
    KINDS,
    extended_labels,
    labels_in,
    language_of,
)
from vocab_server.skos.sketch import Sketch


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the translation grid: what the label of a kind in a language is to be.

    ``text`` "" removes it. ``before`` is what the curator saw there; None when it was not shown.
    A kind with several labels in the language needs ``before`` to tell which one is meant.
    """

    concept: URIRef
    language: str
    text: str
    kind: URIRef = SKOS.prefLabel
    before: str | None = None


def add_label(curation: Curation, concept: URIRef, kind: URIRef, label: Literal) -> Change:
    """Give a resource one more label.

    Raises RuleBrokenError when it has a preferred one in that language (SKOS Reference S14) or
    the same text as a label of another kind (S13).
    """
    sketch = _begun(curation, [concept], kind)
    sketch.add((concept, kind, cleaned_label(label)))
    return curation.finish(sketch, [concept])


def change_label(
    curation: Curation, concept: URIRef, kind: URIRef, before: Literal, label: Literal
) -> Change:
    """Replace a label by another one; the language may change too.

    Raises ConflictError when the resource has the label no more, RuleBrokenError as add_label.
    """
    sketch = _begun(curation, [concept], kind)
    rewrite(sketch, concept, kind, before, cleaned_label(label))
    _require_name(sketch, concept)
    return curation.finish(sketch, [concept])


def remove_label(curation: Curation, concept: URIRef, kind: URIRef, label: Literal) -> Change:
    """Take a label away.

    Raises ConflictError when the resource has it no more, RuleBrokenError when it is the last
    preferred label (LAB-1).
    """
    sketch = _begun(curation, [concept], kind)
    rewrite(sketch, concept, kind, label, None)
    _require_name(sketch, concept)
    return curation.finish(sketch, [concept])


def set_labels(curation: Curation, cells: Iterable[Cell]) -> Change:
    """Write many labels at once, as a translation grid does: all of them or none.

    Raises ConflictError when a cell no longer holds what the curator saw, and as the acts on one
    label do.
    """
    listed = list(cells)
    sketch = _begun(curation, [cell.concept for cell in listed], *(cell.kind for cell in listed))
    for cell in listed:
        _write_cell(sketch, cell)
    for concept in sorted({cell.concept for cell in listed if not cell.text}):
        _require_name(sketch, concept)
    return curation.finish(sketch, {cell.concept for cell in listed})


def rewrite(
    sketch: Sketch, resource: Identifier, kind: URIRef, before: Literal, after: Literal | None
) -> None:
    """Put a label in place of another one, or None; a SKOS-XL label keeps its own IRI.

    Raises ConflictError when the resource does not have the label.
    """
    if before not in labels_in(sketch, [resource])[resource][kind]:
        raise ConflictError(
            "%(resource)s does not have the label %(before)s any more. Look at it again before you"
            " change it.",
            resource=sketch.name(resource),
            before=before.n3(),
        )
    plain = sketch.find([resource], [kind], [before])
    sketch.remove(*plain)
    forms = [
        form
        for _, found, form, text in extended_labels(sketch, [resource])
        if (found, text) == (kind, before)
    ]
    for form in forms:
        _rewrite_form(sketch, resource, kind, form, before, after)
    if after is not None and (plain or not forms):
        sketch.add((resource, kind, after))


def _rewrite_form(
    sketch: Sketch,
    resource: Identifier,
    kind: URIRef,
    form: Identifier,
    before: Literal,
    after: Literal | None,
) -> None:
    if after is not None:
        sketch.remove((form, SKOSXL.literalForm, before))
        sketch.add((form, SKOSXL.literalForm, after))
        return
    sketch.remove((resource, EXTENDED[kind], form))
    if not sketch.find(None, None, [form]):  # nobody else's label
        own = [RDF.type, SKOSXL.literalForm]
        sketch.remove(*sketch.find([form], own))


def _begun(curation: Curation, resources: list[URIRef], *kinds: URIRef) -> Sketch:
    for kind in kinds:
        if kind not in KINDS:
            raise InvalidError(
                "%(kind)s is no kind of label. Use prefLabel, altLabel or hiddenLabel.", kind=kind
            )
    sketch = curation.sketch()
    require_known(sketch, resources)
    return sketch


def _write_cell(sketch: Sketch, cell: Cell) -> None:
    labels = labels_in(sketch, [cell.concept])[cell.concept][cell.kind]
    found = sorted(label for label in labels if language_of(label) == cell.language.lower())
    before = _before(sketch, cell, found)
    after = cleaned_label(Literal(cell.text, lang=cell.language or None)) if cell.text else None
    if before is not None:
        rewrite(sketch, cell.concept, cell.kind, before, after)
    elif after is not None:
        sketch.add((cell.concept, cell.kind, after))


def _before(sketch: Sketch, cell: Cell, found: list[Literal]) -> Literal | None:
    """The label that a cell stands for, of those that there are in its language."""
    if cell.before is not None:
        meant = [label for label in found if str(label) == cell.before]
        if bool(meant) != bool(cell.before) or (found and not cell.before and _is_one(cell)):
            raise ConflictError(
                "The %(language)s label of %(concept)s is not %(before)r any more. Compare the two"
                " before you save.",
                language=cell.language,
                concept=sketch.name(cell.concept),
                before=cell.before,
            )
        return meant[0] if meant else None
    if len(found) > 1:
        raise InvalidError(
            "%(concept)s has %(number)s such labels in %(language)r. Say which one is meant.",
            concept=sketch.name(cell.concept),
            number=len(found),
            language=cell.language,
        )
    return found[0] if found else None


def _is_one(cell: Cell) -> bool:
    return cell.kind == SKOS.prefLabel


def _require_name(sketch: Sketch, resource: Identifier) -> None:
    if not labels_in(sketch, [resource])[resource][SKOS.prefLabel]:
        raise RuleBrokenError(
            "LAB-1",
            "%(resource)s would have no preferred label in any language.",
            "Change the label, or add another one first.",
            resource=resource,
        )
