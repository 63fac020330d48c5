"""How the EU measures the metadata of datasets: the 23 metrics of MQA, their points and grades.

MQA (Metadata Quality Assessment, data.europa.eu) looks at what is stated, not at whether it is
good; ``quality.tag_quality`` does that for tags. Pure: what is measured is given.

Sources: piveau DQV vocabulary and the methodology of data.europa.eu. Where copies of these differ:
addresses that were followed to an answer of 200 to 299 count; no points are taken away for what is
missing; a dataset has the points of its best distribution ("identical content, several
distributions"); a grade begins at one point more than the one before ends.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from rdflib import URIRef

from vocab_server.catalog.profiles import ACCESS_RIGHTS, AUTHORITY
from vocab_server.catalog.resources import Dataset, Distribution, Resource
from vocab_server.quality.check import Words
from vocab_server.quality.open_formats import IANA, MACHINE_READABLE, NON_PROPRIETARY, codes_of
from vocab_server.rdf.licences import is_known_licence
from vocab_server.rdf.namespaces import DCAT, DCT, DCT_FORMAT

PIVEAU = "https://piveau.eu/ns/voc#"
SOURCE = "data.europa.eu, Metadata Quality Assessment"
_FILE_TYPES, _LICENCES = f"{AUTHORITY}file-type/", f"{AUTHORITY}licence/"


@dataclass(frozen=True, slots=True)
class Dimension:
    """What several metrics have in common."""

    id: str
    title: Words

    @property
    def iri(self) -> URIRef:
        """Its name in RDF."""
        return URIRef(f"{PIVEAU}{self.id}")


@dataclass(frozen=True, slots=True)
class Known:
    """What others found out: nothing that is not in it was looked at yet.

    ``links`` says of addresses whether they answered, ``valid`` of datasets whether they keep the
    rules of DCAT-AP.
    """

    links: Mapping[str, bool] = field(default_factory=dict)
    valid: Mapping[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, statuses: Mapping[str, int | None], valid: Mapping[str, bool]) -> Self:
        """What statuses of HTTP say of addresses: 200 to 299 answered, 0 did not.

        None is for what nobody asked.
        """
        return cls({url: s // 100 == 2 for url, s in statuses.items() if s is not None}, valid)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a metric looks at: a dataset, and one of its distributions or none.

    ``has_words`` and ``has_themes`` say whether its tags give it keywords and themes when it is
    exported (``tagging.deriving``).
    """

    dataset: Resource
    distribution: Resource
    known: Known
    has_words: bool = False
    has_themes: bool = False


Result = bool | None  # None: not looked at yet


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing that is measured, told once: scores, pages, DQV and the API read it from here.

    ``meaning`` says what is measured, ``remedy`` what to do where it fails. ``field`` is the
    property that a form asks for, None where no form does.
    """

    id: str
    dimension: Dimension
    points: int
    title: Words
    meaning: Words
    remedy: Words
    measure: Callable[[Stated], Result]
    field: URIRef | None = None
    source: str = SOURCE

    @property
    def iri(self) -> URIRef:
        """Its name in RDF, that of the EU."""
        return URIRef(f"{PIVEAU}{self.id}")


@dataclass(frozen=True, slots=True)
class Grade:
    """What a number of points is called, from ``least`` on."""

    id: str
    least: int
    title: Words


def measure(
    dataset: Dataset, known: Known, *, has_words: bool = False, has_themes: bool = False
) -> tuple[Result, ...]:
    """What each of METRICS gives, in their order, with the best distribution.

    One without any is measured as with one of which nothing is said.
    """
    listed = [
        part
        for part in dataset.distributions
        if part.iri in dataset.resource.values.get(DCAT.distribution, ())
    ]
    candidates = [
        tuple(
            metric.measure(Stated(dataset.resource, part, known, has_words, has_themes))
            for metric in METRICS
        )
        for part in listed or [Distribution(dataset.iri, {})]
    ]
    return max(candidates, key=points_of)


def points_of(results: Sequence[Result]) -> int:
    """The points of the metrics that hold."""
    return sum(metric.points for metric, r in zip(METRICS, results, strict=True) if r)


def unknown_points(results: Sequence[Result]) -> int:
    """The points of the metrics that nobody looked at yet."""
    return sum(metric.points for metric, r in zip(METRICS, results, strict=True) if r is None)


def grade_of(points: float) -> Grade:
    """The grade for a number of points, or a mean, rounded."""
    return next(grade for grade in GRADES if round(points) >= grade.least)


def _of_dataset(wanted: URIRef) -> Callable[[Stated], Result]:
    return lambda stated: bool(stated.dataset.values.get(wanted))


def _of_distribution(wanted: URIRef) -> Callable[[Stated], Result]:
    return lambda stated: bool(stated.distribution.values.get(wanted))


def _of_either(wanted: URIRef) -> Callable[[Stated], Result]:
    return lambda stated: bool(
        stated.dataset.values.get(wanted) or stated.distribution.values.get(wanted)
    )


def _begins(values: Sequence[object], start: str) -> bool:
    return any(isinstance(value, URIRef) and value.startswith(start) for value in values)


def _keywords(stated: Stated) -> Result:
    return stated.has_words or bool(stated.dataset.values.get(DCAT.keyword))


def _themes(stated: Stated) -> Result:
    return stated.has_themes or bool(stated.dataset.values.get(DCAT.theme))


def _answers(wanted: URIRef) -> Callable[[Stated], Result]:
    """Whether an address of a distribution answers; None when none does and not all were tried."""

    def measured(stated: Stated) -> Result:
        found = [stated.known.links.get(str(v)) for v in stated.distribution.values.get(wanted, ())]
        if any(found):
            return True
        return None if None in found else False

    return measured


def _is_aligned(stated: Stated) -> Result:
    formats = stated.distribution.values.get(DCT_FORMAT, ())
    media_types = stated.distribution.values.get(DCAT.mediaType, ())
    return _begins(formats, _FILE_TYPES) and any(_begins(media_types, start) for start in IANA)


def _is_among(codes: frozenset[str]) -> Callable[[Stated], Result]:
    def measured(stated: Stated) -> Result:
        values = stated.distribution.values
        said = (*values.get(DCAT.mediaType, ()), *values.get(DCT_FORMAT, ()))
        return not codes.isdisjoint(codes_of(said))

    return measured


def _is_valid(stated: Stated) -> Result:
    return stated.known.valid.get(str(stated.dataset.iri))


def _has_known_licence(stated: Stated) -> Result:
    said = stated.distribution.values.get(DCT.license, ())
    return _begins(said, _LICENCES) or any(is_known_licence(str(value)) for value in said)


def _has_known_access(stated: Stated) -> Result:
    return _begins(stated.dataset.values.get(DCT.accessRights, ()), f"{ACCESS_RIGHTS}/")


FINDABILITY = Dimension("findability", Words("Findability", "Sökbarhet"))
ACCESSIBILITY = Dimension("accessibility", Words("Accessibility", "Tillgänglighet"))
INTEROPERABILITY = Dimension("interoperability", Words("Interoperability", "Interoperabilitet"))
REUSABILITY = Dimension("reusability", Words("Reusability", "Återanvändbarhet"))
CONTEXTUALITY = Dimension("contextuality", Words("Context", "Sammanhang"))
DIMENSIONS = (FINDABILITY, ACCESSIBILITY, INTEROPERABILITY, REUSABILITY, CONTEXTUALITY)

# fmt: off
METRICS = (
    Metric(
        "keywordAvailability", FINDABILITY, 30,
        Words("Keywords", "Nyckelord"),
        Words("There is a keyword. How many, and which, does not matter to the EU.", "Det finns ett nyckelord. Hur många och vilka spelar ingen roll för EU."),
        Words("Add a category: its name is passed on as a keyword.", "Lägg till en kategori: dess namn skickas vidare som nyckelord."),
        _keywords, DCAT.keyword,
    ),
    Metric(
        "categoryAvailability", FINDABILITY, 30,
        Words("Theme", "Tema"),
        Words("There is a theme, of any vocabulary.", "Det finns ett tema, från vilken terminologi som helst."),
        Words("Add a category: the EU theme follows from it.", "Lägg till en kategori: EU-temat följer av den."),
        _themes, DCAT.theme,
    ),
    Metric(
        "spatialAvailability", FINDABILITY, 20,
        Words("Area", "Område"),
        Words("It says which area the data is about.", "Det står vilket område datan handlar om."),
        Words("State the municipality, region or country that the data is about.", "Ange kommunen, regionen eller landet som datan handlar om."),
        _of_dataset(DCT.spatial), DCT.spatial,
    ),
    Metric(
        "temporalAvailability", FINDABILITY, 20,
        Words("Period", "Period"),
        Words("It says which time the data is about.", "Det står vilken tid datan handlar om."),
        Words("State the first and the last day that the data is about.", "Ange den första och den sista dagen som datan handlar om."),
        _of_dataset(DCT.temporal), DCT.temporal,
    ),
    Metric(
        "accessUrlStatusCode", ACCESSIBILITY, 50,
        Words("The address answers", "Adressen svarar"),
        Words("The address where the data is had answers.", "Adressen där datan finns svarar."),
        Words("Correct the address, or make the server answer at it.", "Rätta adressen, eller se till att servern svarar på den."),
        _answers(DCAT.accessURL), DCAT.accessURL,
    ),
    Metric(
        "downloadUrlAvailability", ACCESSIBILITY, 20,
        Words("Address of the file", "Filens adress"),
        Words("There is an address that leads to the file itself.", "Det finns en adress som leder till själva filen."),
        Words("State the address of the file, beside that of the page.", "Ange filens adress, utöver sidans."),
        _of_distribution(DCAT.downloadURL), DCAT.downloadURL,
    ),
    Metric(
        "downloadUrlStatusCode", ACCESSIBILITY, 30,
        Words("The file's address answers", "Filens adress svarar"),
        Words("The address of the file answers.", "Filens adress svarar."),
        Words("State an address of the file that answers.", "Ange en adress till filen som svarar."),
        _answers(DCAT.downloadURL), DCAT.downloadURL,
    ),
    Metric(
        "formatAvailability", INTEROPERABILITY, 20,
        Words("Format", "Format"),
        Words("It says which format the file has.", "Det står vilket format filen har."),
        Words("State the format, from the EU's list.", "Ange formatet, från EU:s lista."),
        _of_distribution(DCT_FORMAT), DCT_FORMAT,
    ),
    Metric(
        "mediaTypeAvailability", INTEROPERABILITY, 10,
        Words("Media type", "Medietyp"),
        Words("It says which media type the file has.", "Det står vilken medietyp filen har."),
        Words("State the media type as IANA has it, for example text/csv.", "Ange medietypen som IANA skriver den, till exempel text/csv."),
        _of_distribution(DCAT.mediaType), DCAT.mediaType,
    ),
    Metric(
        "formatMediaTypeVocabularyAlignment", INTEROPERABILITY, 10,
        Words("Format and media type from lists", "Format och medietyp från listor"),
        Words("The format is from the EU's list of file types and the media type from IANA's, both of them.", "Formatet är från EU:s lista över filtyper och medietypen från IANA:s, båda två."),
        Words("Choose both from the lists instead of writing them as text.", "Välj båda från listorna i stället för att skriva dem som text."),
        _is_aligned, DCT_FORMAT,
    ),
    Metric(
        "formatMediaTypeNonProprietary", INTEROPERABILITY, 20,
        Words("Open format", "Öppet format"),
        Words("The format belongs to no company, as CSV or JSON.", "Formatet ägs inte av något företag, som CSV eller JSON."),
        Words("Offer the data in an open format too, for example CSV.", "Erbjud datan i ett öppet format också, till exempel CSV."),
        _is_among(NON_PROPRIETARY), DCT_FORMAT,
    ),
    Metric(
        "formatMediaTypeMachineInterpretable", INTEROPERABILITY, 20,
        Words("Format for programs", "Format för program"),
        Words("Programs can read the format, as CSV or JSON, not only people, as PDF.", "Program kan läsa formatet, som CSV eller JSON, inte bara människor, som PDF."),
        Words("Offer the data in a format that programs can read too, for example CSV.", "Erbjud datan i ett format som program kan läsa också, till exempel CSV."),
        _is_among(MACHINE_READABLE), DCT_FORMAT,
    ),
    Metric(
        "dcatApCompliance", INTEROPERABILITY, 30,
        Words("Keeps DCAT-AP", "Följer DCAT-AP"),
        Words("The description breaks no rule of DCAT-AP.", "Beskrivningen bryter inte mot någon regel i DCAT-AP."),
        Words("Correct what the check of the description found.", "Rätta det som kontrollen av beskrivningen hittade."),
        _is_valid,
    ),
    Metric(
        "licenceAvailability", REUSABILITY, 20,
        Words("Licence", "Licens"),
        Words("It says what others may do with the data.", "Det står vad andra får göra med datan."),
        Words("State a licence, best CC0 or CC BY 4.0.", "Ange en licens, helst CC0 eller CC BY 4.0."),
        _of_distribution(DCT.license), DCT.license,
    ),
    Metric(
        "knownLicence", REUSABILITY, 10,
        Words("Known licence", "Känd licens"),
        Words("The licence is one that is known, by its address.", "Licensen är en som är känd, genom sin adress."),
        Words("Choose the licence from the list instead of writing it as text.", "Välj licensen från listan i stället för att skriva den som text."),
        _has_known_licence, DCT.license,
    ),
    Metric(
        "accessRightsAvailability", REUSABILITY, 10,
        Words("Access", "Åtkomst"),
        Words("It says who may have the data.", "Det står vem som får ta del av datan."),
        Words("State whether the data is public, restricted or not public.", "Ange om datan är publik, begränsad eller inte publik."),
        _of_dataset(DCT.accessRights), DCT.accessRights,
    ),
    Metric(
        "accessRightsVocabularyAlignment", REUSABILITY, 5,
        Words("Access from the list", "Åtkomst från listan"),
        Words("Who may have the data is said with a value of the EU's list.", "Vem som får ta del av datan sägs med ett värde från EU:s lista."),
        Words("Choose the value from the list instead of writing it as text.", "Välj värdet från listan i stället för att skriva det som text."),
        _has_known_access, DCT.accessRights,
    ),
    Metric(
        "contactPointAvailability", REUSABILITY, 20,
        Words("Contact", "Kontakt"),
        Words("It says whom to ask.", "Det står vem man kan fråga."),
        Words("State a name and an address that somebody reads.", "Ange ett namn och en adress som någon läser."),
        _of_dataset(DCAT.contactPoint), DCAT.contactPoint,
    ),
    Metric(
        "publisherAvailability", REUSABILITY, 10,
        Words("Publisher", "Utgivare"),
        Words("It says who answers for the data.", "Det står vem som svarar för datan."),
        Words("State the organisation that answers for the data.", "Ange organisationen som svarar för datan."),
        _of_dataset(DCT.publisher), DCT.publisher,
    ),
    Metric(
        "rightsAvailability", CONTEXTUALITY, 5,
        Words("Rights", "Rättigheter"),
        Words("It says which rights there are in the file.", "Det står vilka rättigheter som finns i filen."),
        Words("State the rights (dct:rights) where the catalog is kept.", "Ange rättigheterna (dct:rights) där katalogen hålls."),
        _of_distribution(DCT.rights), DCT.rights,
    ),
    Metric(
        "byteSizeAvailability", CONTEXTUALITY, 5,
        Words("Size", "Storlek"),
        Words("It says how big the file is.", "Det står hur stor filen är."),
        Words("State the size in bytes.", "Ange storleken i byte."),
        _of_distribution(DCAT.byteSize), DCAT.byteSize,
    ),
    Metric(
        "dateIssuedAvailability", CONTEXTUALITY, 5,
        Words("Date of publication", "Publiceringsdatum"),
        Words("It says when the data, or the file, was first published.", "Det står när datan, eller filen, först publicerades."),
        Words("State the day when the data was first published.", "Ange dagen då datan först publicerades."),
        _of_either(DCT.issued), DCT.issued,
    ),
    Metric(
        "dateModifiedAvailability", CONTEXTUALITY, 5,
        Words("Date of change", "Ändringsdatum"),
        Words("It says when the data, or the file, was last changed.", "Det står när datan, eller filen, senast ändrades."),
        Words("State the day when the data was last changed.", "Ange dagen då datan senast ändrades."),
        _of_either(DCT.modified), DCT.modified,
    ),
)
# fmt: on
MOST = sum(metric.points for metric in METRICS)  # points
GRADES = (
    Grade("excellent", 351, Words("Excellent", "Utmärkt")),
    Grade("good", 221, Words("Good", "Bra")),
    Grade("sufficient", 121, Words("Sufficient", "Tillräckligt")),
    Grade("bad", 0, Words("Bad", "Dåligt")),
)
