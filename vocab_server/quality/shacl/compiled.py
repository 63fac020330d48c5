"""Shapes run in a store: components that look at values in SPARQL, the others by sets of nodes."""

from collections import Counter
from collections.abc import Callable, Iterator

from rdflib import URIRef
from rdflib.namespace import SH
from rdflib.term import Identifier, Node

from vocab_server.errors import InvalidError
from vocab_server.quality.shacl.components import (
    FILTERS,
    QUERIES,
    Fault,
    Parameter,
    faults_of_filter,
    whole_number,
)
from vocab_server.quality.shacl.literals import from_store
from vocab_server.quality.shacl.paths import Path
from vocab_server.quality.shacl.place import Ground, Place
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.quality.shacl.shapes import Shape
from vocab_server.rdf.query import to_sparql


def run(ground: Ground) -> Iterator[ShaclResult]:
    """What breaks the shapes, shape by shape. Raises InvalidError for shapes not well-formed."""
    for shape in ground.shapes.targeted():
        if shape.is_active:
            with ground.nodes(ground.target_of(shape), "?focus") as focus:
                yield from _results(Place(ground, shape, focus))


def results_of(ground: Ground, node: Node) -> Iterator[ShaclResult]:
    """What breaks one shape at its own targets and at those of the shapes that name it."""
    shape = ground.shapes.get(node)
    parents = [ground.shapes.get(p) for p in ground.shapes.graph.subjects(SH.property, node)]
    targets = filter(None, map(ground.target_of, (shape, *parents)))
    focus = " UNION ".join(f"{{ {target} }}" for target in targets)
    yield from _results(Place(ground, shape, f"{{ {focus} }}"))


def _results(place: Place) -> Iterator[ShaclResult]:
    """What breaks one shape, with what breaks the property shapes that it names."""
    for component, fault in _faults(place):
        yield _result(place.shape, component, fault)
    for node in place.shape.parameters.get(SH.property, ()):
        yield from _of_property(place, _named(place, node))


def _of_property(place: Place, shape: Shape) -> Iterator[ShaclResult]:
    """What breaks a property shape at the values of another shape, as often as it is reached."""
    if not shape.is_active:
        return
    if place.shape.path is None:
        yield from _results(Place(place.ground, shape, place.focus))
        return
    times = Counter(from_store(value) for _focus, value in _pairs(place))
    with place.ground.nodes(place.reached, "?value") as focus:
        for found in _results(Place(place.ground, shape, focus)):
            yield from [found] * times[found.focus]


def _result(shape: Shape, component: URIRef, fault: Fault) -> ShaclResult:
    path = shape.path
    if fault.path is not None:
        path = Path(to_sparql(fault.path), fault.path)
    return ShaclResult(
        focus=from_store(fault.focus),
        path=path,
        value=None if fault.value is None else from_store(fault.value),
        component=component,
        shape=shape.node,
        severity=shape.severity,
        messages=shape.messages,
    )


def _faults(place: Place) -> Iterator[tuple[URIRef, Fault]]:
    """What breaks a shape itself, without the property shapes that it names."""
    for parameter, values in place.shape.parameters.items():
        for value in values:
            if parameter in FILTERS:
                component, pattern = FILTERS[parameter]
                yield from ((component, f) for f in faults_of_filter(place, pattern(place, value)))
            elif parameter in QUERIES:
                component, query = QUERIES[parameter]
                yield from ((component, fault) for fault in query(place, value))
            elif parameter in _LOGICAL:
                yield from _LOGICAL[parameter](place, value)


def failing(place: Place) -> set[Identifier]:
    """The nodes that do not conform to a shape (SHACL, 3.4.2)."""
    if not place.shape.is_active:
        return set()
    found = {fault.focus for _component, fault in _faults(place)}
    for node in place.shape.parameters.get(SH.property, ()):
        bad = _failing_values(place, node)
        found |= {focus for focus, value in _pairs(place) if value in bad} if bad else set()
    return found


def _failing_values(place: Place, node: Parameter) -> set[Identifier]:
    """Those values of a shape that do not conform to another."""
    shape = _named(place, node)
    if place.shape.path is None:
        return failing(Place(place.ground, shape, place.focus))
    with place.ground.nodes(place.reached, "?value") as focus:
        return failing(Place(place.ground, shape, focus))


def _pairs(place: Place) -> list[tuple[Identifier, Identifier]]:
    query = f"SELECT DISTINCT ?focus ?value WHERE {{ {place.reached} }}"
    return [(row["focus"], row["value"]) for row in place.select(query)]


def _named(place: Place, node: Parameter) -> Shape:
    if isinstance(node, tuple):
        raise InvalidError("A shape has a list where a shape belongs.")
    return place.ground.shapes.get(node)


Counted = Iterator[tuple[URIRef, Fault]]


def _by_failures(
    component: URIRef, is_broken: Callable[[list[bool]], bool]
) -> Callable[[Place, Parameter], Counted]:
    """A component that is broken by which of its shapes a value does not conform to."""

    def faults(place: Place, parameter: Parameter) -> Counted:
        nodes = parameter if isinstance(parameter, tuple) else (parameter,)
        failed = [_failing_values(place, node) for node in nodes]
        for focus, value in _pairs(place):
            if is_broken([value in bad for bad in failed]):
                yield component, Fault(focus, value)

    return faults


def _qualified(place: Place, node: Parameter) -> Counted:
    """How many values conform to a shape, and to none beside it (SHACL, 4.7.3)."""
    shape = place.shape
    others: set[Node] = set()
    if shape.is_set(SH.qualifiedValueShapesDisjoint):
        others = place.ground.shapes.siblings(shape)
    bad = _failing_values(place, node)
    failed_beside = [_failing_values(place, other) for other in others]
    counts = Counter(
        focus
        for focus, value in _pairs(place)
        if value not in bad and all(value in failed for failed in failed_beside)
    )
    least, most = shape.one(SH.qualifiedMinCount), shape.one(SH.qualifiedMaxCount)
    for row in place.select(f"SELECT DISTINCT ?focus WHERE {{ {place.focus} }}"):
        number = counts[row["focus"]]
        if least is not None and number < whole_number(least):
            yield SH.QualifiedMinCountConstraintComponent, Fault(row["focus"], None)
        if most is not None and number > whole_number(most):
            yield SH.QualifiedMaxCountConstraintComponent, Fault(row["focus"], None)


_LOGICAL: dict[URIRef, Callable[[Place, Parameter], Counted]] = {
    SH["not"]: _by_failures(SH.NotConstraintComponent, lambda failed: not failed[0]),
    SH["and"]: _by_failures(SH.AndConstraintComponent, any),
    SH["or"]: _by_failures(SH.OrConstraintComponent, all),
    SH.xone: _by_failures(SH.XoneConstraintComponent, lambda failed: failed.count(False) != 1),
    SH.node: _by_failures(SH.NodeConstraintComponent, any),
    SH.qualifiedValueShape: _qualified,
}
