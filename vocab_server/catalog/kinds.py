"""The kinds of entries that a catalog has, and what is special to each: one row in KINDS."""

from dataclasses import dataclass

from rdflib import URIRef

from vocab_server.catalog.profiles import RULES
from vocab_server.catalog.resources import Resource
from vocab_server.catalog.stages import Stage
from vocab_server.rdf.namespaces import DCAT, DCT

LATER = (Stage.PLANNED, Stage.PUBLISHED, Stage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry; ``id`` is its word in addresses.

    ``place`` is the folder that IRIs of it are made in. ``listed_by`` are the properties by which
    a catalog names an entry: DCAT-AP 3.0.1 has none for a series, which is found by its datasets.
    ``stages`` are those that it may stand at, the first of them at the beginning.
    """

    id: str
    of: URIRef
    place: str
    listed_by: tuple[URIRef, ...]
    stages: tuple[Stage, ...]

    @property
    def is_dataset(self) -> bool:
        """Whether it has files, and is assessed before it is opened."""
        return self.of == DCAT.Dataset

    def has(self, property: URIRef) -> bool:
        """Whether forms ask for a property of it."""
        return any(rule.of == self.of and rule.property == property for rule in RULES)


KINDS = {
    kind.id: kind
    for kind in (
        Kind("datasets", DCAT.Dataset, "datasets", (DCAT.dataset,), tuple(Stage)),
        Kind("series", DCAT.DatasetSeries, "datasets", (), LATER),
        Kind("services", DCAT.DataService, "services", (DCAT.service,), LATER),
    )
}
OWN = {
    DCAT.inSeries: KINDS["series"],
    DCAT.accessService: KINDS["services"],
    DCAT.servesDataset: KINDS["datasets"],
}  # properties that lead to other entries of the same catalog
PERIOD = DCT.temporal


def kind_of(resource: Resource) -> Kind:
    """What kind of entry a resource is; a series may be called a dataset too, as it is one."""
    for name in ("series", "services"):
        if resource.is_a(KINDS[name].of):
            return KINDS[name]
    return KINDS["datasets"]
