"""From what people fill in to statements, and back: the rows of PROFILES decide how.

What is given is, by the name of a field, a list of texts. The name is the last part of the
property; texts in languages have it with a dot and the language, as ``title.sv``, and what belongs
to a part has the part's before it, as ``contactPoint.fn.sv``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from rdflib import Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Identifier

from vocab_server.catalog.codes import CODES, concept_of
from vocab_server.catalog.describing import Values
from vocab_server.catalog.kinds import OWN
from vocab_server.catalog.profiles import PROFILES, RULES, Need, Range, Rule
from vocab_server.catalog.resources import Resource
from vocab_server.rdf.change import Triple, to_lines
from vocab_server.rdf.languages import is_tag
from vocab_server.rdf.namespaces import (
    DCAT,
    DCATAP,
    DCT,
    DCT_FORMAT,
    FOAF,
    RDF,
    VCARD,
)
from vocab_server.rdf.query import is_iri

Given = Mapping[str, Sequence[str]]
LONGEST = 10_000  # characters of a text
MOST = 100  # values of a field
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+\Z")
_WEB = re.compile(r"https?://[^/\s]+\S*\Z")
# Not asked for: what follows from the catalog, the categories or the kind of form by itself.
_LEFT_OUT = {
    DCAT.theme,
    DCT.subject,
    DCT.publisher,
    DCAT.contactPoint,
    DCAT.distribution,
    DCAT.mediaType,
    DCAT.dataset,
    DCAT.service,
    DCT.temporal,
    RDF.type,
    VCARD.hasTelephone,
}
# What DCAT-AP 3.0.1 says that the values are (its shapes ask for the class).
_CLASSES = {
    DCAT.landingPage: FOAF.Document,
    DCATAP.applicableLegislation: URIRef("http://data.europa.eu/eli/ontology#LegalResource"),
    DCT.accessRights: DCT.RightsStatement,
    DCT.accrualPeriodicity: DCT.Frequency,
    DCT.conformsTo: DCT.Standard,
    DCT.language: DCT.LinguisticSystem,
    DCT.license: DCT.LicenseDocument,
    DCT.spatial: DCT.Location,
    DCT_FORMAT: DCT.MediaTypeOrExtent,
    FOAF.homepage: FOAF.Document,
    FOAF.page: FOAF.Document,
}
_CONCEPTS = {DCATAP.availability, DCATAP.hvdCategory}  # whose values are concepts
_STRONGEST = tuple(Need)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form says; ``problems`` are pairs of the name of a field and what is wrong in it."""

    statements: frozenset[Triple]
    problems: tuple[tuple[str, str], ...]


class ValueRefusedError(ValueError):
    """A value that is not what its field asks for; the text says so to the reader."""


def field_name(rule: Rule) -> str:
    """The name of the field that asks for a property."""
    return property_name(rule.property)


def property_name(of: URIRef) -> str:
    """The last part of a property, which fields have for their name."""
    return re.split(r"[#/]", of)[-1]


def entered_rules(of: URIRef) -> list[tuple[Rule, Need]]:
    """The rows of a class that a form asks for, each with the strongest need of any profile."""
    rules = [
        rule for rule in RULES if rule.of == of and rule.is_asked and rule.property not in _LEFT_OUT
    ]
    return sorted(
        ((rule, needed(rule)) for rule in rules), key=lambda row: _STRONGEST.index(row[1])
    )


def needed(rule: Rule) -> Need:
    """The strongest need that any profile has of a property."""
    return min((rule.need(p) for p in PROFILES.values()), key=_STRONGEST.index)


def statements_of(subject: URIRef, of: URIRef, given: Given, prefix: str = "") -> Filled:
    """What a form says of one resource; what is wrong in it is told, field by field."""
    found: set[Triple] = set()
    problems: list[tuple[str, str]] = []
    for rule, _need in entered_rules(of):
        for name, value in _values(rule, given, prefix):
            try:
                term = _reader(rule)(rule, value, name.rpartition(".")[2])
            except ValueRefusedError as refused:
                problems.append((name, str(refused)))
                continue
            found.add((subject, rule.property, term))
            if rule.property in _CONCEPTS:
                found |= concept_of(str(term), rule.codes)
            if rule.property in _CLASSES and isinstance(term, URIRef):
                found.add((term, RDF.type, _CLASSES[rule.property]))
    problems += _too_many(of, given, prefix)
    problems += _in_order(subject, found, prefix)
    return Filled(frozenset(found), tuple(problems))


def _too_many(of: URIRef, given: Given, prefix: str) -> Iterator[tuple[str, str]]:
    """The fields that have several values and take one; texts take one in each language."""
    for rule, _need in entered_rules(of):
        if rule.most == 1 or rule.range is Range.TEXT:
            names = Counter(name for name, _value in _values(rule, given, prefix))
            yield from ((name, _("Give one value only.")) for name, n in names.items() if n > 1)


def _in_order(subject: URIRef, said: Iterable[Triple], prefix: str) -> Iterator[tuple[str, str]]:
    """What is wrong when something is said to be changed before it was published."""
    days = {way: str(value) for of, way, value in said if of == subject}
    if days.get(DCT.modified, "9") < days.get(DCT.issued, ""):
        yield f"{prefix}modified", _("The day of the change is before that of publication.")


def given_of(resource: Resource, of: URIRef, prefix: str = "") -> dict[str, list[str]]:
    """What a form would hold that says of a resource what is said of it."""
    found: dict[str, list[str]] = {}
    for rule, _need in entered_rules(of):
        for value in resource.values.get(rule.property, ()):
            name = f"{prefix}{field_name(rule)}"
            if rule.range in (Range.TEXT, Range.WORDS):
                name = f"{name}.{getattr(value, 'language', None) or ''}"
            found.setdefault(name, []).append(str(value).removeprefix("mailto:"))
    return found


def triples_of(subject: URIRef, values: Values) -> Iterator[Triple]:
    """A resource as statements."""
    for wanted, found in values.items():
        for value in found:
            yield subject, wanted, value


def lines_of(triples: Iterable[Triple]) -> list[bytes]:
    """Statements as lines of N-Triples."""
    return [line.encode() for line in to_lines(triples)]


def period_of(subject: URIRef, given: Given) -> Filled:
    """The time that data is about, of ``temporal.start`` and ``temporal.end``."""
    days: set[Triple] = set()
    problems = []
    for name, wanted in (("start", DCAT.startDate), ("end", DCAT.endDate)):
        for value in _clean(given.get(f"temporal.{name}", ())):
            try:
                days.add((subject, wanted, _date(None, value, "")))
            except ValueRefusedError as refused:
                problems.append((f"temporal.{name}", str(refused)))
    known = {wanted: str(value) for _, wanted, value in days}
    if len(known) == 2 and known[DCAT.startDate] > known[DCAT.endDate]:
        problems.append(("temporal.end", _("The last day is before the first one.")))
    is_any = {(subject, RDF.type, DCT.PeriodOfTime)} if days else set()
    return Filled(frozenset(days | is_any), tuple(problems))


def missing_of(resource: Resource, of: URIRef) -> list[Rule]:
    """The mandatory properties of a class that a resource lacks."""
    return [
        rule
        for rule, need in entered_rules(of)
        if need is Need.MANDATORY and not resource.values.get(rule.property)
    ]


def day_of(text: str) -> Literal:
    """A day as people fill it in. Raises ValueRefusedError."""
    return _date(None, text, "")


def _reader(rule: Rule) -> "_Reader":
    """What makes a value of a text; entries of the same catalog are named by their address."""
    return _link if rule.property in OWN else _READERS[rule.range]


def _values(rule: Rule, given: Given, prefix: str) -> Iterator[tuple[str, str]]:
    """The names and texts that were filled in for a property."""
    own = f"{prefix}{field_name(rule)}"
    spoken = rule.range in (Range.TEXT, Range.WORDS)
    names = [n for n in given if n.startswith(f"{own}.")] if spoken else [own]
    for name in sorted(names):
        texts = _clean(given.get(name, ()))
        yield from ((name, text) for text in (_split(rule, texts) if rule.most != 1 else texts))


def _split(rule: Rule, texts: Iterable[str]) -> Iterator[str]:
    """Values that stand one a line, keywords also with commas between."""
    if rule.range is Range.TEXT:
        yield from texts
        return
    ends = r"[\n,]" if rule.range is Range.WORDS else r"\n"
    for text in texts:
        yield from _clean(re.split(ends, text))


def _clean(texts: Iterable[str]) -> list[str]:
    """What is not empty, once."""
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))[:MOST]


def _spoken(_rule: Rule | None, text: str, language: str) -> Literal:
    if len(text) > LONGEST:
        raise ValueRefusedError(_("Use at most %(most)s characters.", most=LONGEST))
    if not is_tag(language):
        raise ValueRefusedError(_("%(language)s is no language.", language=language))
    return Literal(text, lang=language)


def _plain(_rule: Rule | None, text: str, _language: str) -> Literal:
    if len(text) > LONGEST:
        raise ValueRefusedError(_("Use at most %(most)s characters.", most=LONGEST))
    return Literal(text)


def _address(_rule: Rule | None, text: str, _language: str) -> URIRef:
    if not (_WEB.match(text) and is_iri(text)):
        raise ValueRefusedError(_("Write an address that begins with https:// and has no spaces."))
    return URIRef(text)


def _link(_rule: Rule | None, text: str, _language: str) -> URIRef:
    if ":" not in text or not is_iri(text):
        raise ValueRefusedError(_("Write an address, for example https://www.geonames.org/2673730"))
    return URIRef(text)


def _email(_rule: Rule | None, text: str, _language: str) -> URIRef:
    if not (_MAIL.match(text) and is_iri(text)):
        raise ValueRefusedError(_("Write an e-mail address, for example data@example.org"))
    return URIRef(f"mailto:{text}")


def _date(_rule: Rule | None, text: str, _language: str) -> Literal:
    try:
        return Literal(date.fromisoformat(text[:10]).isoformat(), datatype=XSD.date)
    except ValueError:
        raise ValueRefusedError(
            _("Write the day as year-month-day, for example 2026-03-01")
        ) from None


def _number(_rule: Rule | None, text: str, _language: str) -> Literal:
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise ValueRefusedError(_("Write a whole number."))
    return Literal(int(text), datatype=XSD.nonNegativeInteger)


def _code(rule: Rule | None, text: str, _language: str) -> URIRef:
    known = {str(code.iri) for code in CODES.get(rule.codes if rule else "", ())}
    if text not in known:
        raise ValueRefusedError(_("Choose one of the list."))
    return URIRef(text)


_Reader = Callable[[Rule | None, str, str], Identifier]
_READERS: dict[Range, _Reader] = {
    Range.TEXT: _spoken,
    Range.WORDS: _spoken,
    Range.PLAIN: _plain,
    Range.ADDRESS: _address,
    Range.EMAIL: _email,
    Range.DATE: _date,
    Range.NUMBER: _number,
    Range.CODE: _code,
    Range.LINK: _link,
}
