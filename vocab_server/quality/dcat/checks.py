"""The demands of the profiles as checks: the same report as of vocabularies."""

from collections.abc import Iterable
from typing import cast

from rdflib import URIRef

from vocab_server.catalog.profiles import PROFILES
from vocab_server.quality.check import Check, Finding, Level, Lines, Material, Severity, to_finding
from vocab_server.quality.dcat.asked import Asked, asked_by, demands
from vocab_server.quality.dcat.shapes import SHAPES, read_shapes
from vocab_server.quality.dcat.tagging import TAGGING_CHECKS
from vocab_server.quality.dcat.texts import meaning_of, remedy_of, title_of
from vocab_server.quality.shacl.compiled import results_of, run
from vocab_server.quality.shacl.literals import named
from vocab_server.quality.shacl.place import Ground
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.quality.shacl.validation import DATA, loaded
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
        return (_line(found, self._property) for found in results_of(ground, self._shape))


def _line(found: ShaclResult, demanded: URIRef) -> bytes:
    """A result as a line of N-Triples: see check.Lines."""
    value = found.value if found.path and found.value is not None else found.focus
    terms = named(found.focus), demanded, named(value)
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
_PROPERTIES = {asked.id: asked.rule.property for asked in demands()}


def findings_in(ntriples: Iterable[bytes], profile: str) -> list[Finding]:
    """What breaks a profile in a few datasets, as lines without ends; the gravest first.

    For a page: all shapes are run at once, in this process. Raises KeyError.
    """
    block = b"".join(line + b"\n" for line in ntriples)
    with loaded([block]) as store:
        results = list(run(Ground(store, DATA, read_shapes(profile))))
    found = {(check.id, line): check for check, line in map(_checked, results)}
    order = list(Severity)
    return [
        to_finding(check, line)
        for (_id, line), check in sorted(
            found.items(), key=lambda item: (order.index(item[1].severity), item[0])
        )
    ]


def _checked(found: ShaclResult) -> tuple[Check, bytes]:
    identifier = str(found.shape).removeprefix(str(SHAPES))
    return CATALOG_CHECKS[identifier], _line(found, _PROPERTIES[identifier])


def checks_of(profile: str) -> list[Check]:
    """The checks of a profile, in the order of its rows. Raises KeyError."""
    return [CATALOG_CHECKS[asked.id] for asked in asked_by(PROFILES[profile])]


def catalog_checks_of(profile: str) -> list[Check]:
    """The checks of a catalog: those of a profile, then those of its tags. Raises KeyError."""
    return [*checks_of(profile), *TAGGING_CHECKS]
