"""Code lists that forms offer: those values of the EU's authority tables that people need.

Written here with their Swedish and English names, because the tables hold thousands of rows.
Source: EU Vocabularies, authority tables; ADMS publisher types; DCAT-AP HVD 3.0.0, categories.
"""

from dataclasses import dataclass

from rdflib import Literal, URIRef

from vocab_server.catalog.profiles import ACCESS_RIGHTS, AUTHORITY, HIGH_VALUE, PUBLISHER_TYPES
from vocab_server.rdf.change import Triple
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import RDF, SKOS


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a code list with its names."""

    iri: URIRef
    names: tuple[Label, ...]


def _codes(start: str, *rows: tuple[str, str, str]) -> tuple[Code, ...]:
    return tuple(
        Code(URIRef(f"{start}{code}"), (Label(english, "en"), Label(swedish, "sv")))
        for code, english, swedish in rows
    )


# fmt: off
CODES: dict[str, tuple[Code, ...]] = {
    ACCESS_RIGHTS: _codes(
        f"{ACCESS_RIGHTS}/",
        ("PUBLIC", "Public: anybody may have it", "Publik: vem som helst får ta del av den"),
        ("RESTRICTED", "Restricted: on conditions, or not decided yet", "Begränsad: på villkor, eller inte beslutat än"),
        ("NON_PUBLIC", "Not public: for some only", "Inte publik: bara för vissa"),
    ),
    f"{AUTHORITY}file-type": _codes(
        f"{AUTHORITY}file-type/",
        ("CSV", "CSV, a table as text", "CSV, en tabell som text"),
        ("XLSX", "Excel (XLSX)", "Excel (XLSX)"),
        ("ODS", "OpenDocument spreadsheet (ODS)", "OpenDocument-kalkylblad (ODS)"),
        ("JSON", "JSON", "JSON"),
        ("GEOJSON", "GeoJSON, places", "GeoJSON, platser"),
        ("XML", "XML", "XML"),
        ("RDF_XML", "RDF/XML", "RDF/XML"),
        ("RDF_TURTLE", "RDF as Turtle", "RDF som Turtle"),
        ("JSON_LD", "JSON-LD", "JSON-LD"),
        ("GPKG", "GeoPackage, maps", "GeoPackage, kartor"),
        ("SHP", "Shapefile, maps", "Shapefil, kartor"),
        ("WMS_SRVC", "WMS, a map service", "WMS, en karttjänst"),
        ("WFS_SRVC", "WFS, a service of places", "WFS, en tjänst för platser"),
        ("GTFS", "GTFS, timetables", "GTFS, tidtabeller"),
        ("PDF", "PDF", "PDF"),
        ("HTML", "A web page (HTML)", "En webbsida (HTML)"),
        ("TXT", "Plain text", "Ren text"),
        ("ZIP", "ZIP, several files in one", "ZIP, flera filer i en"),
    ),
    f"{AUTHORITY}frequency": _codes(
        f"{AUTHORITY}frequency/",
        ("UPDATE_CONT", "All the time", "Hela tiden"),
        ("HOURLY", "Every hour", "Varje timme"),
        ("DAILY", "Every day", "Varje dag"),
        ("WEEKLY", "Every week", "Varje vecka"),
        ("MONTHLY", "Every month", "Varje månad"),
        ("QUARTERLY", "Every three months", "Varje kvartal"),
        ("ANNUAL_2", "Twice a year", "Två gånger om året"),
        ("ANNUAL", "Every year", "Varje år"),
        ("BIENNIAL", "Every second year", "Vartannat år"),
        ("IRREG", "Now and then", "Oregelbundet"),
        ("NEVER", "Never", "Aldrig"),
        ("UNKNOWN", "Not known", "Okänt"),
    ),
    f"{AUTHORITY}language": _codes(
        f"{AUTHORITY}language/",
        ("SWE", "Swedish", "Svenska"),
        ("ENG", "English", "Engelska"),
        ("FIN", "Finnish", "Finska"),
        ("SME", "Northern Sami", "Nordsamiska"),
        ("YID", "Yiddish", "Jiddisch"),
        ("NOR", "Norwegian", "Norska"),
        ("DAN", "Danish", "Danska"),
        ("DEU", "German", "Tyska"),
        ("FRA", "French", "Franska"),
        ("ARA", "Arabic", "Arabiska"),
        ("KOR", "Korean", "Koreanska"),
    ),
    f"{AUTHORITY}licence": _codes(
        "http://",
        ("creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0: free to use without conditions", "CC0 1.0: fri att använda utan villkor"),
        ("creativecommons.org/licenses/by/4.0/", "CC BY 4.0: free to use when the source is named", "CC BY 4.0: fri att använda om källan anges"),
        ("creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0: the same, passed on in the same way", "CC BY-SA 4.0: som ovan, delas vidare på samma sätt"),
        ("opendatacommons.org/licenses/odbl/1-0/", "ODbL 1.0: databases, passed on in the same way", "ODbL 1.0: databaser, delas vidare på samma sätt"),
    ),
    f"{AUTHORITY}planned-availability": _codes(
        f"{AUTHORITY}planned-availability/",
        ("STABLE", "Stable: for years", "Stabil: i flera år"),
        ("AVAILABLE", "Available: for some years", "Tillgänglig: i några år"),
        ("EXPERIMENTAL", "Experimental: may end at any time", "Experimentell: kan upphöra när som helst"),
        ("TEMPORARY", "Temporary: for a short while", "Tillfällig: en kort tid"),
    ),
    PUBLISHER_TYPES: _codes(
        f"{PUBLISHER_TYPES}/",
        ("LocalAuthority", "Local authority", "Kommun"),
        ("RegionalAuthority", "Regional authority", "Region"),
        ("NationalAuthority", "National authority", "Statlig myndighet"),
        ("Academia-ScientificOrganisation", "University or research", "Universitet eller forskning"),
        ("Company", "Company", "Företag"),
        ("NonProfitOrganisation", "Non-profit organisation", "Ideell organisation"),
    ),
    HIGH_VALUE: _codes(
        "http://data.europa.eu/bna/",
        ("c_ac64a52d", "Geospatial", "Geospatiala data"),
        ("c_dd313021", "Earth observation and environment", "Jordobservation och miljö"),
        ("c_164e0bf5", "Meteorological", "Meteorologiska data"),
        ("c_e1da4e07", "Statistics", "Statistik"),
        ("c_a9135398", "Companies and company ownership", "Företag och företagsägande"),
        ("c_b79e35eb", "Mobility", "Rörlighet"),
    ),
}
# fmt: on


def concept_of(iri: str, codes: str) -> set[Triple]:
    """What DCAT-AP asks to be said of a code that is a concept: that it is one, and its names."""
    found = next((code for code in CODES[codes] if str(code.iri) == iri), None)
    if found is None:
        return set()
    names = {(found.iri, SKOS.prefLabel, Literal(n.text, lang=n.language)) for n in found.names}
    return {(found.iri, RDF.type, SKOS.Concept), *names}
