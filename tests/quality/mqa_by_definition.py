"""MQA once more, from its definition alone: SPARQL over a catalog as other portals read it.

Nothing of the package is imported. The lists are written down again; so is the rule that a dataset
has the points of its best distribution.
"""

from collections.abc import Mapping

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

AUTHORITY = "http://publications.europa.eu/resource/authority/"
FILE_TYPE = f"{AUTHORITY}file-type/"
MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
MACHINE = {
    *("CSV", "GEOJSON", "ICS", "JSON", "JSON_LD", "KML", "KMZ", "NETCDF", "ODS", "RDFA", "RSS"),
    *("RDF_N_QUADS", "RDF_N_TRIPLES", "RDF_TRIG", "RDF_TURTLE", "RDF_XML", "SHP", "XLS", "XLSX"),
    "XML",
}
OPEN = {
    *("BMP", "CSV", "DBF", "GEOJSON", "GZIP", "HTML", "ICS", "JPEG2000", "JSON", "JSON_LD", "KML"),
    *("KMZ", "NETCDF", "ODS", "PNG", "RDF_N_QUADS", "RDF_N_TRIPLES", "RDF_TRIG", "RDF_TURTLE"),
    *("RDF_XML", "RSS", "RTF", "TAR", "TIFF", "TSV", "TXT", "WMS_SRVC", "XML", "ZIP"),
}
WRITTEN = {  # how the formats of the test catalogs are written besides
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/plain": "TXT",
    "text/xml": "XML",
    "text/turtle": "RDF_TURTLE",
    "text/tab-separated-values": "TSV",
    "application/json": "JSON",
    "application/xml": "XML",
    "application/zip": "ZIP",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON_LD",
    "application/rss+xml": "RSS",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.google-earth.kml+xml": "KML",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/geo+json": "GEOJSON",
    "image/tiff": "TIFF",
    "image/png": "PNG",
    "wms": "WMS_SRVC",
    "shape": "SHP",
    "rdf": "RDF_XML",
    "turtle": "RDF_TURTLE",
}
LICENCES = (  # the kept list: the EU's table, and these
    "creativecommons.org/publicdomain/zero/1.0",
    "creativecommons.org/licenses/by/4.0",
    "creativecommons.org/licenses/by/3.0",
    "creativecommons.org/licenses/by-sa/4.0",
    "data.norge.no/nlod",
)
POINTS = {
    "keywordAvailability": 30,
    "categoryAvailability": 30,
    "spatialAvailability": 20,
    "temporalAvailability": 20,
    "accessUrlStatusCode": 50,
    "downloadUrlAvailability": 20,
    "downloadUrlStatusCode": 30,
    "formatAvailability": 20,
    "mediaTypeAvailability": 10,
    "formatMediaTypeVocabularyAlignment": 10,
    "formatMediaTypeNonProprietary": 20,
    "formatMediaTypeMachineInterpretable": 20,
    "dcatApCompliance": 30,
    "licenceAvailability": 20,
    "knownLicence": 10,
    "accessRightsAvailability": 10,
    "accessRightsVocabularyAlignment": 5,
    "contactPointAvailability": 20,
    "publisherAvailability": 10,
    "rightsAvailability": 5,
    "byteSizeAvailability": 5,
    "dateIssuedAvailability": 5,
    "dateModifiedAvailability": 5,
}
PREFIXES = """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
"""
PAIRS = """SELECT ?dataset ?part WHERE { ?dataset a dcat:Dataset
    OPTIONAL { ?dataset dcat:distribution ?part } }"""
Values = Mapping[str, list[Node]]


def score_catalog(
    graph: Graph, links: Mapping[str, bool], valid: Mapping[str, bool]
) -> dict[str, dict[str, bool]]:
    """Whether each metric holds, by dataset; what was not tried fails."""
    pairs = sorted(graph.query(PREFIXES + PAIRS))  # type: ignore[type-var]
    best: dict[str, dict[str, bool]] = {}
    for dataset, part in pairs:  # type: ignore[misc]
        found = metrics(
            values_of(graph, dataset),
            values_of(graph, part),
            links,
            is_valid=valid.get(str(dataset), False),
        )
        if str(dataset) not in best or points(found) > points(best[str(dataset)]):
            best[str(dataset)] = found
    return best


def values_of(graph: Graph, resource: Node | None) -> Values:
    """What is said of a resource, by property; nothing of None."""
    found: dict[str, list[Node]] = {}
    for path, value in graph.predicate_objects(resource) if resource is not None else ():
        found.setdefault(str(path), []).append(value)
    return found


def points(found: Mapping[str, bool]) -> int:
    return sum(POINTS[name] for name, holds in found.items() if holds)


def metrics(
    dataset: Values, part: Values, links: Mapping[str, bool], *, is_valid: bool
) -> dict[str, bool]:
    dct, dcat = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"
    formats, media = part.get(f"{dct}format", []), part.get(f"{dcat}mediaType", [])
    codes = {code(value) for value in (*media, *formats)}
    licences = part.get(f"{dct}license", [])
    rights = dataset.get(f"{dct}accessRights", [])
    either = {**part, **dataset}
    return {
        "keywordAvailability": f"{dcat}keyword" in dataset,
        "categoryAvailability": f"{dcat}theme" in dataset,
        "spatialAvailability": f"{dct}spatial" in dataset,
        "temporalAvailability": f"{dct}temporal" in dataset,
        "accessUrlStatusCode": any(links.get(str(v)) for v in part.get(f"{dcat}accessURL", [])),
        "downloadUrlAvailability": f"{dcat}downloadURL" in part,
        "downloadUrlStatusCode": any(links.get(str(v)) for v in part.get(f"{dcat}downloadURL", [])),
        "formatAvailability": bool(formats),
        "mediaTypeAvailability": bool(media),
        "formatMediaTypeVocabularyAlignment": any(is_iri(v, FILE_TYPE) for v in formats)
        and any(is_iri(v, MEDIA_TYPE) or is_iri(v, "http:" + MEDIA_TYPE[6:]) for v in media),
        "formatMediaTypeNonProprietary": bool(codes & OPEN),
        "formatMediaTypeMachineInterpretable": bool(codes & MACHINE),
        "dcatApCompliance": is_valid,
        "licenceAvailability": bool(licences),
        "knownLicence": any(map(is_known, licences)),
        "accessRightsAvailability": bool(rights),
        "accessRightsVocabularyAlignment": any(
            is_iri(v, f"{AUTHORITY}access-right/") for v in rights
        ),
        "contactPointAvailability": f"{dcat}contactPoint" in dataset,
        "publisherAvailability": f"{dct}publisher" in dataset,
        "rightsAvailability": f"{dct}rights" in part,
        "byteSizeAvailability": f"{dcat}byteSize" in part,
        "dateIssuedAvailability": f"{dct}issued" in either,
        "dateModifiedAvailability": f"{dct}modified" in either,
    }


def code(value: Node) -> str:
    text = str(value).removeprefix(FILE_TYPE).removeprefix(MEDIA_TYPE)
    return WRITTEN.get(text.lower().strip(), text.upper().strip())


def is_iri(value: Node, start: str) -> bool:
    return isinstance(value, URIRef) and str(value).startswith(start)


def is_known(value: Node) -> bool:
    if isinstance(value, Literal):
        return False
    address = str(value).partition("://")[2].rstrip("/").removesuffix("/deed.no")
    return str(value).startswith(f"{AUTHORITY}licence/") or address in LICENCES
