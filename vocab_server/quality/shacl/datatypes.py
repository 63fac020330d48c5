"""Whether a literal is well-formed, as SPARQL (XML Schema 1.1 Part 2, lexical spaces)."""

from rdflib import URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from vocab_server.quality.shacl.literals import kept_datatype
from vocab_server.rdf.query import to_sparql

_INTEGER = r"^[+-]?[0-9]+$"
# The datatypes that the store makes values of: what it cannot make one of is ill-formed.
_CAST = {
    XSD[name]
    for name in (
        *("boolean", "integer", "decimal", "double", "float", "date", "dateTime", "time"),
        *("gYear", "gYearMonth", "gMonth", "gDay", "gMonthDay"),
        *("duration", "dayTimeDuration", "yearMonthDuration"),
    )
}
# The least and the greatest value of the integers that are derived, None for no bound.
_BOUNDS: dict[URIRef, tuple[int | None, int | None]] = {
    XSD.nonNegativeInteger: (0, None),
    XSD.positiveInteger: (1, None),
    XSD.nonPositiveInteger: (None, 0),
    XSD.negativeInteger: (None, -1),
    XSD.long: (-(2**63), 2**63 - 1),
    XSD.int: (-(2**31), 2**31 - 1),
    XSD.short: (-(2**15), 2**15 - 1),
    XSD.byte: (-(2**7), 2**7 - 1),
    XSD.unsignedLong: (0, None),  # its bound is beyond what the store counts to
    XSD.unsignedInt: (0, 2**32 - 1),
    XSD.unsignedShort: (0, 2**16 - 1),
    XSD.unsignedByte: (0, 2**8 - 1),
}


def mistyped(datatype: Node) -> str:
    """SPARQL for whether ?value is no well-formed literal of a datatype."""
    other = f"!isLiteral(?value) || DATATYPE(?value) != {to_sparql(kept_datatype(datatype))}"
    sound = _is_well_formed(datatype)
    return f"({other} || !({sound}))" if sound else f"({other})"


def _is_well_formed(datatype: Node) -> str:
    if datatype in _CAST:
        return f"COALESCE(isLiteral(<{datatype}>(STR(?value))), false)"
    if datatype in _BOUNDS:
        least, greatest = _BOUNDS[URIRef(str(datatype))]
        number = f"<{XSD.integer}>(STR(?value))"
        tests = [f'REGEX(STR(?value), "{_INTEGER}")']
        tests += [] if least is None else [f"{number} >= {least}"]
        tests += [] if greatest is None else [f"{number} <= {greatest}"]
        return f"COALESCE({' && '.join(tests)}, false)"
    return ""
