"""The constraint components of SHACL Core that look at values alone, as SPARQL (SHACL, 4)."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import NamedTuple

from rdflib import URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Identifier, Node

from vocab_server.errors import InvalidError
from vocab_server.quality.shacl.datatypes import mistyped
from vocab_server.quality.shacl.literals import as_name, comparable, is_blank, named, written
from vocab_server.quality.shacl.place import Place
from vocab_server.quality.shacl.shapes import Shapes
from vocab_server.rdf.query import to_sparql
from vocab_server.store.embedded import EmbeddedStore

Parameter = Node | tuple[Node, ...]


class Fault(NamedTuple):
    """Where a constraint is broken, in terms of the store; ``path`` where it is not the shape's."""

    focus: Identifier
    value: Identifier | None
    path: Identifier | None = None


def faults_of_filter(place: Place, pattern: str) -> Iterator[Fault]:
    """The values that a pattern with ?value holds for."""
    query = f"SELECT DISTINCT ?focus ?value WHERE {{ {place.reached} {pattern} }}"
    for row in place.select(query):
        yield Fault(row["focus"], row["value"])


def _class(place: Place, wanted: Parameter) -> str:
    kinds = " ".join(map(to_sparql, place.subclasses(_name(wanted))))
    typed = place.data(f"?value <{RDF.type}> ?kind")
    return f"FILTER NOT EXISTS {{ VALUES ?kind {{ {kinds} }} {typed} }}"


def _datatype(_place: Place, wanted: Parameter) -> str:
    return f"FILTER ({mistyped(_name(wanted))})"


_IRI = f"(isIRI(?value) && !{is_blank('?value')})"
_KINDS = {
    SH.IRI: _IRI,
    SH.BlankNode: is_blank("?value"),
    SH.Literal: "isLiteral(?value)",
    SH.BlankNodeOrIRI: "isIRI(?value)",
    SH.BlankNodeOrLiteral: f"(isLiteral(?value) || {is_blank('?value')})",
    SH.IRIOrLiteral: f"!{is_blank('?value')}",
}


def _node_kind(_place: Place, wanted: Parameter) -> str:
    if wanted not in _KINDS:
        raise InvalidError("There is no kind of node %(wanted)s. (SHACL, 4.1.3)", wanted=wanted)
    return f"FILTER (!{_KINDS[URIRef(str(wanted))]})"


def _bound(sign: str) -> Callable[[Place, Parameter], str]:
    def bounded(_place: Place, limit: Parameter) -> str:
        test = f"{comparable('?value')} {sign} {to_sparql(named(_term(limit)))}"
        return f"FILTER (isIRI(?value) || !COALESCE({test}, false))"

    return bounded


def _length(sign: str) -> Callable[[Place, Parameter], str]:
    def bounded(_place: Place, limit: Parameter) -> str:
        return (
            f"FILTER ({is_blank('?value')} || !(STRLEN(STR(?value)) {sign} {whole_number(limit)}))"
        )

    return bounded


def _pattern(place: Place, wanted: Parameter) -> str:
    flags = place.shape.one(SH.flags)
    arguments = written(_term(wanted)) + (f", {written(flags)}" if flags is not None else "")
    return f"FILTER ({is_blank('?value')} || !REGEX(STR(?value), {arguments}))"


def _language_in(_place: Place, tags: Parameter) -> str:
    tests = [f"LANGMATCHES(LANG(?value), {written(tag)})" for tag in _list(tags)]
    return f"FILTER (!isLiteral(?value) || !({' || '.join(['false', *tests])}))"


def _in(_place: Place, allowed: Parameter) -> str:
    return f"MINUS {{ VALUES ?value {{ {' '.join(map(written, _list(allowed)))} }} }}"


def _disjoint(place: Place, other: Parameter) -> str:
    return place.data(f"?focus {to_sparql(_name(other))} ?value")


def _equals(place: Place, other: Parameter) -> Iterator[Fault]:
    said = place.data(f"?focus {to_sparql(_name(other))} ?value")
    yield from faults_of_filter(place, f"FILTER NOT EXISTS {{ {said} }}")
    other_only = f"{place.focus} {said} MINUS {{ {place.reached} }}"
    query = f"SELECT DISTINCT ?focus ?value WHERE {{ {other_only} }}"
    for row in place.select(query):
        yield Fault(row["focus"], row["value"])


def _less(sign: str) -> Callable[[Place, Parameter], Iterator[Fault]]:
    def compared(place: Place, other: Parameter) -> Iterator[Fault]:
        said = place.data(f"?focus {to_sparql(_name(other))} ?other")
        test = f"{comparable('?value')} {sign} {comparable('?other')}"
        query = (
            f"SELECT DISTINCT ?focus ?value ?other WHERE {{ {place.reached} {said}"
            f" FILTER (!COALESCE({test}, false)) }}"
        )
        for row in place.select(query):
            yield Fault(row["focus"], row["value"])

    return compared


def _min_count(place: Place, least: Parameter) -> Iterator[Fault]:
    number = whole_number(least)
    if number == 1:
        query = (
            f"SELECT DISTINCT ?focus WHERE {{ {place.focus} FILTER NOT EXISTS {{ {place.step} }} }}"
        )
    else:
        query = (
            f"SELECT ?focus WHERE {{ {place.focus} OPTIONAL {{ {place.step} }} }}"
            f" GROUP BY ?focus HAVING (COUNT(DISTINCT ?value) < {number})"
        )
    yield from (Fault(row["focus"], None) for row in place.select(query))


def _max_count(place: Place, most: Parameter) -> Iterator[Fault]:
    query = (
        f"SELECT ?focus WHERE {{ {place.reached} }}"
        f" GROUP BY ?focus HAVING (COUNT(DISTINCT ?value) > {whole_number(most)})"
    )
    yield from (Fault(row["focus"], None) for row in place.select(query))


def _unique_lang(place: Place, wanted: Parameter) -> Iterator[Fault]:
    if str(wanted) != "true":  # "1" is not what SHACL asks for
        return
    query = (
        f"SELECT ?focus ?language WHERE {{ {place.reached} FILTER (LANG(?value) != '')"
        " BIND (LCASE(LANG(?value)) AS ?language) }"
        " GROUP BY ?focus ?language HAVING (COUNT(DISTINCT ?value) > 1)"
    )
    yield from (Fault(row["focus"], None) for row in place.select(query))


def _has_value(place: Place, wanted: Parameter) -> Iterator[Fault]:
    has = f"{place.reached} FILTER sameTerm(?value, {written(_term(wanted))})"
    query = f"SELECT DISTINCT ?focus WHERE {{ {place.focus} MINUS {{ {has} }} }}"
    yield from (Fault(row["focus"], None) for row in place.select(query))


def _closed(place: Place, wanted: Parameter) -> Iterator[Fault]:
    if str(wanted) != "true":  # "1" is not what SHACL asks for
        return
    lists = map(_list, place.shape.parameters.get(SH.ignoredProperties, ()))
    ignored = [term for listed in lists for term in listed]
    allowed = {written(term) for term in (*place.properties, *ignored)}
    tests = " && ".join(f"?path != {name}" for name in sorted(allowed)) or "true"
    said = place.data("?focus ?path ?value")
    query = f"SELECT DISTINCT ?focus ?path ?value WHERE {{ {place.focus} {said} FILTER ({tests}) }}"
    for row in place.select(query):
        yield Fault(row["focus"], row["value"], row["path"])


def _term(parameter: Parameter) -> Node:
    if isinstance(parameter, tuple):
        raise InvalidError("A shape has a list where a single value belongs.")
    return parameter


def _name(parameter: Parameter) -> URIRef:
    return as_name(_term(parameter))


def _list(parameter: Parameter) -> tuple[Node, ...]:
    return parameter if isinstance(parameter, tuple) else (parameter,)


def whole_number(parameter: Parameter) -> int:
    """What a shape counts to. Raises InvalidError for what is none."""
    try:
        return int(str(parameter))
    except ValueError:
        raise InvalidError(
            "A shape counts to %(parameter)s, which is no whole number.", parameter=parameter
        ) from None


def unknown_patterns(shapes: Shapes) -> list[str]:
    """The regular expressions that the store does not know, such as those that look ahead."""
    found = []
    with closing(EmbeddedStore.in_memory()) as store:
        for shape, pattern in shapes.graph.subject_objects(SH.pattern):
            flags = shapes.graph.value(shape, SH.flags)
            arguments = ", ".join(
                map(to_sparql, map(named, (pattern, *([flags] if flags else ()))))
            )
            if store.select(f'SELECT (REGEX("", {arguments}) AS ?known) {{}}') == [{}]:
                found.append(str(pattern))
    return found


FILTERS: dict[URIRef, tuple[URIRef, Callable[[Place, Parameter], str]]] = {
    SH["class"]: (SH.ClassConstraintComponent, _class),
    SH.datatype: (SH.DatatypeConstraintComponent, _datatype),
    SH.nodeKind: (SH.NodeKindConstraintComponent, _node_kind),
    SH.minExclusive: (SH.MinExclusiveConstraintComponent, _bound(">")),
    SH.minInclusive: (SH.MinInclusiveConstraintComponent, _bound(">=")),
    SH.maxExclusive: (SH.MaxExclusiveConstraintComponent, _bound("<")),
    SH.maxInclusive: (SH.MaxInclusiveConstraintComponent, _bound("<=")),
    SH.minLength: (SH.MinLengthConstraintComponent, _length(">=")),
    SH.maxLength: (SH.MaxLengthConstraintComponent, _length("<=")),
    SH.pattern: (SH.PatternConstraintComponent, _pattern),
    SH.languageIn: (SH.LanguageInConstraintComponent, _language_in),
    SH["in"]: (SH.InConstraintComponent, _in),
    SH.disjoint: (SH.DisjointConstraintComponent, _disjoint),
}
QUERIES: dict[URIRef, tuple[URIRef, Callable[[Place, Parameter], Iterator[Fault]]]] = {
    SH.minCount: (SH.MinCountConstraintComponent, _min_count),
    SH.maxCount: (SH.MaxCountConstraintComponent, _max_count),
    SH.uniqueLang: (SH.UniqueLangConstraintComponent, _unique_lang),
    SH.equals: (SH.EqualsConstraintComponent, _equals),
    SH.lessThan: (SH.LessThanConstraintComponent, _less("<")),
    SH.lessThanOrEquals: (SH.LessThanOrEqualsConstraintComponent, _less("<=")),
    SH.closed: (SH.ClosedConstraintComponent, _closed),
    SH.hasValue: (SH.HasValueConstraintComponent, _has_value),
}
