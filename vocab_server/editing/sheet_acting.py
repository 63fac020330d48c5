"""A plan made from a spreadsheet as one change of a vocabulary, by the rules of all acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.editing.sheet_merge import NEW, CellChange, NewRow, Plan, to_term
from vocab_server.editing.sheet_rows import Remark
from vocab_server.errors import InvalidError, RuleBrokenError, VocabServerError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import DCT, RDF, SKOS, SKOSXL
from vocab_server.skos.above import broader_of, put_under, settle, settle_at_top, take_from
from vocab_server.skos.acts.concepts import begin_concept, new_iri, schemes_for
from vocab_server.skos.acts.curation import Curation, time_literal
from vocab_server.skos.acts.labels import rewrite
from vocab_server.skos.label_sets import KINDS, labels_in
from vocab_server.skos.sketch import Sketch

MOST_PROBLEMS = 20  # broken rules that are looked for, one by one

Made = Mapping[str, URIRef]
Unit = NewRow | CellChange


@dataclass(frozen=True, slots=True)
class Solution:
    """The change that a plan comes to, without what would break a rule: that is told."""

    change: Change
    problems: tuple[Remark, ...]


def solve(curation: Curation, plan: Plan) -> Solution:
    """What can be done of a plan.

    When something breaks a rule, the first cell with which it does is found and left out, and so
    on; beyond MOST_PROBLEMS nothing is done.
    """
    units: list[Unit] = [*plan.new, *plan.changes]
    problems: list[Remark] = []
    while len(problems) < MOST_PROBLEMS:
        error = _error(curation, units)
        if error is None:
            return Solution(change_of(curation, units), tuple(problems))
        place = _first_wrong(curation, units)
        wrong = _error(curation, units[: place + 1]) or error
        problems.append(Remark(units[place].address, str(wrong)))
        del units[place]
    return Solution(Change(curation.graph), tuple(problems))


def change_of(curation: Curation, units: list[Unit]) -> Change:
    """The change that rows and cells come to. Raises as the acts do."""
    sketch = curation.sketch()
    rows = [unit for unit in units if isinstance(unit, NewRow)]
    made = {row.key: _begin(curation, sketch, row) for row in rows}
    cells = [unit for unit in units if isinstance(unit, CellChange)]
    for cell in cells:
        _apply(sketch, cell, made)
    concepts = [made[row.key] for row in rows if not row.is_group]
    _place_new(sketch, concepts)
    touched = {_iri(cell.iri, made) for cell in cells} - set(made.values())
    _settle_moved(sketch, cells, made)
    _require_names(sketch, cells, made)
    return curation.finish(sketch, touched)


def _error(curation: Curation, units: list[Unit]) -> VocabServerError | None:
    try:
        change_of(curation, units)
    except VocabServerError as error:
        return error
    return None


def _first_wrong(curation: Curation, units: list[Unit]) -> int:
    """The place of the first unit that breaks a rule together with those before it."""
    right, wrong = 0, len(units)  # so many units are in order, so many are not
    while wrong - right > 1:
        middle = (right + wrong) // 2
        if _error(curation, units[:middle]):
            wrong = middle
        else:
            right = middle
    return wrong - 1


def _begin(curation: Curation, sketch: Sketch, row: NewRow) -> URIRef:
    wanted = URIRef(row.iri) if row.iri else None
    if not row.is_group:
        return begin_concept(curation, sketch, row.labels, wanted)
    made = new_iri(curation, sketch, row.labels, wanted)
    sketch.add(
        (made, RDF.type, SKOS.Collection),
        (made, DCT.created, time_literal(curation.at)),
        (made, DCT.modified, time_literal(curation.at)),
        *((made, SKOS.prefLabel, label) for label in row.labels),
    )
    return made


def _place_new(sketch: Sketch, concepts: list[URIRef]) -> None:
    """Put new concepts into schemes, and those that nothing stands above at the top."""
    above = broader_of(sketch, concepts)
    for concept in concepts:
        if not sketch.values(concept, SKOS.inScheme):
            parents = [URIRef(str(parent)) for parent in above.get(concept, ())]
            found = schemes_for(sketch, parents)
            sketch.add(*((concept, SKOS.inScheme, scheme) for scheme in found))
    settle_at_top(sketch, [concept for concept in concepts if concept not in above])


def _apply(sketch: Sketch, cell: CellChange, made: Made) -> None:
    """Write what a cell changes, stated as the vocabulary states such things."""
    subject = _iri(cell.iri, made)
    predicate = URIRef(cell.column.predicate)
    removed = [_term(cell, text, made) for text in cell.removed]
    added = [_term(cell, text, made) for text in cell.added]
    write = _WAYS.get(predicate, _write_plain)
    write(sketch, subject, predicate, removed, added)


Terms = list[Identifier]


def _write_plain(
    sketch: Sketch, subject: URIRef, predicate: URIRef, removed: Terms, added: Terms
) -> None:
    sketch.remove(*((subject, predicate, term) for term in removed))
    sketch.add(*((subject, predicate, term) for term in added))


def _write_broader(
    sketch: Sketch, subject: URIRef, _predicate: URIRef, removed: Terms, added: Terms
) -> None:
    if removed:
        take_from(sketch, [subject], removed)
    if added:
        put_under(sketch, [subject], added)


def _write_narrower(
    sketch: Sketch, subject: URIRef, _predicate: URIRef, removed: Terms, added: Terms
) -> None:
    if removed:
        take_from(sketch, removed, [subject])
    if added:
        put_under(sketch, added, [subject])


def _write_related(
    sketch: Sketch, subject: URIRef, predicate: URIRef, removed: Terms, added: Terms
) -> None:
    _write_plain(sketch, subject, predicate, removed, added)
    sketch.remove(*((term, predicate, subject) for term in removed))
    sketch.add(*((term, predicate, subject) for term in added))


def _write_labels(
    sketch: Sketch, subject: URIRef, predicate: URIRef, removed: Terms, added: Terms
) -> None:
    """A label in place of another, so that a label of SKOS-XL keeps its own IRI."""
    if not sketch.uses(SKOSXL.literalForm):
        _write_plain(sketch, subject, predicate, removed, added)
        return
    new = [term for term in added if isinstance(term, Literal)]
    for place, term in enumerate(removed):
        if isinstance(term, Literal):
            rewrite(sketch, subject, predicate, term, new[place] if place < len(new) else None)
    sketch.add(*((subject, predicate, term) for term in new[len(removed) :]))


_WAYS: dict[URIRef, Callable[[Sketch, URIRef, URIRef, Terms, Terms], None]] = {
    SKOS.broader: _write_broader,
    SKOS.narrower: _write_narrower,
    SKOS.related: _write_related,
    **dict.fromkeys(KINDS, _write_labels),
}


def _settle_moved(sketch: Sketch, cells: list[CellChange], made: Made) -> None:
    """Make top concepts of those from which everything above was taken."""
    moved: set[Identifier] = set()
    for cell in cells:
        if cell.removed and cell.column.predicate == str(SKOS.broader):
            moved.add(_iri(cell.iri, made))
        elif cell.removed and cell.column.predicate == str(SKOS.narrower):
            moved.update(URIRef(text) for text in cell.removed)
    if moved:
        settle(sketch, sorted(sketch.known(moved)))


def _require_names(sketch: Sketch, cells: list[CellChange], made: Made) -> None:
    """What had a preferred label still has one (LAB-1)."""
    changed = {
        _iri(cell.iri, made)
        for cell in cells
        if cell.removed and cell.column.predicate == str(SKOS.prefLabel)
    }
    for resource, labels in labels_in(sketch, changed).items():
        if not labels[SKOS.prefLabel]:
            raise RuleBrokenError(
                "LAB-1",
                "%(resource)s would have no preferred label in any language.",
                "Write one, or say that the concept is no longer used.",
                resource=resource,
            )


def _term(cell: CellChange, text: str, made: Made) -> Identifier:
    return _iri(text, made) if text.startswith(NEW) else to_term(cell.column, text)


def _iri(key: str, made: Made) -> URIRef:
    if not key.startswith(NEW):
        return URIRef(key)
    if key not in made:
        where = key.removeprefix(NEW)
        raise InvalidError(
            "The new row at %(where)s cannot be made, so this cannot either.", where=where
        )
    return made[key]
