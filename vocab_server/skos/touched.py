"""Which parts of a vocabulary's structure a change may have altered, read from its own lines."""

import re
from dataclasses import dataclass, field

from vocab_server.rdf.change import Patch
from vocab_server.rdf.namespaces import ISOTHES, RDF, SKOS

FEW = 200  # resources that are looked at one by one; more make all be looked at

_EDGES = {str(SKOS.broader), str(SKOS.narrower)}
_LISTS = {str(RDF.first), str(RDF.rest)}
_MEMBERS = {str(SKOS.member), str(SKOS.memberList)}
_GROUPS = {str(ISOTHES.subGroup), str(ISOTHES.superGroup)}
_KINDS = tuple(
    str(kind)
    for kind in (
        SKOS.Collection,
        SKOS.OrderedCollection,
        ISOTHES.ConceptGroup,
        ISOTHES.ThesaurusArray,
    )
)
_PREDICATES = (*_EDGES, *_LISTS, *_MEMBERS, *_GROUPS)
# One search of a whole block, as most lines of a vocabulary are labels.
_LINES = re.compile(
    rb"^<([^>]*)> <(?:(%b)> <([^>]*)>|(%b)> \")|^<([^>]*)> <%b> <(?:%b)>"
    % (
        b"|".join(re.escape(name.encode()) for name in sorted(_PREDICATES)),
        re.escape(str(SKOS.notation).encode()),
        re.escape(str(RDF.type).encode()),
        b"|".join(re.escape(name.encode()) for name in _KINDS),
    ),
    re.MULTILINE,
)


@dataclass(slots=True)
class Touched:
    """``groups`` that may have changed, ``lower`` ends of new edges of the hierarchy."""

    groups: set[str] = field(default_factory=set)
    lower: set[str] = field(default_factory=set)
    has_edges: bool = False
    has_lists: bool = False
    has_notations: bool = False

    def __bool__(self) -> bool:
        return bool(self.groups or self.has_edges or self.has_lists or self.has_notations)


def read_touched(patch: Patch) -> Touched:
    """What a change touches."""
    touched = Touched()
    for block in patch.removed_blocks():
        _read(block, touched, is_new=False)
    for block in patch.added_blocks():
        _read(block, touched, is_new=True)
    return touched


def _read(block: bytes, touched: Touched, *, is_new: bool) -> None:
    for found in _LINES.findall(block):
        subject, predicate, value, notation, group = (part.decode() for part in found)
        touched.has_notations |= bool(notation)
        if predicate in _EDGES:
            touched.has_edges = True
            if is_new:
                touched.lower.add(subject if predicate == str(SKOS.broader) else value)
        elif predicate in _LISTS:
            touched.has_lists = True
        elif predicate in _GROUPS:
            touched.groups |= {subject, value}
        elif predicate or group:
            touched.groups.add(group or subject)
