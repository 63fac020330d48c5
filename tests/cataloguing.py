"""Catalogs for tests: a small one of our own, and how one is read into a site."""

from pathlib import Path

from flask import Flask

from tests.conftest import BASE
from tests.people import add_person, services_of
from vocab_server.accounts.roles import Grant, Role
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.catalog_importing import CatalogReport, import_catalog
from vocab_server.editing.importing import Source, import_file
from vocab_server.services import Services

TOPICS = """@prefix : <https://example.org/topics/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:nature a skos:Concept ; skos:prefLabel "nature"@en, "natur"@sv, "자연"@ko .
:water a skos:Concept ; skos:prefLabel "water"@en, "vatten"@sv ; skos:broader :nature .
:bathing a skos:Concept ; skos:prefLabel "bathing"@en, "bad"@sv ; skos:broader :water .
:fishing a skos:Concept ; skos:prefLabel "fishing"@en, "fiske"@sv ; skos:broader :water .
:traffic a skos:Concept ; skos:prefLabel "traffic"@en, "trafik"@sv ;
    skos:exactMatch <http://publications.europa.eu/resource/authority/data-theme/TRAN> .
:boats a skos:Concept ; skos:prefLabel "boats"@en, "båtar"@sv ; skos:broader :traffic .
"""
CATALOG = """@prefix : <https://harbour.example/> .
@prefix topic: <https://example.org/topics/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix access: <http://publications.europa.eu/resource/authority/access-right/> .
:catalog a dcat:Catalog ; dct:title "Data of the harbour"@en, "Hamnens data"@sv ;
    dct:publisher :office ; dcat:dataset :beaches, :catches, :berths, :plans .
:office a foaf:Agent ; foaf:name "The harbour office"@en, "Hamnkontoret"@sv .
:beaches a dcat:Dataset ; dct:title "Bathing places"@en, "Badplatser"@sv ;
    dct:description "Where people swim."@en, "Var folk badar."@sv ; dcat:keyword "beach"@en ;
    dct:publisher :office ; dcat:theme topic:bathing, topic:fishing ; dct:subject <urn:unknown> ;
    dct:modified "2026-03-01"^^xsd:date ; dct:accessRights access:PUBLIC ;
    dcat:contactPoint [ a vcard:Organization ; vcard:fn "Desk" ;
        vcard:hasEmail <mailto:desk@harbour.example> ] ;
    dcat:distribution :beaches-csv .
:beaches-csv a dcat:Distribution ; dcat:accessURL <https://harbour.example/beaches.csv> ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ;
    dct:license <http://creativecommons.org/publicdomain/zero/1.0/> .
:catches a dcat:Dataset ; dct:title "Landed fish"@en ; dct:publisher :office ;
    dcat:theme topic:fishing ; dct:modified "2026-02-01"^^xsd:date ;
    dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://harbour.example/fish> ;
        dct:format "JSON" ; dct:license <http://creativecommons.org/licenses/by/4.0/> ] .
:berths a dcat:Dataset ; dct:title "Berths"@en ; dct:publisher :office ;
    dcat:theme topic:boats ; dct:accessRights access:RESTRICTED .
:plans a dcat:Dataset ; dct:title "Plans"@en ; dcat:theme topic:nature .
"""
TOPIC = "https://example.org/topics/"
HARBOUR = "https://harbour.example/"


def read_vocabulary(services: Services, folder: Path, name: str, turtle: str) -> None:
    file = folder / f"{name}.ttl"
    file.write_text(turtle)
    import_file(services.writer, BASE, name, Source(file, file.name), "test")


def read_catalog(
    services: Services, folder: Path, name: str, turtle: str = CATALOG
) -> CatalogReport:
    """Make a catalog say what Turtle says."""
    file = folder / f"{name}.ttl"
    file.write_text(turtle)
    return read_catalog_file(services, file, name)


def read_catalog_file(services: Services, file: Path, name: str) -> CatalogReport:
    """Make a catalog say what a file says."""
    source, tagger = Source(file, file.name), services.tagger(name)
    return import_catalog(services.writer, services.settings.base, name, source, "test", tagger)


def make_harbour(folder: Path, internal_hosts: tuple[str, ...] = (), database: str = "") -> Flask:
    """An application over the topics and the harbour, with a publisher of it and a stranger."""
    settings = Settings(
        data=folder / "data", base_url=BASE, internal_hosts=internal_hosts, database=database
    )
    app = create_app(settings)
    opened = services_of(app)
    read_vocabulary(opened, folder, "topics", TOPICS)
    read_catalog(opened, folder, "harbour")
    add_person(opened.database, "harbourer", Grant(Role.PUBLISHER, "harbour"))
    add_person(opened.database, "stranger", Grant(Role.PUBLISHER, "elsewhere"))
    return app
