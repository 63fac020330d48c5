"""Datasets and what belongs to them, as DCAT 3 describes them, read from a store.

Every class keeps all that is said of its resource, so that nothing is lost to a page or an export
only because no property here has its name.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Self

from rdflib import Literal, URIRef

from vocab_server.catalog.describing import Described, Values, described_by, linked, own_lines
from vocab_server.errors import NotFoundError
from vocab_server.rdf.graph_names import is_source
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import ADMS, DCAT, DCT, DCT_FORMAT, FOAF, RDF, VCARD
from vocab_server.rdf.query import bind, is_iri
from vocab_server.store.base import Reader

ID_LENGTH = 16  # characters of an id that is made from an IRI: 64 bits


# What belongs to a dataset: one step away, and what belongs to that.
_PARTS = (
    DCAT.distribution,
    ADMS.sample,
    DCT.publisher,
    DCT.creator,
    DCAT.contactPoint,
    DCT.spatial,
    DCT.temporal,
    DCT.conformsTo,
)
_OF_PARTS = (
    DCAT.accessService,
    DCT.license,
    DCT.rights,
    DCT.conformsTo,
    VCARD.hasAddress,
    VCARD.hasTelephone,
    VCARD.hasEmail,
)
_GRAPHS = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { $resource ?property ?value } }"
_HOLDERS = """SELECT DISTINCT ?dataset ?graph WHERE { VALUES ?dataset { $datasets }
    GRAPH ?graph { ?dataset a ?type } FILTER (?type IN (dcat:Dataset, dcat:DatasetSeries)) }"""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource with all that is said of it; ``values`` are in order."""

    iri: URIRef
    values: Values

    @classmethod
    def of(cls, iri: URIRef, described: Described) -> Self:
        """The resource as a description has it; without values where it has nothing."""
        return cls(iri, described.get(iri, {}))

    def texts(self, *properties: URIRef) -> tuple[Label, ...]:
        """The texts under the first of the properties that has any."""
        for wanted in properties:
            found = [v for v in self.values.get(wanted, ()) if isinstance(v, Literal)]
            if found:
                return tuple(Label(str(value), value.language or "") for value in found)
        return ()

    def links(self, *properties: URIRef) -> tuple[URIRef, ...]:
        """The IRIs under any of the properties."""
        return tuple(
            dict.fromkeys(
                value
                for wanted in properties
                for value in self.values.get(wanted, ())
                if isinstance(value, URIRef)
            )
        )

    def first(self, *properties: URIRef) -> str:
        """The first value of the first property that has one, "" when none has."""
        for wanted in properties:
            if self.values.get(wanted):
                return str(self.values[wanted][0])
        return ""

    def is_a(self, *classes: URIRef) -> bool:
        """Whether it has one of the classes."""
        return not set(classes).isdisjoint(self.values.get(RDF.type, ()))


class Agent(Resource):
    """A foaf:Agent: who publishes."""

    __slots__ = ()

    @property
    def names(self) -> tuple[Label, ...]:
        """Its names in all languages."""
        return self.texts(FOAF.name, VCARD.fn, DCT.title)


class ContactPoint(Resource):
    """A vcard:Kind: whom to ask about a dataset."""

    __slots__ = ()

    @property
    def names(self) -> tuple[Label, ...]:
        """What it is called."""
        return self.texts(VCARD.fn, VCARD["organization-name"], FOAF.name)

    @property
    def email(self) -> str:
        """The address without ``mailto:``, "" when there is none."""
        return self.first(VCARD.hasEmail, FOAF.mbox).removeprefix("mailto:")


class DataService(Resource):
    """A dcat:DataService: an interface that programs ask."""

    __slots__ = ()

    @property
    def titles(self) -> tuple[Label, ...]:
        """Its titles in all languages."""
        return self.texts(DCT.title)

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return self.first(DCAT.endpointURL)


class Distribution(Resource):
    """A dcat:Distribution: a form in which a dataset can be had."""

    __slots__ = ()

    @property
    def titles(self) -> tuple[Label, ...]:
        """Its titles in all languages."""
        return self.texts(DCT.title)

    @property
    def descriptions(self) -> tuple[Label, ...]:
        """What it is, in all languages."""
        return self.texts(DCT.description)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it is had: files first, then pages and interfaces."""
        found = (*_texts(self, DCAT.downloadURL), *_texts(self, DCAT.accessURL))
        return tuple(dict.fromkeys(found))

    @property
    def formats(self) -> tuple[str, ...]:
        """Its formats as short words, for example ``csv``; see ``format_name``."""
        stated = (*_texts(self, DCT_FORMAT), *_texts(self, DCAT.mediaType))
        return tuple(dict.fromkeys(filter(None, map(format_name, stated))))

    @property
    def licences(self) -> tuple[str, ...]:
        """The licences, as addresses or as texts."""
        return _texts(self, DCT.license)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dcat:Dataset or dcat:DatasetSeries, with what belongs to it.

    ``graphs`` are the catalogs that describe it, each under the address that it has here.
    """

    resource: Resource
    graphs: tuple[URIRef, ...]
    distributions: tuple[Distribution, ...]
    publishers: tuple[Agent, ...]
    contacts: tuple[ContactPoint, ...]
    services: tuple[DataService, ...]
    described: Described

    @property
    def iri(self) -> URIRef:
        """Its IRI."""
        return self.resource.iri

    @property
    def titles(self) -> tuple[Label, ...]:
        """Its titles in all languages."""
        return self.resource.texts(DCT.title)

    @property
    def descriptions(self) -> tuple[Label, ...]:
        """What it is, in all languages."""
        return self.resource.texts(DCT.description)

    @property
    def keywords(self) -> tuple[Label, ...]:
        """The publisher's own words."""
        return self.resource.texts(DCAT.keyword)

    @property
    def themes(self) -> tuple[URIRef, ...]:
        """What the publisher says it is about, as concepts of any vocabulary."""
        return self.resource.links(DCAT.theme, DCT.subject)

    @property
    def access_rights(self) -> str:
        """Who may have it: an IRI of the EU's access rights, or a text; "" when not said."""
        return self.resource.first(DCT.accessRights)

    @property
    def licences(self) -> tuple[str, ...]:
        """Those of its distributions, and its own where a publisher put it there."""
        own = _texts(self.resource, DCT.license)
        return tuple(dict.fromkeys([*own, *(x for d in self.distributions for x in d.licences)]))

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of all its distributions."""
        return tuple(dict.fromkeys(name for d in self.distributions for name in d.formats))

    def described_parts(self) -> set[URIRef]:
        """What belongs to it and is described for itself: distributions, publishers, contacts."""
        return {
            iri
            for iri in self.resource.links(*self.resource.values)
            if iri in self.described and iri != self.iri
        }

    @property
    def is_series(self) -> bool:
        """Whether it is a series of datasets."""
        return self.resource.is_a(DCAT.DatasetSeries)

    @property
    def is_listed_only(self) -> bool:
        """Whether it is told of, and nothing of it can be had."""
        return not self.distributions and not self.is_series


def dataset_id(base: str, iri: str) -> str:
    """The id of a dataset or an interface in addresses: the same as long as its IRI is.

    What was entered here has it in its IRI; for all others it is made from the IRI.
    """
    for own in (f"{base}/datasets/", f"{base}/services/"):
        if iri.startswith(own) and "/" not in iri.removeprefix(own):
            return iri.removeprefix(own)
    return sha256(iri.encode()).hexdigest()[:ID_LENGTH]


def part_key(iri: str) -> str:
    """What a distribution is called in addresses here: the same as long as its IRI is."""
    return sha256(iri.encode()).hexdigest()[:ID_LENGTH]


def sources_of(store: Reader, resource: URIRef) -> tuple[URIRef, ...]:
    """The catalogs whose publishers say what a resource is, in order."""
    if not is_iri(resource):
        return ()
    rows = store.select(bind(_GRAPHS, resource=resource))
    return tuple(sorted(URIRef(row["graph"]) for row in rows if is_source(str(row["graph"]))))


def read_dataset(store: Reader, iri: URIRef) -> Dataset:
    """A dataset as all catalogs together describe it. Raises NotFoundError when none does."""
    found = next(iter(read_datasets(store, [iri], is_whole=True)), None)
    if found is None:
        raise NotFoundError("No catalog here describes a dataset %(iri)s.", iri=iri)
    return found


def read_service(store: Reader, iri: URIRef) -> Dataset:
    """An interface as all catalogs together describe it, with what belongs to it.

    It is read as a dataset without files is. Raises NotFoundError when no catalog describes it.
    """
    graphs = sources_of(store, iri)
    lines = [line for g in graphs for line in _lines_with_parts(store, g, [iri], is_whole=True)]
    found = to_dataset(iri, graphs, described_by(lines))
    if not found.resource.is_a(DCAT.DataService):
        raise NotFoundError("No catalog here describes an interface %(iri)s.", iri=iri)
    return found


def read_datasets(
    store: Reader, iris: Sequence[URIRef], *, is_whole: bool = False
) -> Iterator[Dataset]:
    """Those of the IRIs that are datasets, as all catalogs together describe them.

    One query for all, and two more for each catalog that has some of them; there should be some
    hundreds at most. With ``is_whole`` what belongs to their distributions and contacts is read
    too, by one more.
    """
    some = [iri for iri in iris if is_iri(iri)]
    rows = store.select(bind(_HOLDERS, datasets=some))
    held = sorted((URIRef(row["graph"]), URIRef(row["dataset"])) for row in rows)
    holders: dict[URIRef, list[URIRef]] = defaultdict(list)
    lines: list[bytes] = []
    for graph, pairs in groupby(held, key=itemgetter(0)):
        if is_source(graph):
            datasets = [dataset for _, dataset in pairs]
            lines += _lines_with_parts(store, graph, datasets, is_whole=is_whole)
            for dataset in datasets:
                holders[dataset].append(graph)
    described = described_by(lines)
    yield from (to_dataset(iri, holders[iri], described) for iri in some if iri in holders)


def _lines_with_parts(
    store: Reader, graph: URIRef, datasets: Sequence[URIRef], *, is_whole: bool
) -> list[bytes]:
    """What one catalog says of some of its datasets, and of what belongs to them."""
    lines = own_lines(store, [graph], datasets)
    of_parts = own_lines(store, [graph], linked(lines, _PARTS))
    if is_whole:
        of_parts += own_lines(store, [graph], linked(of_parts, _OF_PARTS))
    return [*lines, *of_parts]


def to_dataset(iri: URIRef, graphs: Sequence[URIRef], described: Described) -> Dataset:
    """The dataset that a description holds."""
    own = Resource.of(iri, described)
    distributions = tuple(
        Distribution.of(part, described) for part in own.links(DCAT.distribution, ADMS.sample)
    )
    services = dict.fromkeys(s for d in distributions for s in d.links(DCAT.accessService))
    return Dataset(
        resource=own,
        graphs=tuple(graphs),
        distributions=distributions,
        publishers=tuple(Agent.of(a, described) for a in own.links(DCT.publisher)),
        contacts=tuple(ContactPoint.of(c, described) for c in own.links(DCAT.contactPoint)),
        services=tuple(DataService.of(s, described) for s in services),
        described=described,
    )


def read_resource(store: Reader, iri: URIRef, graphs: Sequence[URIRef]) -> Resource:
    """What some graphs say of one resource; without values when nothing."""
    return Resource.of(iri, described_by(own_lines(store, graphs, [iri])))


def format_name(stated: str) -> str:
    """A format as a short word: ``csv`` for ``text/csv``, for ``.../file-type/CSV`` and ``CSV``.

    What is longer than a word says nothing and is left out.
    """
    last = stated.rstrip("/").rpartition("/")[2].partition(";")[0].strip().lower()
    last = last.removeprefix("x-").removeprefix("vnd.").removesuffix("+xml").removesuffix("+json")
    return _FORMATS.get(last, last) if 0 < len(last) <= 20 and " " not in last else ""


_FORMATS = {
    "comma-separated-values": "csv",
    "excel": "xls",
    "ms-excel": "xls",
    "openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "geo": "geojson",
    "json_ld": "jsonld",
    "ld": "jsonld",
    "plain": "txt",
    "rdf_xml": "rdf",
    "rdf_turtle": "ttl",
    "turtle": "ttl",
    "wfs_srvc": "wfs",
    "wms_srvc": "wms",
}


def _texts(resource: Resource, wanted: URIRef) -> tuple[str, ...]:
    return tuple(map(str, resource.values.get(wanted, ())))
