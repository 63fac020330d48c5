"""A spreadsheet as a whole new vocabulary: rows become statements, new ones get addresses."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.editing.sheet_merge import checked_term, to_term
from vocab_server.editing.sheet_rows import Cell, Remark, Row, SheetReader
from vocab_server.errors import InvalidError
from vocab_server.rdf.change import Triple, to_lines
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.table import IRI, LABELS, NOTATION, TYPE, Column
from vocab_server.skos.acts.concepts import propose_iri
from vocab_server.skos.acts.curation import Policy
from vocab_server.store.sheets import Read

_PREFERRED = LABELS[0]
_NO_LABEL = "The row has neither an address nor a preferred label. Write one of them."
SCHEMES = "Vocabulary"  # the sheet of what is said of the vocabulary itself


@dataclass(slots=True)
class Conversion:
    """Turns the rows of a file into statements; ``problems`` are complete at the end."""

    read: Read
    policy: Policy
    problems: list[Remark] = field(default_factory=list)
    _named: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _minted: dict[str, URIRef] = field(default_factory=dict)  # by the address of the row
    _taken: set[str] = field(default_factory=set)
    _schemes: list[URIRef] = field(default_factory=list)
    _has_types: bool = False

    def write(self, target: Path) -> SheetReader:
        """Write the statements as N-Triples; what was met in the file. Raises InvalidError."""
        first = SheetReader(self.read)
        for row in first.rows():
            self._note(row)
        columns = first.columns | {cell.column for row in first.others for cell in row.cells}
        self._has_types = Column(TYPE, IRI) in columns
        self._mint(SheetReader(self.read))
        reader = SheetReader(self.read)
        with target.open("w", encoding="utf-8") as file:
            for row in reader.rows():
                file.writelines(f"{line}\n" for line in self._lines(row))
            for row in reader.others:
                file.writelines(f"{line}\n" for line in self._lines(row))
            file.writelines(f"{line}\n" for line in to_lines(self._scheme_triples()))
        self.problems = [*reader.problems, *self.problems]
        return reader

    def _note(self, row: Row) -> None:
        """Take note of what a row is called and whether it is a scheme."""
        if not row.iri:
            return
        self._taken.add(row.iri)
        for text in _names(row):
            self._named[text].add(row.iri)
        if str(SKOS.ConceptScheme) in _types(row):
            self._schemes.append(URIRef(row.iri))

    def _mint(self, reader: SheetReader) -> None:
        """Give addresses to the rows without: after all others are known."""
        for row in reader.rows():
            if row.iri:
                continue
            labels = [Literal(text) for text in _texts(row, _PREFERRED)]
            if row.sheet == SCHEMES:
                self._minted[row.address] = self._own_scheme()
            elif not labels:
                self.problems.append(Remark(row.address, _NO_LABEL))
                continue
            else:
                iri = propose_iri(self.policy, self._is_taken, labels[0])
                self._minted[row.address] = iri
            self._taken.add(self._minted[row.address])
            for text in _names(row):
                self._named[text].add(self._minted[row.address])
        if self._minted and not self._schemes:
            self._own_scheme()

    def _own_scheme(self) -> URIRef:
        iri = URIRef(self.policy.namespace.rstrip("/#"))
        if iri not in self._schemes:
            self._schemes.append(iri)
        return iri

    def _is_taken(self, iri: URIRef) -> bool:
        return str(iri) in self._taken

    def _lines(self, row: Row) -> list[str]:
        is_new = not row.iri
        iri = self._minted.get(row.address) if is_new else URIRef(row.iri)
        if iri is None:
            return []
        triples: set[Triple] = set()
        for cell in row.cells:
            for term in self._terms(cell, is_new):
                triples.add((iri, URIRef(cell.column.predicate), term))
        if is_new or not self._has_types:
            triples |= self._completed(iri, row, triples, is_new)
        try:
            return to_lines(triples)
        except ValueError as error:
            self.problems.append(Remark(row.address, str(error)))
            return []

    def _completed(self, iri: URIRef, row: Row, said: set[Triple], is_new: bool) -> set[Triple]:
        """What a row does not say because nobody should have to."""
        if row.sheet == SCHEMES or iri in self._schemes:
            return {(iri, RDF.type, SKOS.ConceptScheme)}
        types = _types(row)
        added: set[Triple] = set()
        if not types:
            kind = SKOS.Collection if row.sheet == "Collections" else SKOS.Concept
            added.add((iri, RDF.type, kind))
        is_concept = str(SKOS.Concept) in types or (not types and row.sheet != "Collections")
        if is_new and is_concept:
            added |= _placed(iri, said, self._schemes)
        return added

    def _terms(self, cell: Cell, is_new: bool) -> Iterator[Identifier]:
        for value in cell.values:
            try:
                if value.is_name:
                    yield self._find(value.text)
                elif is_new:
                    yield checked_term(cell.column, value.text)
                else:
                    yield to_term(cell.column, value.text)
            except (InvalidError, ValueError) as error:
                self.problems.append(Remark(cell.address, str(error)))

    def _find(self, name: str) -> URIRef:
        found = self._named.get(name, set())
        if len(found) == 1:
            return URIRef(next(iter(found)))
        if found:
            raise InvalidError(
                "%(name)r is the name of several rows. Write the address.", name=name
            )
        raise InvalidError(
            "No row of the file is named %(name)r. Write an address, a notation or a label.",
            name=name,
        )

    def _scheme_triples(self) -> set[Triple]:
        """The scheme of a vocabulary that was started from nothing."""
        own = URIRef(self.policy.namespace.rstrip("/#"))
        is_own = bool(self._minted) and own in self._schemes
        return {(own, RDF.type, SKOS.ConceptScheme)} if is_own else set()


def _placed(iri: URIRef, said: set[Triple], schemes: list[URIRef]) -> set[Triple]:
    """The scheme of a new concept, and that it is at the top when nothing stands above it."""
    predicates = {predicate for _, predicate, _ in said}
    added: set[Triple] = set()
    if SKOS.inScheme not in predicates and len(schemes) == 1:
        added.add((iri, SKOS.inScheme, schemes[0]))
        if SKOS.broader not in predicates:
            added |= {
                (iri, SKOS.topConceptOf, schemes[0]),
                (schemes[0], SKOS.hasTopConcept, iri),
            }
    return added


def _texts(row: Row, predicate: str) -> list[str]:
    return [
        value.text
        for cell in row.cells
        if cell.column.predicate == predicate
        for value in cell.values
    ]


def _types(row: Row) -> set[str]:
    return set(_texts(row, TYPE))


def _names(row: Row) -> list[str]:
    return [*_texts(row, _PREFERRED), *_texts(row, NOTATION)]
