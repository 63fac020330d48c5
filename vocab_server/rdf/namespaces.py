"""The namespaces that this package uses, by their usual prefixes."""

from rdflib import Namespace
from rdflib.namespace import DCTERMS, FOAF, OWL, RDF, RDFS, SH, SKOS, VANN, VOID, XSD

from vocab_server.rdf.prefixes import PREFIXES

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # version 3; rdflib has 2
DCT = DCTERMS
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
ISOTHES = Namespace("http://purl.org/iso25964/skos-thes#")
SCHEMA = Namespace("http://schema.org/")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SKOSXL = Namespace("http://www.w3.org/2008/05/skos-xl#")
SPDX = Namespace("http://spdx.org/rdf/terms#")

__all__ = [
    "ADMS",
    "DCAT",
    "DCT",
    "FOAF",
    "HYDRA",
    "ISOTHES",
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
    "VOID",
    "XSD",
]
