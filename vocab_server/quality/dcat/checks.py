"""The demands of the profiles as checks: the same report as of vocabularies."""

from typing import cast

from rdflib.term import Identifier

from vocab_server.catalog.profiles import PROFILES
from vocab_server.quality.check import Check, Level, Lines, Material
from vocab_server.quality.dcat.asked import Asked, asked_by, demands
from vocab_server.quality.dcat.shapes import SHAPES, read_shapes
from vocab_server.quality.dcat.texts import meaning_of, remedy_of, title_of
from vocab_server.quality.shacl.compiled import results_of
from vocab_server.quality.shacl.literals import named
from vocab_server.quality.shacl.place import Ground
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.rdf.query import to_sparql
from vocab_server.store.base import Store


class Demand:
    """A formulation in SHACL: the shape of a demand, at the nodes that its class shape is about."""

    def __init__(self, asked: Asked) -> None:
        self._profile = asked.profile.id
        self._shape = SHAPES[asked.id]
        self._property = asked.rule.property

    def __call__(self, material: Material) -> Lines:
        """See Formulation. Catalogs are checked in a store of their own, in which sets are kept."""
        ground = Ground(cast(Store, material.store), material.graph, read_shapes(self._profile))
        return map(self._line, results_of(ground, self._shape))

    def _line(self, found: ShaclResult) -> bytes:
        path = found.path.property if found.path else None
        value = found.value if found.path else None
        terms: tuple[Identifier, ...] = (
            named(found.focus),
            path or self._property,
            named(found.focus if value is None else value),
        )
        return f"{' '.join(map(to_sparql, terms))} .".encode()


def _check(asked: Asked) -> Check:
    return Check(
        id=asked.id,
        title=title_of(asked),
        meaning=meaning_of(asked),
        remedy=remedy_of(asked),
        source=asked.source,
        severity=asked.severity,
        level=Level.REPORT,
        find=Demand(asked),
        examples=(),
        neighbours=(),
    )


CATALOG_CHECKS: dict[str, Check] = {asked.id: _check(asked) for asked in demands()}


def checks_of(profile: str) -> list[Check]:
    """The checks of a profile, in the order of its rows. Raises KeyError."""
    return [CATALOG_CHECKS[asked.id] for asked in asked_by(PROFILES[profile])]
