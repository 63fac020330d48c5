"""Which formats are open and which programs can read, by the codes of the EU's file types.

Source: the two lists that MQA uses, of machine-readable and of non-proprietary formats (European
Data Portal, custom vocabularies), and the media types of these formats (IANA).
"""

from collections.abc import Iterable
from types import MappingProxyType

from vocab_server.catalog.profiles import AUTHORITY

IANA = (
    "https://www.iana.org/assignments/media-types/",
    "http://www.iana.org/assignments/media-types/",
)
_RDF = ("JSON_LD", "RDFA", "RDF_N_QUADS", "RDF_N_TRIPLES", "RDF_TRIG", "RDF_TURTLE", "RDF_XML")
MACHINE_READABLE = frozenset(
    ("CSV", "GEOJSON", "ICS", "JSON", "KML", "KMZ", "NETCDF", "ODS", "RSS", "SHP", "XLS", "XLSX")
) | {"XML", *_RDF}
NON_PROPRIETARY = frozenset(
    ("BMP", "CSV", "DBF", "GEOJSON", "GZIP", "HTML", "ICS", "JPEG2000", "JSON", "KML", "KMZ")
) | {"NETCDF", "ODS", "PNG", "RSS", "RTF", "TAR", "TIFF", "TSV", "TXT", "WMS_SRVC", "XML", "ZIP"}
NON_PROPRIETARY |= frozenset(_RDF) - {"RDFA"}
_MEDIA_TYPES = MappingProxyType(
    {
        "application/geo+json": "GEOJSON",
        "application/gzip": "GZIP",
        "application/json": "JSON",
        "application/ld+json": "JSON_LD",
        "application/n-quads": "RDF_N_QUADS",
        "application/n-triples": "RDF_N_TRIPLES",
        "application/netcdf": "NETCDF",
        "application/rdf+xml": "RDF_XML",
        "application/rss+xml": "RSS",
        "application/rtf": "RTF",
        "application/trig": "RDF_TRIG",
        "application/vnd.google-earth.kml+xml": "KML",
        "application/vnd.google-earth.kmz": "KMZ",
        "application/vnd.ms-excel": "XLS",
        "application/vnd.oasis.opendocument.spreadsheet": "ODS",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
        "application/x-tar": "TAR",
        "application/xml": "XML",
        "application/zip": "ZIP",
        "image/bmp": "BMP",
        "image/jp2": "JPEG2000",
        "image/png": "PNG",
        "image/tiff": "TIFF",
        "text/calendar": "ICS",
        "text/csv": "CSV",
        "text/html": "HTML",
        "text/plain": "TXT",
        "text/rtf": "RTF",
        "text/tab-separated-values": "TSV",
        "text/turtle": "RDF_TURTLE",
        "text/xml": "XML",
    }
)
# What people write instead of a code.
_ALSO = MappingProxyType(
    {
        "GEO JSON": "GEOJSON",
        "JSON-LD": "JSON_LD",
        "JSONLD": "JSON_LD",
        "N-TRIPLES": "RDF_N_TRIPLES",
        "NT": "RDF_N_TRIPLES",
        "RDF": "RDF_XML",
        "RDF/XML": "RDF_XML",
        "SHAPE": "SHP",
        "SHAPEFILE": "SHP",
        "TIF": "TIFF",
        "TTL": "RDF_TURTLE",
        "TURTLE": "RDF_TURTLE",
        "WMS": "WMS_SRVC",
    }
)


def codes_of(stated: Iterable[object]) -> set[str]:
    """The codes of the formats that values state: of the EU's list, of IANA's, or as texts."""
    return {code for value in stated if (code := code_of(str(value)))}


def code_of(stated: str) -> str:
    """The code of one format: that of its media type, else the value in capital letters."""
    for start in (f"{AUTHORITY}file-type/", *IANA):
        stated = stated.removeprefix(start)
    bare = stated.partition(";")[0].strip().strip(".")
    upper = bare.upper()
    return _MEDIA_TYPES.get(bare.lower()) or _ALSO.get(upper) or upper
