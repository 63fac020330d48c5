"""The namespaces that this package uses, by their usual prefixes."""

from rdflib import Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, RDF, RDFS, SH, SKOS, VANN, VOID, XSD

from vocab_server.rdf.prefixes import PREFIXES

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # version 3; rdflib has 2
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCT = DCTERMS
DCT_FORMAT = URIRef(f"{DCTERMS}format")  # DCT.format is a method of strings
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
ISOTHES = Namespace("http://purl.org/iso25964/skos-thes#")
OA = Namespace("http://www.w3.org/ns/oa#")  # Web Annotation
SCHEMA = Namespace("http://schema.org/")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SKOSXL = Namespace("http://www.w3.org/2008/05/skos-xl#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

__all__ = [
    "ADMS",
    "DCAT",
    "DCATAP",
    "DCT",
    "DCT_FORMAT",
    "FOAF",
    "HYDRA",
    "ISOTHES",
    "OA",
    "OWL",
    "PREFIXES",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SD",
    "SH",
    "SKOS",
    "SKOSXL",
    "SPDX",
    "VANN",
    "VCARD",
    "VOID",
    "XSD",
]
