"""What belongs to a catalog, a dataset and the rest: DCAT-AP 3.0.1 and DCAT-AP-SE 3.0.1.

One row for each property of each class. Forms, checks, shapes and exports follow from the rows.
Sources: SEMIC DCAT-AP 3.0.1, quick reference; DCAT-AP HVD 3.0.0; DCAT-AP-SE 3.0.1, ``bundle.json``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _
from rdflib import URIRef

from vocab_server.errors import NotFoundError
from vocab_server.rdf.namespaces import (
    ADMS,
    DCAT,
    DCATAP,
    DCT,
    DCT_FORMAT,
    FOAF,
    RDF,
    SKOS,
    SPDX,
    VCARD,
)

AUTHORITY = "http://publications.europa.eu/resource/authority/"
DATA_THEMES = f"{AUTHORITY}data-theme"
ACCESS_RIGHTS = f"{AUTHORITY}access-right"
PUBLISHER_TYPES = "http://purl.org/adms/publishertype"  # the list itself has /1.0 after it
HIGH_VALUE = "http://data.europa.eu/bna/asd487ae75"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
REGULATION = URIRef("http://data.europa.eu/eli/reg_impl/2023/138/oj")  # on high-value datasets
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"


class Need(StrEnum):
    """How much a profile asks for a property."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    ABSENT = "absent"  # the profile does not have it


class Range(StrEnum):
    """What a value of a property is, and so what a form asks for it with."""

    TEXT = "text"  # in one or several languages, one value a language
    WORDS = "words"  # in one or several languages, many values a language
    PLAIN = "plain"  # a text without a language
    ADDRESS = "address"  # of a page or a file
    EMAIL = "email"
    DATE = "date"
    NUMBER = "number"
    CODE = "code"  # an IRI of a list: see Rule.codes
    LINK = "link"  # an IRI
    PART = "part"  # a resource of a class that has rows of its own: see Rule.part


@dataclass(frozen=True, slots=True)
class Rule:
    """One property of one class: told once, read by forms, checks and exports.

    ``most`` is how many values there may be, 0 for any number (a language counts once). ``codes``
    is the concept scheme that values come from, "" when they are free. ``label`` and ``help`` are
    texts of the interface, in the reader's language when they are shown. ``hvd`` is how much is
    asked of what is said to be of high value, ``is_asked`` whether forms ask for it.
    """

    of: URIRef
    property: URIRef
    ap: Need
    se: Need
    range: Range
    most: int
    label: str
    help: str
    codes: str = ""
    part: URIRef | None = None
    example: str = ""
    hvd: Need = Need.OPTIONAL
    is_asked: bool = True

    def need(self, profile: "Profile") -> Need:
        """How much a profile asks for it."""
        return self.se if profile.id == "dcat-ap-se" else self.ap


@dataclass(frozen=True, slots=True)
class Profile:
    """An application profile of DCAT; ``extra_themes`` is whether dcat:theme takes our concepts.

    ``has_high_value`` is whether it has rules for high-value datasets.
    """

    id: str
    title: str
    iri: URIRef
    extra_themes: bool
    has_high_value: bool

    def rules(self, of: URIRef) -> Iterator[tuple[Rule, Need]]:
        """The rows of a class that the profile has: mandatory ones first."""
        found = [(rule, rule.need(self)) for rule in RULES if rule.of == of]
        order = list(Need)
        yield from sorted(
            (pair for pair in found if pair[1] != Need.ABSENT), key=lambda p: order.index(p[1])
        )


M, R, O, A = Need  # noqa: E741  (one letter keeps a row on a line)
TITLE, ABOUT = _("Title"), _("Description")
_CONTACT_HELP = _("Whom to ask. An address that several people read lasts longer than a person.")
_NO_HELP = ""  # of what is optional and no form asks for
_WORDS_HELP = _("Words that people search with, one at a time, in lower case and singular.")

# fmt: off
RULES = (
    Rule(DCAT.Catalog, DCT.title, M, M, Range.TEXT, 0, TITLE, _("What the catalog is called, with the name of the organisation.")),
    Rule(DCAT.Catalog, DCT.description, M, M, Range.TEXT, 0, ABOUT, _("Whose data it lists, and of what kind.")),
    Rule(DCAT.Catalog, DCT.publisher, M, M, Range.PART, 1, _("Publisher"), _("The organisation that answers for the catalog."), part=FOAF.Agent),
    Rule(DCAT.Catalog, DCT.license, R, M, Range.CODE, 1, _("Licence"), _("Of the descriptions, not of the data. In Sweden always CC0."), codes=f"{AUTHORITY}licence"),
    Rule(DCAT.Catalog, DCAT.dataset, R, M, Range.PART, 0, _("Datasets"), _("What the catalog lists."), part=DCAT.Dataset),
    Rule(DCAT.Catalog, DCAT.service, R, O, Range.PART, 0, _("Interfaces"), _("Interfaces that programs ask."), part=DCAT.DataService),
    Rule(DCAT.Catalog, DCT.spatial, R, R, Range.LINK, 0, _("Area"), _("The country, region or municipality that the data is about."), example="https://www.geonames.org/2703396"),
    Rule(DCAT.Catalog, DCT.language, R, R, Range.CODE, 0, _("Language"), _("The languages of the descriptions."), codes=f"{AUTHORITY}language"),
    Rule(DCAT.Catalog, FOAF.homepage, R, R, Range.ADDRESS, 1, _("Home page"), _("A page for people about the data."), example="https://www.ekebro.example/oppna-data"),
    Rule(DCAT.Catalog, DCAT.themeTaxonomy, R, R, Range.LINK, 0, _("Category lists"), _("The vocabularies that categories come from."), example="http://publications.europa.eu/resource/authority/data-theme"),
    Rule(DCAT.Catalog, DCT.issued, R, R, Range.DATE, 1, _("Published"), _("When the catalog was first published."), example="2026-03-01"),
    Rule(DCAT.Catalog, DCT.modified, R, R, Range.DATE, 1, _("Changed"), _("When it was last changed."), example="2026-03-01"),

    Rule(DCAT.Dataset, DCT.title, M, M, Range.TEXT, 0, TITLE, _("Fewer than ten words, without the name of the organisation, a year or a format. Example: Bathing water quality")),
    Rule(DCAT.Dataset, DCT.description, M, M, Range.TEXT, 0, ABOUT, _("What the data holds, how it comes about and what it is good for, in words that a neighbour would understand.")),
    Rule(DCAT.Dataset, DCT.publisher, R, M, Range.PART, 1, _("Publisher"), _("The organisation that answers for the data."), part=FOAF.Agent),
    Rule(DCAT.Dataset, DCAT.theme, R, R, Range.CODE, 0, _("EU theme"), _("Comes by itself from the categories that you choose."), codes=DATA_THEMES),
    Rule(DCAT.Dataset, DCT.subject, O, O, Range.CODE, 0, _("Categories"), _("Concepts of the shared vocabularies. Choose the most precise ones.")),
    Rule(DCAT.Dataset, DCAT.keyword, R, R, Range.WORDS, 0, _("Keywords"), _WORDS_HELP, example="badvatten"),
    Rule(DCAT.Dataset, DCAT.contactPoint, R, R, Range.PART, 0, _("Contact"), _CONTACT_HELP, part=VCARD.Kind),
    Rule(DCAT.Dataset, DCAT.distribution, R, O, Range.PART, 0, _("Files and interfaces"), _("Every form in which the data can be had. None, for data that is only listed."), part=DCAT.Distribution),
    Rule(DCAT.Dataset, DCT.accessRights, O, R, Range.CODE, 1, _("Access"), _("Public: anybody may have it. Restricted: on conditions, or not decided yet. Non-public: for some only."), codes=ACCESS_RIGHTS),
    Rule(DCAT.Dataset, DCT.spatial, R, R, Range.LINK, 0, _("Area"), _("The country, region, municipality or place that the data is about."), example="https://www.geonames.org/2703396"),
    Rule(DCAT.Dataset, DCT.temporal, R, R, Range.PART, 0, _("Period"), _("The time that the data is about: its first and its last day."), part=DCT.PeriodOfTime),
    Rule(DCAT.Dataset, DCT.issued, O, R, Range.DATE, 1, _("Published"), _("When the data, not its description, was first published. Left empty, it is the day on which it is opened here."), example="2026-03-01"),
    Rule(DCAT.Dataset, DCT.modified, O, O, Range.DATE, 1, _("Changed"), _("When the data was last changed. Left empty, it is the day on which it is opened here."), example="2026-03-01"),
    Rule(DCAT.Dataset, DCT.accrualPeriodicity, O, O, Range.CODE, 1, _("How often it is updated"), _("As it happens, every day, once a year, never."), codes=f"{AUTHORITY}frequency"),
    Rule(DCAT.Dataset, DCT.conformsTo, O, R, Range.LINK, 0, _("Specification"), _("A standard or specification that the data follows."), example="https://www.dataportal.se/specifications/badplatser"),
    Rule(DCAT.Dataset, DCT.language, O, O, Range.CODE, 0, _("Language"), _("The languages of the data."), codes=f"{AUTHORITY}language"),
    Rule(DCAT.Dataset, DCT.identifier, O, O, Range.PLAIN, 0, _("Identifier"), _("What the organisation itself calls it, for example a number in its archive."), example="KS 2026/123"),
    Rule(DCAT.Dataset, DCAT.landingPage, O, O, Range.ADDRESS, 0, _("Page about the data"), _("A page where people read more."), example="https://www.ekebro.example/badvatten"),
    Rule(DCAT.Dataset, DCAT.inSeries, O, O, Range.LINK, 0, _("Series"), _("The series that it is a part of."), example="https://www.ekebro.example/series/badvatten"),
    Rule(DCAT.Dataset, DCATAP.applicableLegislation, O, O, Range.LINK, 0, _("Legislation"), _("A law that asks for the data, for example the EU regulation on high-value datasets."), example="http://data.europa.eu/eli/reg_impl/2023/138/oj"),
    Rule(DCAT.Dataset, DCATAP.hvdCategory, O, O, Range.CODE, 0, _("High-value category"), _("Mandatory for high-value datasets. Choose the most precise one."), codes=HIGH_VALUE, hvd=M),

    Rule(DCAT.Distribution, DCAT.accessURL, M, M, Range.ADDRESS, 0, _("Address"), _("Where the data is had: of the file, the interface or a page that leads to it."), example="https://www.ekebro.example/badvatten"),
    Rule(DCAT.Distribution, DCT_FORMAT, R, M, Range.CODE, 1, _("Format"), _("The format of the file, for example CSV."), codes=f"{AUTHORITY}file-type"),
    Rule(DCAT.Distribution, DCT.license, R, R, Range.CODE, 1, _("Licence"), _("What others may do with the data. Best are CC0 and CC BY 4.0."), codes=f"{AUTHORITY}licence"),
    Rule(DCAT.Distribution, DCT.description, R, R, Range.TEXT, 0, ABOUT, _("What is special to this form.")),
    Rule(DCAT.Distribution, DCATAP.availability, R, R, Range.CODE, 1, _("Planned availability"), _("How long it is going to be there."), codes=f"{AUTHORITY}planned-availability"),
    Rule(DCAT.Distribution, DCT.title, O, O, Range.TEXT, 0, TITLE, _("What this form is called.")),
    Rule(DCAT.Distribution, DCAT.downloadURL, O, O, Range.ADDRESS, 0, _("Address of the file"), _("The file itself, without a page before it."), example="https://www.ekebro.example/badvatten.csv"),
    Rule(DCAT.Distribution, DCAT.mediaType, O, A, Range.CODE, 1, _("Media type"), _("The media type as IANA has it."), codes=MEDIA_TYPES),
    Rule(DCAT.Distribution, DCAT.byteSize, O, O, Range.NUMBER, 1, _("Size"), _("In bytes."), example="48200"),
    Rule(DCAT.Distribution, DCAT.accessService, O, O, Range.PART, 0, _("Interface"), _("The interface that gives the data."), part=DCAT.DataService),
    Rule(DCAT.Distribution, DCT.issued, O, O, Range.DATE, 1, _("Published"), _("When this form was first published. Left empty, it is today."), example="2026-03-01"),
    Rule(DCAT.Distribution, DCT.modified, O, O, Range.DATE, 1, _("Changed"), _("When this form was last changed. Left empty, it is today."), example="2026-03-01"),

    Rule(DCAT.DataService, DCT.title, M, M, Range.TEXT, 0, TITLE, _("What the interface is called.")),
    Rule(DCAT.DataService, DCAT.endpointURL, M, M, Range.ADDRESS, 0, _("Address"), _("Where the interface answers."), example="https://api.ekebro.example/badvatten"),
    Rule(DCAT.DataService, DCT_FORMAT, O, M, Range.CODE, 0, _("Format"), _("What it answers in."), codes=f"{AUTHORITY}file-type"),
    Rule(DCAT.DataService, DCAT.endpointDescription, R, R, Range.ADDRESS, 0, _("Description for programs"), _("For example in OpenAPI."), example="https://api.ekebro.example/openapi.json"),
    Rule(DCAT.DataService, DCAT.contactPoint, R, R, Range.PART, 0, _("Contact"), _CONTACT_HELP, part=VCARD.Kind, hvd=M),
    Rule(DCAT.DataService, DCAT.servesDataset, R, O, Range.LINK, 0, _("Datasets"), _("The datasets that it gives."), example="https://www.ekebro.example/datasets/badvatten"),
    Rule(DCAT.DataService, DCAT.theme, R, O, Range.CODE, 0, _("EU theme"), _("Comes by itself from the categories that you choose."), codes=DATA_THEMES),
    Rule(DCAT.DataService, DCT.publisher, R, O, Range.PART, 1, _("Publisher"), _("The organisation that answers for the interface."), part=FOAF.Agent),
    Rule(DCAT.DataService, DCT.accessRights, O, R, Range.CODE, 1, _("Access"), _("Public when anybody gets in, with a key or without."), codes=ACCESS_RIGHTS),
    Rule(DCAT.DataService, DCT.description, O, O, Range.TEXT, 0, ABOUT, _("What people get from it, and whom it is for, in words that a neighbour would understand.")),
    Rule(DCAT.DataService, DCAT.keyword, R, R, Range.WORDS, 0, _("Keywords"), _WORDS_HELP, example="badvatten"),
    Rule(DCAT.DataService, DCT.license, O, O, Range.CODE, 1, _("Licence"), _("What others may do with what it answers."), codes=f"{AUTHORITY}licence"),
    Rule(DCAT.DataService, DCT.conformsTo, R, O, Range.LINK, 0, _("Specification"), _("A standard or specification that the interface follows."), example="https://www.opengis.net/def/interface/ogcapi-features-1"),
    Rule(DCAT.DataService, DCAT.landingPage, O, O, Range.ADDRESS, 0, _("Page about the data"), _("A page where people read more."), example="https://www.ekebro.example/api"),
    Rule(DCAT.DataService, FOAF.page, O, O, Range.ADDRESS, 0, _("Documentation"), _("A page that tells how the interface is used."), example="https://api.ekebro.example/docs", hvd=M),
    Rule(DCAT.DataService, DCATAP.applicableLegislation, O, O, Range.LINK, 0, _("Legislation"), _("A law that asks for the interface, for example the EU regulation on high-value datasets."), example="http://data.europa.eu/eli/reg_impl/2023/138/oj"),
    Rule(DCAT.DataService, DCATAP.hvdCategory, O, O, Range.CODE, 0, _("High-value category"), _("Mandatory for high-value datasets. Choose the most precise one."), codes=HIGH_VALUE, hvd=M),

    Rule(DCAT.DatasetSeries, DCT.title, M, M, Range.TEXT, 0, TITLE, _("What the datasets have in common, without a year.")),
    Rule(DCAT.DatasetSeries, DCT.description, M, M, Range.TEXT, 0, ABOUT, _("What the series holds, and how its datasets differ.")),
    Rule(DCAT.DatasetSeries, DCT.publisher, R, M, Range.PART, 1, _("Publisher"), _("The organisation that answers for the series."), part=FOAF.Agent),
    Rule(DCAT.DatasetSeries, DCAT.contactPoint, R, R, Range.PART, 0, _("Contact"), _CONTACT_HELP, part=VCARD.Kind),
    Rule(DCAT.DatasetSeries, DCAT.theme, A, R, Range.CODE, 0, _("EU theme"), _("Comes by itself from the categories that you choose."), codes=DATA_THEMES),
    Rule(DCAT.DatasetSeries, DCAT.keyword, A, R, Range.WORDS, 0, _("Keywords"), _WORDS_HELP, example="badvatten"),
    Rule(DCAT.DatasetSeries, DCT.issued, O, R, Range.DATE, 1, _("Published"), _("When the series was first published."), example="2026-03-01"),
    Rule(DCAT.DatasetSeries, DCT.modified, O, O, Range.DATE, 1, _("Changed"), _("When a dataset of the series was last added or changed."), example="2026-03-01"),
    Rule(DCAT.DatasetSeries, DCT.spatial, R, R, Range.LINK, 0, _("Area"), _("The country, region, municipality or place that the data is about."), example="https://www.geonames.org/2703396"),
    Rule(DCAT.DatasetSeries, DCT.temporal, O, R, Range.PART, 0, _("Period"), _("The time that the data is about: its first and its last day."), part=DCT.PeriodOfTime),
    Rule(DCAT.DatasetSeries, DCT.accrualPeriodicity, O, O, Range.CODE, 1, _("How often it is updated"), _("How often a dataset is added: every day, once a year, never."), codes=f"{AUTHORITY}frequency"),
    Rule(DCAT.DatasetSeries, DCATAP.hvdCategory, O, O, Range.CODE, 0, _("High-value category"), _("Mandatory for high-value datasets. Choose the most precise one."), codes=HIGH_VALUE, hvd=M),

    Rule(FOAF.Agent, FOAF.name, M, M, Range.TEXT, 0, _("Name"), _("The name of the organisation, in full.")),
    Rule(FOAF.Agent, DCT.type, R, M, Range.CODE, 1, _("Kind of organisation"), _("For example local authority or national authority."), codes=PUBLISHER_TYPES),
    Rule(FOAF.Agent, DCT.identifier, O, R, Range.PLAIN, 0, _("Identifier"), _("The registration number of the organisation."), example="SE2120000123"),
    Rule(FOAF.Agent, FOAF.homepage, O, O, Range.ADDRESS, 1, _("Home page"), _("The organisation's own web site."), example="https://www.ekebro.example"),

    Rule(VCARD.Kind, RDF.type, O, M, Range.CODE, 1, _("Kind of contact"), _("An organisation or a person.")),
    Rule(VCARD.Kind, VCARD.fn, O, M, Range.TEXT, 1, _("Name"), _("The name of the unit or the function.")),
    Rule(VCARD.Kind, VCARD.hasEmail, O, M, Range.EMAIL, 1, _("E-mail"), _("An address that somebody reads."), example="mailto:data@ekebro.example"),
    Rule(VCARD.Kind, VCARD.hasTelephone, O, R, Range.LINK, 1, _("Telephone"), _("With the country code."), example="tel:+46701234567"),

    # What forms do not ask for, and checks look at.
    Rule(DCAT.Catalog, DCT.creator, O, A, Range.PART, 1, _("Creator"), _NO_HELP, part=FOAF.Agent, is_asked=False),
    Rule(DCAT.Catalog, DCT.hasPart, O, O, Range.PART, 0, _("Part"), _NO_HELP, part=DCAT.Catalog, is_asked=False),
    Rule(DCAT.Catalog, DCAT.catalog, O, O, Range.PART, 0, _("Catalog in the catalog"), _NO_HELP, part=DCAT.Catalog, is_asked=False),
    Rule(DCAT.Catalog, DCAT.record, O, A, Range.PART, 0, _("Record"), _NO_HELP, part=DCAT.CatalogRecord, is_asked=False),
    Rule(DCAT.Catalog, DCT.rights, O, O, Range.LINK, 0, _("Rights"), _NO_HELP, is_asked=False),
    Rule(DCAT.Catalog, DCT.temporal, O, O, Range.PART, 0, _("Period"), _NO_HELP, part=DCT.PeriodOfTime, is_asked=False),
    Rule(DCAT.Catalog, DCATAP.applicableLegislation, O, O, Range.LINK, 0, _("Legislation"), _NO_HELP, is_asked=False),
    Rule(DCAT.CatalogRecord, FOAF.primaryTopic, M, A, Range.LINK, 1, _("What it is about"), _("The dataset, interface or series that the record is about."), is_asked=False),
    Rule(DCAT.CatalogRecord, DCT.modified, M, A, Range.DATE, 1, _("Changed"), _("When the record was last changed."), example="2026-03-01", is_asked=False),
    Rule(DCAT.CatalogRecord, DCT.issued, R, A, Range.DATE, 1, _("Published"), _("When the record was first published."), example="2026-03-01", is_asked=False),
    Rule(DCAT.CatalogRecord, DCT.source, O, A, Range.PART, 1, _("Source"), _NO_HELP, part=DCAT.CatalogRecord, is_asked=False),
    Rule(DCAT.Dataset, DCT.creator, O, O, Range.PART, 0, _("Creator"), _NO_HELP, part=FOAF.Agent, is_asked=False),
    Rule(DCAT.Dataset, FOAF.page, O, O, Range.ADDRESS, 0, _("Documentation"), _NO_HELP, is_asked=False),
    Rule(DCAT.Dataset, DCT.provenance, O, O, Range.LINK, 0, _("Provenance"), _NO_HELP, is_asked=False),
    Rule(DCAT.Dataset, DCT.source, O, O, Range.LINK, 0, _("Source"), _NO_HELP, is_asked=False),
    Rule(DCAT.Dataset, DCT.relation, O, O, Range.LINK, 0, _("Related resource"), _NO_HELP, is_asked=False),
    Rule(DCAT.Dataset, DCT.isReferencedBy, O, O, Range.LINK, 0, _("Is referred to by"), _NO_HELP, is_asked=False),
    Rule(DCAT.Dataset, DCT.type, O, O, Range.LINK, 0, _("Kind of dataset"), _NO_HELP, is_asked=False),
    Rule(DCAT.Dataset, ADMS.sample, O, O, Range.PART, 0, _("Sample"), _NO_HELP, part=DCAT.Distribution, is_asked=False),
    Rule(DCAT.Dataset, ADMS.versionNotes, O, O, Range.TEXT, 0, _("What is new in this version"), _NO_HELP, is_asked=False),
    Rule(DCAT.Dataset, DCAT.version, O, O, Range.PLAIN, 1, _("Version"), _NO_HELP, is_asked=False),
    Rule(DCAT.Dataset, DCAT.hasVersion, O, O, Range.LINK, 0, _("Other version"), _NO_HELP, is_asked=False),
    Rule(DCAT.Distribution, DCT.rights, O, O, Range.LINK, 0, _("Rights"), _NO_HELP, is_asked=False),
    Rule(DCAT.Distribution, DCT.language, O, O, Range.CODE, 0, _("Language"), _NO_HELP, codes=f"{AUTHORITY}language", is_asked=False),
    Rule(DCAT.Distribution, DCT.conformsTo, O, O, Range.LINK, 0, _("Specification"), _NO_HELP, is_asked=False),
    Rule(DCAT.Distribution, FOAF.page, O, O, Range.ADDRESS, 0, _("Documentation"), _NO_HELP, is_asked=False),
    Rule(DCAT.Distribution, ADMS.status, O, O, Range.CODE, 1, _("Distribution status"), _NO_HELP, codes=f"{AUTHORITY}distribution-status", is_asked=False),
    Rule(DCAT.Distribution, SPDX.checksum, O, O, Range.PART, 1, _("Checksum"), _NO_HELP, part=SPDX.Checksum, is_asked=False),
    Rule(DCAT.Distribution, DCAT.compressFormat, O, A, Range.CODE, 1, _("Form of compression"), _NO_HELP, codes=MEDIA_TYPES, is_asked=False),
    Rule(DCAT.Distribution, DCAT.packageFormat, O, A, Range.CODE, 1, _("Form of packaging"), _NO_HELP, codes=MEDIA_TYPES, is_asked=False),
    Rule(DCAT.Distribution, DCATAP.applicableLegislation, O, O, Range.LINK, 0, _("Legislation"), _NO_HELP, is_asked=False),
    Rule(DCT.PeriodOfTime, DCAT.startDate, O, O, Range.DATE, 1, _("First day"), _NO_HELP, example="2026-01-01", is_asked=False),
    Rule(DCT.PeriodOfTime, DCAT.endDate, O, O, Range.DATE, 1, _("Last day"), _NO_HELP, example="2026-12-31", is_asked=False),
    Rule(SPDX.Checksum, SPDX.algorithm, M, M, Range.LINK, 1, _("Algorithm"), _("How the checksum is computed."), example="http://spdx.org/rdf/terms#checksumAlgorithm_sha256", is_asked=False),
    Rule(SPDX.Checksum, SPDX.checksumValue, M, M, Range.PLAIN, 1, _("Value"), _("The checksum itself, in hexadecimal digits."), is_asked=False),
    Rule(ADMS.Identifier, SKOS.notation, M, M, Range.PLAIN, 1, _("Notation"), _("The identifier itself."), is_asked=False),
    Rule(SKOS.Concept, SKOS.prefLabel, M, M, Range.TEXT, 0, _("Name"), _("What the concept is called, so that portals can show it."), is_asked=False),
    Rule(SKOS.ConceptScheme, DCT.title, M, M, Range.TEXT, 0, TITLE, _("What the vocabulary is called, so that portals can show it."), is_asked=False),
)
# fmt: on

PROFILES = {
    profile.id: profile
    for profile in (
        Profile(
            "dcat-ap",
            "DCAT-AP 3.0.1",
            URIRef("http://data.europa.eu/r5r/"),
            extra_themes=False,
            has_high_value=False,
        ),
        Profile(
            "dcat-ap-hvd",
            "DCAT-AP HVD 3.0.0",
            URIRef("https://semiceu.github.io/uri.semic.eu-generated/DCAT-AP/releases/3.0.0-hvd/"),
            extra_themes=False,
            has_high_value=True,
        ),
        Profile(
            "dcat-ap-se",
            "DCAT-AP-SE 3.0.1",
            URIRef("https://docs.dataportal.se/dcat/3.0.1/"),
            extra_themes=False,
            has_high_value=True,
        ),
    )
}


def get_profile(name: str) -> Profile:
    """The profile with this id. Raises NotFoundError."""
    if name not in PROFILES:
        raise NotFoundError(
            "There is no profile %(profile)r. Use one of: %(names)s.",
            profile=name,
            names=", ".join(PROFILES),
        )
    return PROFILES[name]
