"""What people are told of each fault in a catalog, in Swedish and English."""

from collections.abc import Callable
from pathlib import Path

from babel.support import Translations
from flask_babel import force_locale

from vocab_server.catalog.codes import CODES
from vocab_server.catalog.profiles import Range, Rule
from vocab_server.quality.check import Severity, Words
from vocab_server.quality.dcat.asked import Asked, Fault, curie, is_text, name_of

TRANSLATIONS = Path(__file__).parents[2] / "translations"
_SWEDISH = Translations.load(TRANSLATIONS, ["sv"])
_KINDS = {  # a name of the thing, and the same at the beginning of a sentence
    "Agent": (Words("Organisation", "Organisation"), Words("An organisation", "En organisation")),
    "Catalog": (Words("Catalog", "Katalog"), Words("A catalog", "En katalog")),
    "CatalogRecord": (
        Words("Record", "Post"),
        Words("A record of a catalog", "En post i en katalog"),
    ),
    "Checksum": (Words("Checksum", "Kontrollsumma"), Words("A checksum", "En kontrollsumma")),
    "Concept": (Words("Concept", "Begrepp"), Words("A concept", "Ett begrepp")),
    "ConceptScheme": (
        Words("Vocabulary", "Terminologi"),
        Words("A vocabulary", "En terminologi"),
    ),
    "DataService": (Words("Interface", "Gränssnitt"), Words("An interface", "Ett gränssnitt")),
    "Dataset": (Words("Dataset", "Datamängd"), Words("A dataset", "En datamängd")),
    "DatasetSeries": (Words("Series", "Serie"), Words("A series", "En serie")),
    "Distribution": (
        Words("File", "Fil"),
        Words("A file or form of access", "En fil eller åtkomstform"),
    ),
    "Identifier": (
        Words("Identifier", "Identifierare"),
        Words("An identifier", "En identifierare"),
    ),
    "Kind": (Words("Contact", "Kontakt"), Words("A contact", "En kontakt")),
    "PeriodOfTime": (Words("Period", "Tidsperiod"), Words("A period", "En tidsperiod")),
}


def label_of(rule: Rule) -> Words:
    """What a property is called on forms."""
    return _both(rule.label)


def kind_of(rule: Rule) -> Words:
    """What has the property, at the beginning of a sentence."""
    return _KINDS[name_of(rule.of)][1]


def title_of(asked: Asked) -> Words:
    """The fault in a few words, with the names of the thing and the field."""
    kind = _KINDS[name_of(asked.rule.of)][0]
    said = _spoken(_TITLES[asked.fault], label_of(asked.rule))
    return Words(f"{kind.en}: {said.en}", f"{kind.sv}: {said.sv}")


def meaning_of(asked: Asked) -> Words:
    """Why it is a fault: what the profile says."""
    rule, name = asked.rule, curie(asked.rule.property)
    english, swedish = _MEANINGS[asked.fault]
    kind = kind_of(rule)
    must = asked.severity is Severity.VIOLATION
    return Words(
        english.format(kind=kind.en, name=name, must="must" if must else "should"),
        swedish.format(kind=kind.sv, name=name, must="måste" if must else "bör"),
    )


def remedy_of(asked: Asked) -> Words:
    """What to do: what belongs into the field, and an example of it."""
    parts = [_FIXES[asked.fault](asked), _both(asked.rule.help), _example(asked)]
    return Words(
        " ".join(part.en for part in parts if part.en),
        " ".join(part.sv for part in parts if part.sv),
    )


def _both(text: str) -> Words:
    """A text of the interface in both languages, whoever reads it at this moment."""
    with force_locale("en"):
        english = str(text)
    return Words(english, _SWEDISH.gettext(english) if english else "")


def _spoken(pattern: Words, label: Words) -> Words:
    return Words(pattern.en.format(label=label.en), pattern.sv.format(label=label.sv))


_TITLES = {
    Fault.MISSING: Words("“{label}” is missing", "”{label}” saknas"),
    Fault.TOO_MANY: Words("“{label}” is given several times", "”{label}” anges flera gånger"),
    Fault.KIND: Words("“{label}” is of the wrong kind", "”{label}” är av fel slag"),
    Fault.DATE: Words("“{label}” is no date", "”{label}” är inget datum"),
    Fault.NUMBER: Words("“{label}” is no whole number", "”{label}” är inget heltal"),
    Fault.EMAIL: Words("“{label}” is no e-mail address", "”{label}” är ingen e-postadress"),
    Fault.CODE: Words("“{label}” is not from the list", "”{label}” är inte från listan"),
    Fault.ONE_OF: Words("“{label}” is missing", "”{label}” saknas"),
    Fault.PART: Words("“{label}” is not described", "”{label}” är inte beskrivet"),
    Fault.HIGH_VALUE: Words(
        "“{label}” is missing for high-value data", "”{label}” saknas för värdefulla datamängder"
    ),
}
_MEANINGS = {
    Fault.MISSING: Words("{kind} {must} have {name}.", "{kind} {must} ha {name}."),
    Fault.TOO_MANY: Words(
        "{kind} may have {name} once only.", "{kind} får ha {name} bara en gång."
    ),
    Fault.KIND: Words(
        "The values of {name} are of one kind: texts, or names of resources.",
        "Värdena i {name} är av ett slag: texter, eller namn på resurser.",
    ),
    Fault.DATE: Words(
        "Programs sort and compare {name}, and can do so with dates only.",
        "Program sorterar och jämför {name} och kan bara göra det med datum.",
    ),
    Fault.NUMBER: Words("Programs count with {name}.", "Program räknar med {name}."),
    Fault.EMAIL: Words(
        "Programs write to {name} by themselves.", "Program skickar till {name} av sig själva."
    ),
    Fault.CODE: Words(
        "The values of {name} {must} come from one list, so that portals can filter by them.",
        "Värdena i {name} {must} komma från en lista, så att portaler kan filtrera på dem.",
    ),
    Fault.ONE_OF: Words(
        "{kind} {must} have one value of {name} from the list. Others may stand beside it.",
        "{kind} {must} ha minst ett värde i {name} från listan. Andra får stå bredvid.",
    ),
    Fault.PART: Words(
        "What {name} names {must} be described in the same catalog.",
        "Det som {name} pekar på {must} beskrivas i samma katalog.",
    ),
    Fault.HIGH_VALUE: Words(
        "{kind} under the EU regulation on high-value datasets {must} have {name}.",
        "{kind} som omfattas av EU:s förordning om värdefulla datamängder {must} ha {name}.",
    ),
}


def _kind_fix(asked: Asked) -> Words:
    if is_text(asked.rule):
        return Words("Write it as a text.", "Skriv det som en text.")
    return Words("Give an address (IRI), not a text.", "Ange en adress (IRI), inte en text.")


def _code_fix(asked: Asked) -> Words:
    return Words(f"Choose from {asked.rule.codes}.", f"Välj ur {asked.rule.codes}.")


def _part_fix(asked: Asked) -> Words:
    part = curie(asked.rule.part) if asked.rule.part else ""
    return Words(f"Describe it in the catalog, as {part}.", f"Beskriv det i katalogen, som {part}.")


_FIXES: dict[Fault, Callable[[Asked], Words]] = {
    Fault.MISSING: lambda _asked: Words("Fill it in.", "Fyll i det."),
    Fault.TOO_MANY: lambda _asked: Words("Keep one of them.", "Behåll en av dem."),
    Fault.KIND: _kind_fix,
    Fault.DATE: lambda _asked: Words(
        "Write it as year-month-day, with the type xsd:date.",
        "Skriv det som år-månad-dag, med typen xsd:date.",
    ),
    Fault.NUMBER: lambda _asked: Words(
        "Write digits only, with the type xsd:nonNegativeInteger.",
        "Skriv bara siffror, med typen xsd:nonNegativeInteger.",
    ),
    Fault.EMAIL: lambda _asked: Words(
        "Begin it with mailto:, as an address.", "Inled med mailto:, som en adress."
    ),
    Fault.CODE: _code_fix,
    Fault.ONE_OF: _code_fix,
    Fault.PART: _part_fix,
    Fault.HIGH_VALUE: lambda _asked: Words("Fill it in.", "Fyll i det."),
}


def _example(asked: Asked) -> Words:
    example = _code_of(asked) if asked.fault in (Fault.CODE, Fault.ONE_OF) else asked.rule.example
    if not example or asked.fault in (Fault.TOO_MANY, Fault.PART):
        return Words("", "")
    if asked.rule.range is Range.DATE:
        example = f'"{example}"^^xsd:date'
    return Words(f"Example: {example}", f"Exempel: {example}")


def _code_of(asked: Asked) -> str:
    """A value of a code list, or what its values begin with."""
    known = [str(code.iri) for code in CODES.get(asked.rule.codes, ())]
    return [*known, *asked.code_list.values, *asked.code_list.starts][0]
